#include "actors/coordination/compile.hpp"

#include "actors/coordination/time_zones.hpp"
#include "config/parameters.hpp"
#include "config/pipeline_file.hpp"

namespace artel::coordination {
namespace {

std::optional<trouble> refuse_schedules(const pipeline_definition& of) {
  for (const auto& one : of.schedules) {
    const auto refuse = [&](const trouble& why) {
      return trouble{why.code, of.file + ':' + std::to_string(one.line) + ':' +
                                   std::to_string(one.column) + ": schedule '" + one.name +
                                   "': " + why.text};
    };
    if (const auto made = make_calendar(one); !made) return refuse(made.error());
    if (const auto params = config::resolve_params(of, one.params); !params)
      return refuse(params.error());
  }
  return std::nullopt;
}

}  // namespace

outcome<std::shared_ptr<const core::graph>> recompile(const std::string& text,
                                                      const std::string& file) {
  auto definition = config::read_pipeline(text, file);
  if (!definition) return definition.error();
  return core::build_graph(*std::move(definition));
}

outcome<std::shared_ptr<const core::graph>> compile(const std::string& text,
                                                    const std::string& file) {
  auto definition = config::read_pipeline(text, file);
  if (!definition) return definition.error();
  if (const auto wrong = refuse_schedules(*definition)) return *wrong;
  return core::build_graph(*std::move(definition));
}

}  // namespace artel::coordination
