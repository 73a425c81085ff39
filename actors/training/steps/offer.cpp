#include "actors/training/steps.hpp"

namespace artel {

void offer_training_steps(native_step_registry& registry) {
  registry["ml.train"] = training::train_step;
  registry["ml.evaluate"] = training::evaluate_step;
  registry["ml.cleanup"] = training::cleanup_step;
  registry["ml.features"] = training::features_step;
  registry["ml.drift"] = training::drift_step;
  registry["ml.log"] = training::log_step;
}

}  // namespace artel
