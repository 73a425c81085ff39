// Candidates against the models in service, both on the candidate's held-out rows: promotes what is
// better by the margin, keeps the other. Which model is in service says
// <models>/<name>/in_service.json, replaced in one rename.
#include "actors/training/steps.hpp"
#include "actors/training/steps/contender.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

/// Why the candidate is kept out of service; empty when it is to be promoted.
std::string compare(const contender& candidate, const contender& other, double own, double margin,
                    json& told) {
  const double its = score_on_held_out(other, candidate);
  told["in_service_test"] = its;
  const double by = margin * std::abs(its);
  const bool better = candidate.headline.higher_is_better ? own > its + by : own < its - by;
  return better ? "" : "not better than the one in service by the margin";
}

json judge_candidate(const fs::path& models, const std::string& name, const std::string& version,
                     double margin) {
  const auto folder = models / name / version;
  if (!fs::exists(folder / "artel.json"))
    return {{"name", name}, {"why", "not trained in this run"}};
  const auto candidate = open_contender(folder);
  json made{{"name", name},
            {"score", candidate.headline.name},
            {"train", candidate.told("train")},
            {"baseline", candidate.told("baseline")},
            {"seconds", candidate.seconds()},
            {"candidate", version},
            {"promoted", false}};
  const double own = score_on_held_out(candidate, candidate);
  made["test"] = own;
  const auto service = version_in_service(models / name);
  if (!service) return made["why"] = service.error().text, made;
  const auto& in_service = *service;
  made["in_service"] = in_service;
  if (in_service == version)
    return made["promoted"] = true, made["why"] = "is in service already", made;
  const bool higher = candidate.headline.higher_is_better;
  if (const auto& trivial = made["baseline"];
      !trivial.is_number() || !(higher ? own > trivial.get<double>() : own < trivial.get<double>()))
    return made["why"] = "no better than its baseline", made;
  if (in_service.empty()) return made["promoted"] = true, made["why"] = "the first", made;
  // What is wrong with the candidate's rows keeps it out; what is wrong with the other, lets it in.
  try {
    check_held_out(candidate);
  } catch (const data_mistake& e) {
    return made["why"] = "its held-out rows are gone: " + e.text, made;
  }
  std::string why;
  try {
    const auto other = open_contender(models / name / in_service);
    if (!other.same_task_as(candidate))
      throw data_mistake{"the one in service is judged by another score"};
    why = compare(candidate, other, own, margin, made);
    if (other.about.value("split", json()) != candidate.about.value("split", json()))
      made["note"] =
          "the one in service divided its rows otherwise: it may have learnt some of these";
    made["promoted"] = why.empty();
    made["why"] = why.empty() ? "better than the one in service" : why;
  } catch (const data_mistake& e) {
    made["promoted"] = true;
    made["why"] = "the one in service can not be judged: " + e.text;
  }
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
    if (each.contains("note"))
      monitor.log("  " + each.at("name").get<std::string>() + ": " +
                  each.at("note").get<std::string>());
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
