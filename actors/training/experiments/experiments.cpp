#include "actors/training/experiments/experiments.hpp"

#include <algorithm>
#include <chrono>

#include "actors/training/models/model_folder.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_json(const fs::path& path) {
  const auto text = read_whole(path);
  return text ? json::parse(*text, nullptr, false) : json();
}

std::int64_t saved_ms(const fs::path& path) {
  std::error_code none;
  const auto time = std::chrono::file_clock::to_sys(fs::last_write_time(path, none));
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// As far as anything here is read without looking twice.
bool is_described(const json& about) {
  if (!about.is_object() || !about.contains("scores") || !about.at("scores").is_object())
    return false;
  for (const auto& [part, values] : about.at("scores").items())
    if (!values.is_object()) return false;
  const auto text = [&](const json& of, const char* key) {
    return !of.contains(key) || of.at(key).is_string();
  };
  return about.contains("headline") && about.at("headline").is_object() &&
         about.at("headline").contains("score") && text(about.at("headline"), "score") &&
         text(about, "task") && (!about.contains("data") || about.at("data").is_object()) &&
         (!about.contains("parameters") || about.at("parameters").is_object()) &&
         (!about.contains("notes") || about.at("notes").is_array());
}

void read_name(const fs::path& folder, std::vector<experiment>& into,
               std::vector<std::string>& damaged) {
  const auto service = version_in_service(folder);
  if (!service) damaged.push_back(service.error().text);
  const auto in_service = service ? *service : std::string();
  std::error_code none;
  for (const auto& each : fs::directory_iterator(folder, none)) {
    if (!fs::exists(each.path() / "artel.json", none)) continue;
    experiment one{folder.filename().string(),
                   each.path().filename().string(),
                   each.path(),
                   saved_ms(each.path() / "artel.json"),
                   false,
                   read_json(each.path() / "artel.json"),
                   read_json(each.path() / "run.json")};
    if (!is_described(one.about)) {
      damaged.push_back(each.path().string() + ": its artel.json can not be read");
      continue;
    }
    one.in_service = one.version == in_service;
    into.push_back(std::move(one));
  }
}

}  // namespace

json experiment::score(const char* part) const {
  const auto& told = about.at("scores");
  const auto key = about.at("headline").value("score", "");
  if (!told.contains(part) || !told.at(part).contains(key)) return {};
  return told.at(part).at(key);
}

outcome<std::vector<experiment>> list_experiments(const fs::path& models,
                                                  std::vector<std::string>& damaged) {
  std::error_code why;
  if (!fs::is_directory(models, why))
    return trouble{trouble_code::not_found,
                   models.string() + " is no folder of models; name it with --models"};
  std::vector<experiment> made;
  for (const auto& each : fs::directory_iterator(models, why))
    if (each.is_directory(why)) read_name(each.path(), made, damaged);
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) {
    return a.made_ms != b.made_ms ? a.made_ms > b.made_ms
           : a.name != b.name     ? a.name < b.name
                                  : a.version > b.version;
  });
  return made;
}

outcome<experiment> find_experiment(const fs::path& models, const std::string& name,
                                    const std::string& version) {
  std::vector<std::string> damaged;
  const auto all = list_experiments(models, damaged);
  if (!all) return all.error();
  std::vector<const experiment*> fit;
  for (const auto& each : *all)
    if (each.name == name && (version.empty() || each.version.starts_with(version)))
      fit.push_back(&each);
  if (fit.empty())
    return trouble{trouble_code::not_found, "no experiment '" + name + "'" +
                                                (version.empty() ? "" : " " + version) + " in " +
                                                models.string()};
  if (version.empty()) {
    for (const auto* each : fit)
      if (each->in_service) return *each;
    return *fit.front();
  }
  for (const auto* each : fit)
    if (each->version == version) return *each;
  if (fit.size() > 1)
    return bad_input("'" + version + "' is the beginning of " + std::to_string(fit.size()) +
                     " versions of '" + name + "'; give more of it");
  return *fit.front();
}

}  // namespace artel::training
