#include "config/step_catalog.hpp"

namespace artel::config {

namespace {

std::vector<native_step_entry> core_steps() {
  return {
      {"core.noop", {}, {}, "does nothing; measures the way"},
      {"core.sleep", {"duration"}, {"duration"}, "waits, reporting progress"},
      {"core.write", {"file", "text"}, {"file", "text"}, "writes a text file into its output"},
      {"core.fail", {"until_attempt", "text"}, {}, "fails until the given attempt"},
      {"core.crash", {"until_attempt"}, {}, "kills its own step host until the given attempt"},
  };
}

std::vector<native_step_entry> analysis_steps() {
  return {
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
      {"edt.documentation", {"lang", "report"}, {}, "documentation of the parsed configuration"},
  };
}

std::vector<native_step_entry> training_steps() {
  return {
      {"ml.train",
       {"task",
        "data",
        "test",
        "name",
        "version",
        "schema",
        "target",
        "query",
        "user",
        "item",
        "weight",
        "group",
        "id",
        "ignore",
        "split_by",
        "split_column",
        "time",
        "test_share",
        "validation_share",
        "split_seed",
        "seed",
        "threads",
        "parameters",
        "metrics"},
       {"task", "data", "version"},
       "trains, evaluates and saves a model"},
      {"ml.evaluate",
       {"models", "version", "margin"},
       {"models", "version"},
       "compares new models with those in service and promotes what is better"},
      {"ml.cleanup",
       {"models", "older_than_days", "keep"},
       {"models"},
       "removes old experiments, never one in service"},
      {"ml.features",
       {"dataset", "tables", "version", "keep"},
       {"version"},
       "a snapshot of feature tables with statistics"},
      {"ml.drift",
       {"name", "models", "data", "features", "threshold"},
       {"name", "models"},
       "compares new rows with what a model was trained on"},
      {"ml.log",
       {"models", "version", "server"},
       {"models", "server"},
       "sends experiments to an MLflow server"},
  };
}

}  // namespace

const std::vector<native_step_entry>& native_steps() {
  static const auto all = [] {
    auto made = core_steps();
    for (const auto& more : {analysis_steps(), training_steps()})
      made.insert(made.end(), more.begin(), more.end());
    return made;
  }();
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
