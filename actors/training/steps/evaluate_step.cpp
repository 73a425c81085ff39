// Candidates against the models in service, both on the candidate's held-out rows: promotes what is
// better by the margin, keeps the other. Which model is in service says
// <models>/<name>/in_service.json, replaced in one rename.
#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

/// The held-out rows of a candidate, as another model's schema reads them.
struct held_out {
  table data;
  std::vector<std::uint32_t> rows;
};

held_out rows_of(const saved_model& candidate, const table_schema& as) {
  const auto& split = candidate.about.at("split");
  if (const auto test = split.at("test_file").get<std::string>(); !test.empty()) {
    auto data = load_table(test, as, true);
    auto rows = all_rows(data);
    return {std::move(data), std::move(rows)};
  }
  const auto path = candidate.about.at("data").at("path").get<std::string>();
  const auto own = load_table(path, candidate.schema);
  const auto parts =
      split_rows(own, {split.at("test").get<double>(), split.at("validation").get<double>(),
                       split.at("by").get<std::string>(), split.at("column").get<std::string>(),
                       split.at("seed").get<std::uint64_t>()});
  if (!parts) throw data_mistake{parts.error().text};
  return {load_table(path, as, true), parts->test};
}

double score_of(const saved_model& of, const saved_model& candidate, const std::string& name) {
  const auto held = rows_of(candidate, of.schema);
  const auto said = of.made->evaluate(held.data, held.rows);
  if (!said) throw data_mistake{said.error().text};
  const auto found = said->find(name);
  if (found == said->end())
    throw data_mistake{"model " + of.name + " " + of.version + ": has no " + name +
                       " on the held-out rows"};
  return found->second;
}

json judge_candidate(const fs::path& models, const std::string& name, const std::string& version,
                     double margin) {
  const auto folder = models / name / version;
  if (!fs::exists(folder / "artel.json"))
    return {{"name", name}, {"why", "not trained in this run"}};
  auto candidate = open_model(folder);
  if (!candidate) return {{"name", name}, {"why", candidate.error().text}};
  const auto headline = candidate->made->headline();
  const auto& scores = candidate->about.at("scores");
  const auto stored = [&](const char* part) {
    return scores.at(part).contains(headline.name) ? scores.at(part).at(headline.name) : json();
  };
  json made{{"name", name},
            {"score", headline.name},
            {"train", stored("train")},
            {"baseline", stored("baseline")},
            {"candidate", version}};
  const double own = score_of(*candidate, *candidate, headline.name);
  made["test"] = own;
  if (const auto run = read_whole(folder / "run.json"))
    made["seconds"] = json::parse(*run, nullptr, false).value("seconds", 0.0);
  const auto better_than = [&](double other, double by) {
    return headline.higher_is_better ? own > other + by : own < other - by;
  };
  const auto service = read_whole(models / name / "in_service.json");
  const auto before = service ? json::parse(*service, nullptr, false) : json();
  const auto in_service = before.is_object() ? before.value("version", "") : "";
  made["promoted"] = false;
  if (in_service == version)
    return made["promoted"] = true, made["why"] = "is in service already", made;
  if (!made["baseline"].is_number() || !better_than(made["baseline"].get<double>(), 0))
    return made["why"] = "no better than its baseline", made["in_service"] = in_service, made;
  if (!in_service.empty()) {
    made["in_service"] = in_service;
    auto other = open_model(models / name / in_service);
    if (other && other->what == candidate->what) {
      const double its = score_of(*other, *candidate, headline.name);
      made["in_service_test"] = its;
      if (!better_than(its, margin * std::abs(its)))
        return made["why"] = "not better than the one in service by the margin", made;
    } else {
      made["note"] = other ? "the one in service is of another task" : other.error().text;
    }
  }
  made["promoted"] = true;
  made["why"] = in_service.empty() ? "the first" : "better than the one in service";
  return made;
}

/// One name's line of the table; what is wrong with one model does not keep the others from being
/// judged.
json judge(const fs::path& models, const std::string& name, const std::string& version,
           double margin) {
  try {
    return judge_candidate(models, name, version, margin);
  } catch (const data_mistake& e) {
    return {{"name", name}, {"why", e.text}};
  } catch (const json::exception& e) {
    return {{"name", name}, {"why", "can not be read: " + std::string(e.what())}};
  }
}

std::string cell(const json& value, int width) {
  char text[32];
  if (value.is_number())
    std::snprintf(text, sizeof text, "%*.4f", width, value.get<double>());
  else
    std::snprintf(text, sizeof text, "%*s", width, "-");
  return text;
}

void tell(const json& all, step_monitor& monitor) {
  char line[200];
  std::snprintf(line, sizeof line, "%-16s %-12s %10s %10s %10s %8s  %s", "model", "score", "train",
                "test", "baseline", "seconds", "");
  monitor.log(line);
  for (const auto& each : all) {
    const auto get = [&](const char* key) { return each.contains(key) ? each.at(key) : json(); };
    std::snprintf(line, sizeof line, "%-16s %-12s %s %s %s %s  %s",
                  each.at("name").get<std::string>().c_str(), each.value("score", "-").c_str(),
                  cell(get("train"), 10).c_str(), cell(get("test"), 10).c_str(),
                  cell(get("baseline"), 10).c_str(), cell(get("seconds"), 8).c_str(),
                  (std::string(each.value("promoted", false) ? "promoted: " : "kept: ") +
                   each.value("why", ""))
                      .c_str());
    monitor.log(line);
  }
}

outcome<step_result> evaluate(const step_input& input, step_monitor& monitor) {
  const step_options options(input);
  const auto version = options.required("version");
  const double margin = options.real("margin", 0, 0, 1);
  if (input.output.empty()) throw data_mistake{"ml.evaluate: needs an output, the models' folder"};
  auto all = json::array();
  std::size_t trained = 0, promoted = 0;
  for (const auto& name : options.list("models")) {
    if (monitor.cancelled()) return trouble{trouble_code::cancelled, "was cancelled"};
    auto told = judge(input.output, name, version, margin);
    trained += told.contains("test");
    if (told.value("promoted", false)) {
      ++promoted;
      const json service{{"version", version}, {"score", told["score"]}, {"value", told["test"]}};
      if (auto put = write_whole(input.staging / name / "in_service.json", service.dump(1) + "\n");
          !put)
        return put.error();
    }
    all.push_back(std::move(told));
  }
  tell(all, monitor);
  if (trained == 0)
    return trouble{trouble_code::not_found,
                   "none of the models was trained in this run (" + version + ")"};
  if (auto put = write_whole(input.staging / "evaluation.json", all.dump(1) + "\n"); !put)
    return put.error();
  return json{{"trained", trained}, {"promoted", promoted}, {"models", all}}.dump();
}

}  // namespace

outcome<step_result> evaluate_step(const step_input& input, step_monitor& monitor) {
  try {
    return evaluate(input, monitor);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
}

}  // namespace artel::training
