#include "actors/analysis/steps.hpp"

namespace artel {

void offer_analysis_steps(native_step_registry& registry) {
  registry["edt.parse"] = analysis::parse_step;
  registry["edt.listing"] = analysis::listing_step;
  registry["edt.architecture"] = analysis::architecture_step;
  registry["edt.ml_dataset"] = analysis::ml_dataset_step;
  registry["edt.dependencies"] = analysis::dependencies_step;
  registry["edt.best_practices"] = analysis::best_practices_step;
  registry["edt.documentation"] = analysis::documentation_step;
}

}  // namespace artel
