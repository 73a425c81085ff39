// New rows against what a model in service was trained on. A window that is over the threshold
// alone is no alert: the one before it must have been as well.
#include <algorithm>
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

/// The model in service of a name, or the folder itself.
fs::path folder_of(const fs::path& models, const std::string& name) {
  const auto text = read_whole(models / name / "in_service.json");
  if (!text)
    throw data_mistake{"no model '" + name + "' is in service in " + models.string() +
                       "; train one with ml_retrain first"};
  const auto read = json::parse(*text, nullptr, false);
  return models / name / (read.is_object() ? read.value("version", "") : "");
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

outcome<step_result> check(const step_input& input, step_monitor& monitor) {
  const step_options options(input);
  const auto name = options.required("name");
  const double threshold = options.real("threshold", 0.15, 0, 100);
  const auto model = open_model(folder_of(options.required("models"), name));
  if (!model) return model.error();
  const auto before = reference_from(model->about.at("reference"));
  if (!before) return before.error();
  auto schema = model->schema;
  for (auto& each : schema.columns)  // new rows need not know what they turn out to be
    if (each.role != column_role::feature) each.role = column_role::ignored;
  if (model->what == task::recommendation) schema = model->schema;
  const auto path = data_path(options, model->what);
  const auto now = load_table(path, schema, true);
  json result{{"model", name}, {"version", model->version}, {"rows", now.rows()}};
  if (now.rows() < drift_rows_min || before->rows < drift_rows_min) {
    result["drift"] = "not enough data";
    monitor.log(name + ": not enough data: " + std::to_string(now.rows()) + " rows now, " +
                std::to_string(before->rows) + " in training; at least " +
                std::to_string(drift_rows_min) + " of each are needed");
    return result.dump();
  }
  auto all = drift_of(*before, now, *model->made);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.psi > b.psi; });
  auto columns = json::array();
  auto over = json::array();
  for (const auto& each : all) {
    columns.push_back(json_of(each));
    if (each.psi > threshold) over.push_back(each.column);
  }
  const bool drifts = !over.empty();
  const auto last = read_whole(input.output / (name + ".json"));
  const auto window = last ? json::parse(*last, nullptr, false) : json();
  const bool drifted = window.is_object() && window.value("drifts", false) &&
                       window.value("version", "") == model->version;
  result["psi_max"] = all.empty() ? 0.0 : all.front().psi;
  result["over"] = over;
  result["drift"] = drifts ? drifted ? "alert" : "warning" : "none";
  if (drifts)
    monitor.log(
        std::string(drifted ? "ALERT " : "warning ") + name + ": " + over.dump() + " over PSI " +
        json(threshold).dump() +
        (drifted ? " for two windows in a row" : " in this window; an alert needs two in a row"));
  const json report{{"model", name},          {"version", model->version},
                    {"drifts", drifts},       {"alert", drifts && drifted},
                    {"threshold", threshold}, {"rows", now.rows()},
                    {"columns", columns}};
  if (auto put = write_whole(input.staging / (name + ".json"), report.dump(1) + "\n"); !put)
    return put.error();
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
