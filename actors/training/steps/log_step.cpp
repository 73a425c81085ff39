// Logs the experiments of a run to an MLflow server.
#include <nlohmann/json.hpp>

#include "actors/training/experiments/experiments.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {

outcome<step_result> log_step(const step_input& input, step_monitor& monitor) {
  try {
    const step_options options(input);
    const std::filesystem::path models = options.required("models");
    const auto server = options.required("server");
    const auto version = options.text("version");
    std::vector<std::string> damaged;
    auto all = list_experiments(models, damaged);
    if (!all) return all.error();
    for (const auto& each : damaged) monitor.log(each);
    if (!version.empty())
      std::erase_if(*all, [&](const auto& each) { return each.version != version; });
    const auto logged = log_to_mlflow(*all, server);
    if (!logged) return logged.error();
    return nlohmann::json{{"logged", *logged}, {"of", all->size()}}.dump();
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
}

}  // namespace artel::training
