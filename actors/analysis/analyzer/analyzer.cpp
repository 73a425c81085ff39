#include "actors/analysis/analyzer/analyzer.hpp"

#include <filesystem>

#include "actors/actor_errors.hpp"

namespace artel::analysis {
namespace fs = std::filesystem;

std::string objection(const step_plan& plan) {
  std::error_code problem;
  if (plan.output.empty())
    return "step '" + plan.step + "': '" + plan.use + "' needs an 'output:' folder";
  if (fs::exists(plan.output, problem) && !fs::is_directory(plan.output, problem))
    return "output_path '" + plan.output + "' is a file; give a folder";
  if (plan.use != "edt.parse") return {};
  const auto path = plan.with.find("config_path");
  if (path == plan.with.end()) return {};
  const auto status = fs::status(path->second, problem);
  if (!fs::exists(status))
    return "config_path '" + path->second +
           "' does not exist on this node; give the folder of a 1C configuration (EDT project or "
           "Designer files)";
  if (!fs::is_directory(status))
    return "config_path '" + path->second +
           "' is not a folder; give the folder that holds the configuration";
  fs::directory_iterator look(path->second, problem);
  if (problem) return "config_path '" + path->second + "' can not be read: " + problem.message();
  return {};
}

caf::behavior analyzer::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [](admit_orders& asked) {
        orders_admitted said;
        std::vector<std::string> objections;
        for (const auto& plan : asked.what.plans) objections.push_back(objection(plan));
        for (const auto& order : asked.what.orders) {
          const auto& why = objections[order.plan];
          if (why.empty())
            said.accepted.orders.push_back(order);
          else
            said.rejected.push_back({asked.what.plans[order.plan].run, order.instance,
                                     order.attempt, ending::failed, false, why});
        }
        said.accepted.plans = std::move(asked.what.plans);
        return said;
      },
  };
}

}  // namespace artel::analysis
