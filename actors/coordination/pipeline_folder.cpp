#include "actors/coordination/pipeline_folder.hpp"

#include <spdlog/spdlog.h>

#include <fstream>

#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"

namespace artel::coordination {
namespace fs = std::filesystem;

bool pipeline_folder::look() {
  std::map<fs::path, stamp> seen;
  std::error_code problem;
  for (fs::directory_iterator at(folder_, problem), end; !problem && at != end;
       at.increment(problem)) {
    const auto extension = at->path().extension();
    std::error_code none;
    if ((extension != ".yaml" && extension != ".yml") || !at->is_regular_file(none)) continue;
    const stamp of{at->last_write_time(none), at->file_size(none)};
    if (!none) seen[at->path()] = of;
  }
  if (problem) {  // what was read before stays: a share may be away for a while
    const auto text = folder_.string() + ": can not be read (" + problem.message() + ")";
    return text != std::exchange(problem_, text);
  }
  bool changed = !std::exchange(problem_, {}).empty();
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

void pipeline_folder::read_file(const fs::path& path, known_file& to) const {
  const auto compiled = [&](const std::string& from) -> outcome<pipeline_file> {
    auto text = config::read_text_file(from);
    if (!text) return text.error();
    auto plan = compile(*text, path.string());
    if (!plan) return plan.error();
    return pipeline_file{path.string(), *std::move(text), *std::move(plan)};
  };
  auto made = compiled(path.string());
  if (made) {
    to.problem.clear();
    to.good = *std::move(made);
    return keep_copy(path, to.good.text);
  }
  if (to.good.plan == nullptr)
    if (auto before = compiled((copies_ / path.filename()).string())) to.good = *std::move(before);
  to.problem = made.error().text + (to.good.plan == nullptr
                                        ? "; it has never been good, so nothing of it runs"
                                        : "; its last good text is used until it is mended");
}

void pipeline_folder::keep_copy(const fs::path& path, const std::string& text) const {
  const auto to = copies_ / path.filename();
  const auto fresh = fs::path(to.string() + ".new");
  std::error_code problem;
  fs::create_directories(copies_, problem);
  bool written = false;
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    written = out.write(text.data(), static_cast<std::streamsize>(text.size())).flush().good();
  }
  if (written) fs::rename(fresh, to, problem);
  if (!written || problem)
    spdlog::warn("pipeline_not_copied file=\"{}\" reason=\"{} can not be written\"", path.string(),
                 to.string());
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
