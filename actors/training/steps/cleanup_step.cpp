// Removes experiments that are old enough, and never one in service.
#include <chrono>
#include <nlohmann/json.hpp>

#include "actors/training/models/model_folder.hpp"
#include "actors/training/steps.hpp"
#include "actors/training/steps/options.hpp"

namespace artel::training {
namespace {

namespace fs = std::filesystem;
const std::string removed_mark = ".removed-";

struct removed {
  std::uint64_t experiments = 0, kept = 0;
};

/// A folder of versions. Of the newest `keep` none is removed, old or not.
void clean(const fs::path& folder, fs::file_time_type before, std::size_t keep, removed& told,
           step_monitor& monitor) {
  const auto in_service = version_in_service(folder);
  if (!in_service) {
    monitor.log(in_service.error().text + "; nothing of it is removed");
    return;
  }
  std::vector<std::pair<fs::file_time_type, fs::path>> versions;
  std::error_code ended;
  for (const auto& each : fs::directory_iterator(folder, ended))
    if (each.path().filename().string().starts_with(removed_mark))
      fs::remove_all(each.path(), ended);  // a removal that was cut
    else if (std::error_code none; fs::exists(each.path() / "artel.json"))
      versions.emplace_back(fs::last_write_time(each.path() / "artel.json", none), each.path());
  std::sort(versions.rbegin(), versions.rend());
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const auto& [time, path] = versions[i];
    if (i < keep || time >= before || path.filename() == *in_service) {
      ++told.kept;
      continue;
    }
    // Out of everybody's sight in one rename, should this end in the middle.
    std::error_code why;
    const auto aside = folder / (removed_mark + path.filename().string());
    fs::rename(path, aside, why);
    if (!why) fs::remove_all(aside, why);
    if (why && fs::exists(path, ended))
      throw data_mistake{path.string() + " can not be removed: " + why.message()};
    monitor.log("removed " + path.string());
    ++told.experiments;
  }
}

}  // namespace

outcome<step_result> cleanup_step(const step_input& input, step_monitor& monitor) {
  try {
    const step_options options(input);
    const fs::path models = options.required("models");
    const auto days = options.real("older_than_days", 30, 0, 36'500);
    const auto keep = static_cast<std::size_t>(options.whole("keep", 1, 0, 1'000'000));
    const auto before =
        fs::file_time_type::clock::now() - std::chrono::duration_cast<fs::file_time_type::duration>(
                                               std::chrono::duration<double>(days * 86'400));
    removed told;
    if (fs::is_directory(models))
      for (const auto& each : fs::directory_iterator(models)) {
        if (monitor.cancelled()) return trouble{trouble_code::cancelled, "was cancelled"};
        if (each.path().filename().string().starts_with('.')) continue;
        if (std::error_code gone; each.is_directory(gone))
          clean(each.path(), before, keep, told, monitor);
      }
    return nlohmann::json{{"removed", told.experiments}, {"kept", told.kept}}.dump();
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  } catch (const fs::filesystem_error& e) {
    return trouble{trouble_code::io_error, e.what()};
  }
}

}  // namespace artel::training
