// An experiment in MLflow's terms: metrics, parameters, tags.
#include <fstream>

#include "actors/training/experiments/experiments.hpp"

namespace artel::training {
namespace {

using nlohmann::json;

std::string key_of(const std::string& name) {
  std::string made;
  for (const char each : name)
    made += (std::isalnum(static_cast<unsigned char>(each)) != 0) || each == '_' || each == '.' ||
                    each == '-'
                ? each
                : '_';
  return made;
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::vector<metric_point> metrics_of(const experiment& of) {
  std::vector<metric_point> made;
  for (const auto& [part, values] : of.about.at("scores").items())
    for (const auto& [key, value] : values.items())
      if (value.is_number()) made.push_back({key_of(part + "_" + key), value.get<double>(), 0});
  std::ifstream in(of.folder / "metrics.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto one = json::parse(line, nullptr, false);
    if (!one.is_object()) continue;
    const auto step = one.value("step", std::int64_t{0});
    for (const auto& [key, value] : one.items())
      if (key != "step" && value.is_number())
        made.push_back({key_of(key), value.get<double>(), step});
  }
  return made;
}

std::vector<std::pair<std::string, std::string>> parameters_of(const experiment& of) {
  std::vector<std::pair<std::string, std::string>> made;
  const auto parameters = of.about.value("parameters", json::object());
  for (const auto& [key, value] : parameters.items())
    made.emplace_back(key_of(key), text_of(value));
  if (!parameters.contains("seed"))
    made.emplace_back("seed", of.about.value("seed", json(0)).dump());
  return made;
}

std::vector<std::pair<std::string, std::string>> tags_of(const experiment& of) {
  return {
      {"mlflow.runName", of.version},       {"mlflow.user", "artel"},
      {"mlflow.source.name", "artel"},      {"mlflow.source.type", "LOCAL"},
      {"artel.version", of.version},        {"artel.task", of.about.value("task", "")},
      {"artel.folder", of.folder.string()}, {"artel.in_service", of.in_service ? "true" : "false"}};
}

std::int64_t began_ms(const experiment& of) {
  const auto seconds = of.run.is_object() ? of.run.value("seconds", 0.0) : 0.0;
  return of.made_ms - static_cast<std::int64_t>(seconds * 1'000);
}

}  // namespace artel::training
