// New rows against what a model in service was trained on. A window that is over the threshold
// alone is no alert: the one before it must have been as well.
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "actors/training/drift/reference.hpp"
#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

json json_of(const drift_score& of) {
  return {{"column", of.column},
          {"psi", of.psi},
          {"js", of.js},
          {"ks", of.ks},
          {"ks_p", of.ks_p},
          {"missing", of.missing},
          {"missing_before", of.missing_before}};
}

/// The folder of the version in service.
fs::path folder_of(const fs::path& models, const std::string& name) {
  const auto version = version_in_service(models / name);
  if (!version) throw data_mistake{version.error().text};
  if (version->empty())
    throw data_mistake{"no model '" + name + "' is in service in " + models.string() +
                       "; train one with ml_retrain first"};
  return models / name / *version;
}

/// The file that `data` names, or the table of that task in the newest snapshot of the feature
/// store.
std::string data_path(const step_options& options, task what) {
  if (const auto given = options.text("data"); !given.empty()) return given;
  const fs::path features = options.required("features");
  const auto text = read_whole(features / "latest.json");
  if (!text)
    throw data_mistake{"the feature store " + features.string() +
                       " has no snapshot; make one with feature_store first"};
  const auto latest = json::parse(*text, nullptr, false);
  const fs::path folder = latest.is_object() ? latest.value("folder", "") : "";
  return (folder / (std::string(task_names[static_cast<std::size_t>(what)]) + ".jsonl")).string();
}

/// What the last window said. The same rows again are the same window.
struct last_window {
  bool same_rows = false, drifted = false, drifted_before = false;
};

last_window window_before(const fs::path& report, const std::string& version,
                          const std::string& hash) {
  const auto text = read_whole(report);
  const auto read = text ? json::parse(*text, nullptr, false) : json();
  if (!read.is_object() || read.value("version", "") != version) return {};
  return {read.value("data_hash", "") == hash, read.value("drifts", false),
          read.value("drifted_before", false)};
}

std::string hash_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       XXH3_freeState);
  XXH3_64bits_reset(state.get());
  std::vector<char> buffer(1U << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0)
    XXH3_64bits_update(state.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  return std::to_string(XXH3_64bits_digest(state.get()));
}

/// The new rows, of which only what the model looks at is read: they need not know how they turn
/// out.
table open_rows(const saved_model& model, const std::string& path) {
  auto schema = schema_for(model.schema, path);
  if (model.what != task::recommendation)
    for (auto& each : schema.columns)
      if (each.role != column_role::feature) each.role = column_role::ignored;
  return load_table(path, schema, true);
}

outcome<step_result> check(const step_input& input, step_monitor& monitor) {
  const step_options options(input);
  const auto name = options.required("name");
  const double threshold = options.real("threshold", 0.15, 0, 100);
  const auto model = open_model(folder_of(options.required("models"), name));
  if (!model) return model.error();
  const auto before = reference_from(model->about.at("reference"));
  if (!before) return before.error();
  const auto path = data_path(options, model->what);
  const auto now = open_rows(*model, path);
  const auto hash = hash_of_file(path);
  const auto last = window_before(input.output / (name + ".json"), model->version, hash);
  const bool enough = now.rows() >= drift_rows_min && before->rows >= drift_rows_min;
  std::vector<drift_score> all;
  if (enough) all = drift_of(*before, now, *model->made);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.psi > b.psi; });
  auto columns = json::array(), over = json::array();
  for (const auto& each : all) {
    columns.push_back(json_of(each));
    if (each.psi > threshold) over.push_back(each.column);
  }
  const bool drifts = !over.empty();
  const bool drifted = last.same_rows ? last.drifted_before : last.drifted;
  const std::string verdict = !enough             ? "not enough data"
                              : !drifts           ? "none"
                              : drifts && drifted ? "alert"
                                                  : "warning";
  if (!enough)
    monitor.log(name + ": not enough data: " + std::to_string(now.rows()) + " rows now, " +
                std::to_string(before->rows) + " in training; at least " +
                std::to_string(drift_rows_min) + " of each are needed");
  else if (drifts)
    monitor.log(
        (drifted ? "ALERT " : "warning ") + name + ": " + over.dump() + " over PSI " +
        json(threshold).dump() +
        (drifted ? " for two windows in a row" : " in this window; an alert needs two in a row"));
  const json report{
      {"model", name},          {"version", model->version}, {"drift", verdict},
      {"drifts", drifts},       {"data_hash", hash},         {"drifted_before", drifted},
      {"threshold", threshold}, {"rows", now.rows()},        {"columns", columns}};
  if (auto put = write_whole(input.staging / (name + ".json"), report.dump(1) + "\n"); !put)
    return put.error();
  json result{{"model", name},
              {"version", model->version},
              {"rows", now.rows()},
              {"drift", verdict},
              {"psi_max", all.empty() ? json() : json(all.front().psi)},
              {"over", over}};
  if (verdict == "alert") {  // for the log, and the rule that hangs on it
    result["notice_kind"] = "model_drift";
    result["notice"] = "model " + name + " drifts: " + over.dump() + " over PSI " +
                       json(threshold).dump() + " for two windows in a row";
  }
  return result.dump();
}

}  // namespace

outcome<step_result> drift_step(const step_input& input, step_monitor& monitor) {
  try {
    return check(input, monitor);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  } catch (const json::exception& e) {
    return trouble{trouble_code::corrupt,
                   "a saved model can not be read: " + std::string(e.what())};
  }
}

}  // namespace artel::training
