// The native steps of training, as pipelines name them: ml.train trains, evaluates and saves a
// model; ml.evaluate compares models with those in service and promotes; ml.cleanup removes old
// experiments; ml.features makes tables of the analysis data set; ml.drift compares new data with a
// model's reference;
// ml.log sends experiments to an MLflow server.
#pragma once

#include "actors/native_step.hpp"

namespace artel {

void offer_training_steps(native_step_registry& registry);

namespace training {

outcome<step_result> train_step(const step_input& input, step_monitor& monitor);
outcome<step_result> evaluate_step(const step_input& input, step_monitor& monitor);
outcome<step_result> cleanup_step(const step_input& input, step_monitor& monitor);
outcome<step_result> features_step(const step_input& input, step_monitor& monitor);
outcome<step_result> drift_step(const step_input& input, step_monitor& monitor);
outcome<step_result> log_step(const step_input& input, step_monitor& monitor);

}  // namespace training
}  // namespace artel
