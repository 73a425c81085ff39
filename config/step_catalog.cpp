#include "config/step_catalog.hpp"

namespace artel::config {

const std::vector<native_step_entry>& native_steps() {
  static const std::vector<native_step_entry> all{
      {"core.noop", {}, {}, "does nothing; measures the way"},
      {"core.sleep", {"duration"}, {"duration"}, "waits, reporting progress"},
      {"core.write", {"file", "text"}, {"file", "text"}, "writes a text file into its output"},
      {"core.fail", {"until_attempt", "text"}, {}, "fails until the given attempt"},
      {"core.crash", {"until_attempt"}, {}, "kills its own step host until the given attempt"},
      {"edt.parse",
       {"config_path", "skip_parse", "fresh", "shard", "shards"},
       {"config_path"},
       "parses a 1C configuration (EDT or Designer files), or one shard of it"},
      {"edt.listing", {}, {}, "objects and methods of the parsed configuration as JSON"},
      {"edt.architecture", {}, {}, "architecture of the parsed configuration"},
      {"edt.dependencies", {}, {}, "dependency graph of the parsed configuration"},
      {"edt.best_practices",
       {"lang", "baseline", "fail_on", "rules", "skip_vendor"},
       {},
       "best practices of the parsed configuration"},
      {"edt.ml_dataset", {}, {}, "machine-learning data set of its methods"},
      {"edt.documentation", {"lang"}, {}, "documentation of the parsed configuration"},
  };
  return all;
}

const native_step_entry* find_native_step(std::string_view name) {
  for (const auto& each : native_steps())
    if (each.name == name) return &each;
  return nullptr;
}

std::vector<std::string> native_step_names() {
  std::vector<std::string> names;
  for (const auto& each : native_steps()) names.push_back(each.name);
  return names;
}

}  // namespace artel::config
