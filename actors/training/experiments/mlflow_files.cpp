// MLflow's file store, as its own clients read it: mlruns/<experiment>/meta.yaml,
// <experiment>/<run>/meta.yaml, metrics/<key> ("ms value step"), params/, tags/, artifacts/. A run
// is written beside its place and renamed there, so that no reader sees half of one.
#include <xxhash.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "actors/training/experiments/experiments.hpp"
#include "actors/training/models/model_folder.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// 32 hex digits that always are the same for one name.
std::string run_id_of(const std::string& name) {
  const auto hash = XXH3_128bits(name.data(), name.size());
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

std::string experiment_id_of(const std::string& name) {
  return std::to_string(100'000'000'000'000'000ULL +
                        XXH3_64bits(name.data(), name.size()) % 800'000'000'000'000'000ULL);
}

std::string experiment_meta(const std::string& id, const std::string& name, const fs::path& folder,
                            std::int64_t ms) {
  std::ostringstream out;
  out << "artifact_location: " << quoted("file://" + folder.string()) << "\ncreation_time: " << ms
      << "\nexperiment_id: '" << id << "'\nlast_update_time: " << ms
      << "\nlifecycle_stage: active\nname: " << quoted(name) << "\n";
  return std::move(out).str();
}

std::string run_meta(const std::string& id, const std::string& experiment_id,
                     const fs::path& folder, const experiment& of) {
  std::ostringstream out;
  out << "artifact_uri: " << quoted("file://" + (folder / "artifacts").string())
      << "\nend_time: " << of.made_ms << "\nentry_point_name: ''\nexperiment_id: '" << experiment_id
      << "'\nlifecycle_stage: active\nrun_id: " << id << "\nrun_name: " << quoted(of.version)
      << "\nrun_uuid: " << id
      << "\nsource_name: artel\nsource_type: 4\nsource_version: ''\nstart_time: " << began_ms(of)
      << "\nstatus: 3\ntags: []\nuser_id: artel\n";
  return std::move(out).str();
}

void put(const fs::path& path, const std::string& text) {
  if (const auto done = write_whole(path, text); !done) throw done.error();
}

void put_metrics(const experiment& of, const fs::path& folder) {
  std::map<std::string, std::string> lines;
  for (const auto& each : metrics_of(of))
    lines[each.key] += std::to_string(of.made_ms) + " " + json(each.value).dump() + " " +
                       std::to_string(each.step) + "\n";
  for (const auto& [name, text] : lines) put(folder / "metrics" / name, text);
}

void put_run(const experiment& of, const fs::path& folder) {
  fs::create_directories(folder / "artifacts");
  fs::create_directories(folder / "metrics");
  fs::create_directories(folder / "params");
  put_metrics(of, folder);
  for (const auto& [name, value] : parameters_of(of)) put(folder / "params" / name, value);
  for (const auto& [name, value] : tags_of(of)) put(folder / "tags" / name, value);
  for (const auto* name : {"model.json", "artel.json"})
    if (fs::exists(of.folder / name)) fs::copy_file(of.folder / name, folder / "artifacts" / name);
}

}  // namespace

outcome<std::size_t> export_to_mlflow(const std::vector<experiment>& all, const fs::path& mlruns) {
  std::size_t written = 0;
  try {
    const auto top = fs::absolute(mlruns);
    for (const auto& each : all) {
      const auto experiment_id = experiment_id_of(each.name);
      const auto folder = top / experiment_id;
      if (!fs::exists(folder / "meta.yaml")) {
        put(folder / ".new-meta", experiment_meta(experiment_id, each.name, folder, each.made_ms));
        fs::rename(folder / ".new-meta", folder / "meta.yaml");
      }
      const auto id = run_id_of(each.name + "/" + each.version);
      if (fs::exists(folder / id / "meta.yaml")) continue;
      const auto beside = folder / (".new-" + id);
      fs::remove_all(beside);
      put_run(each, beside);
      put(beside / "meta.yaml", run_meta(id, experiment_id, folder / id, each));
      fs::rename(beside, folder / id);
      ++written;
    }
  } catch (const trouble& e) {
    return e;
  } catch (const fs::filesystem_error& e) {
    return trouble{trouble_code::io_error, e.what()};
  }
  return written;
}

}  // namespace artel::training
