// The native steps of the configuration analysis, as pipelines name them: edt.parse, then
// edt.listing, edt.architecture, edt.ml_dataset, edt.dependencies and edt.best_practices side by
// side, then edt.documentation.
#pragma once

#include "actors/native_step.hpp"

namespace artel {

void offer_analysis_steps(native_step_registry& registry);

namespace analysis {

outcome<step_result> parse_step(const step_input& input, step_monitor& monitor);
outcome<step_result> listing_step(const step_input& input, step_monitor& monitor);
outcome<step_result> architecture_step(const step_input& input, step_monitor& monitor);
outcome<step_result> ml_dataset_step(const step_input& input, step_monitor& monitor);
outcome<step_result> dependencies_step(const step_input& input, step_monitor& monitor);
outcome<step_result> best_practices_step(const step_input& input, step_monitor& monitor);
outcome<step_result> documentation_step(const step_input& input, step_monitor& monitor);

}  // namespace analysis
}  // namespace artel
