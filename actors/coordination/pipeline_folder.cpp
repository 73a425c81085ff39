#include "actors/coordination/pipeline_folder.hpp"

#include <sys/stat.h>

#include <fstream>

#include "actors/coordination/compile.hpp"
#include "actors/logging/events.hpp"
#include "config/pipeline_file.hpp"

namespace artel::coordination {
namespace fs = std::filesystem;
namespace {

constexpr const char* identity_file = "folder";

bool is_pipeline_file(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

/// Device and number: a folder that is mounted has others than the one below it.
std::string identity_of(const fs::path& folder) {
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0) return {};
  return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) + "\n";
}

/// In one go, so that a kill leaves the old one or the new one.
bool write_whole(const fs::path& to, const std::string& text) {
  const auto fresh = fs::path(to.string() + ".new");
  std::error_code problem;
  fs::create_directories(to.parent_path(), problem);
  bool written = false;
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    written = out.write(text.data(), static_cast<std::streamsize>(text.size())).flush().good();
  }
  if (written) fs::rename(fresh, to, problem);
  return written && !problem;
}

}  // namespace

bool pipeline_folder::look() {
  std::map<fs::path, stamp> seen;
  std::error_code problem;
  for (fs::directory_iterator at(folder_, problem), end; !problem && at != end;
       at.increment(problem)) {
    std::error_code none;
    if (!is_pipeline_file(at->path())) continue;
    if (!at->is_regular_file(none) && !none) continue;
    stamp of;
    if (!none) of.at = at->last_write_time(none);
    if (!none) of.size = at->file_size(none);
    if (!none)
      seen[at->path()] = of;
    else if (const auto known = files_.find(at->path());
             known != files_.end() && none != std::errc::no_such_file_or_directory)
      seen[at->path()] = known->second.seen;  // it is there, though it can not be looked at now
  }
  // What was read before stays, also in an earlier life: a share may be away for a while, and then
  // there is an empty folder in its place, which is another one.
  std::string away;
  if (problem)
    away = "can not be read (" + problem.message() + ")";
  else if (seen.empty() && !known_folder().empty() && known_folder() != identity_of(folder_))
    away = "is another folder than before, and empty, as if it were not mounted";
  if (!away.empty()) {
    if (files_.empty()) read_copies();
    const auto text = folder_.string() + ": " + away + "; what was read last is used";
    return text != std::exchange(problem_, text);
  }
  bool changed = !std::exchange(problem_, {}).empty();
  note_folder();
  if (!std::exchange(looked_, true)) forget_copies(seen);
  for (auto one = files_.begin(); one != files_.end();) {
    if (seen.contains(one->first)) {
      ++one;
      continue;
    }
    fs::remove(copies_ / one->first.filename(), problem);
    one = files_.erase(one);
    changed = true;
  }
  for (const auto& [path, of] : seen) {
    const auto [known, fresh] = files_.try_emplace(path);
    if (!fresh && known->second.seen == of) continue;
    known->second.seen = of;
    read_file(path, known->second);
    changed = true;
  }
  return changed;
}

/// Of files that were removed while nobody looked.
void pipeline_folder::forget_copies(const std::map<fs::path, stamp>& seen) const {
  std::error_code problem;
  std::vector<fs::path> gone;
  for (fs::directory_iterator at(copies_, problem), end; !problem && at != end;
       at.increment(problem))
    if (is_pipeline_file(at->path()) && !seen.contains(folder_ / at->path().filename()))
      gone.push_back(at->path());
  for (const auto& each : gone) fs::remove(each, problem);
}

std::string pipeline_folder::known_folder() const {
  auto text = config::read_text_file((copies_ / identity_file).string());
  return text ? *std::move(text) : std::string();
}

void pipeline_folder::note_folder() const {
  if (const auto now = identity_of(folder_); now != known_folder())
    write_whole(copies_ / identity_file, now);
}

/// It was good once: whether all that it names is there now is seen when it is used.
outcome<pipeline_file> pipeline_folder::read_copy(const fs::path& path) const {
  auto text = config::read_text_file((copies_ / path.filename()).string());
  if (!text) return text.error();
  auto plan = recompile(*text, path.string());
  if (!plan) return plan.error();
  return pipeline_file{path.string(), *std::move(text), *std::move(plan)};
}

void pipeline_folder::read_copies() {
  std::error_code problem;
  for (fs::directory_iterator at(copies_, problem), end; !problem && at != end;
       at.increment(problem)) {
    const auto path = folder_ / at->path().filename();
    if (!is_pipeline_file(path)) continue;
    if (auto good = read_copy(path)) files_[path].good = *std::move(good);
  }
}

void pipeline_folder::read_file(const fs::path& path, known_file& to) const {
  auto text = config::read_text_file(path.string());
  auto plan = text ? compile(*text, path.string())
                   : outcome<std::shared_ptr<const core::graph>>(text.error());
  if (plan) {
    to.problem.clear();
    to.good = {path.string(), *std::move(text), *std::move(plan)};
    if (!write_whole(copies_ / path.filename(), to.good.text))
      logging::note(
          events::pipeline_not_copied,
          {{"file", path.string()}, {"reason", copies_.string() + " can not be written"}});
    return;
  }
  if (to.good.plan == nullptr)
    if (auto before = read_copy(path)) to.good = *std::move(before);
  to.problem = plan.error().text + (to.good.plan == nullptr
                                        ? "; it has never been good, so nothing of it runs"
                                        : "; its last good text is used until it is mended");
}

pipelines_read pipeline_folder::read() const {
  pipelines_read made;
  if (!problem_.empty()) made.problems.push_back(problem_);
  std::map<std::string, std::string> taken;
  for (const auto& [path, one] : files_) {
    if (!one.problem.empty()) made.problems.push_back(one.problem);
    if (one.good.plan == nullptr) continue;
    const auto& name = one.good.plan->definition.name;
    const auto [first, fresh] = taken.try_emplace(name, path.string());
    if (fresh)
      made.files.push_back(one.good);
    else
      made.problems.push_back(path.string() + ": its pipeline '" + name + "' is that of " +
                              first->second + "; give one of them another name");
  }
  return made;
}

}  // namespace artel::coordination
