#include "actors/work/staging.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "actors/work/folders.hpp"

namespace artel::work {
namespace fs = std::filesystem;
namespace {

trouble io_trouble(const fs::path& path, const std::error_code& why, const char* what) {
  return {trouble_code::io_error, path.string() + ": " + what + ": " + why.message()};
}

outcome<done> sync_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  const int problem = errno;
  if (file >= 0) ::close(file);
  if (good) return done{};
  return trouble{trouble_code::io_error,
                 path.string() + ": can not be synced: " + std::strerror(problem)};
}

// Of more files than this, the whole file system is synced at once: every fsync makes the disk
// empty its own cache, which for thousands of small files takes longer than writing them did.
constexpr std::size_t files_synced_one_by_one_max = 64;

outcome<done> sync_file_system(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = opened >= 0 && ::syncfs(opened) == 0;
  const int problem = errno;
  if (opened >= 0) ::close(opened);
  if (good) return done{};
  return trouble{trouble_code::io_error,
                 folder.string() + ": can not be synced: " + std::strerror(problem)};
}

}  // namespace

fs::path staging_folder(const fs::path& output, const attempt_ref& ref) {
  return output / ".artel" /
         (to_text(ref.run) + "." + std::to_string(ref.instance) + "." +
          std::to_string(ref.attempt));
}

outcome<done> make_staging(const fs::path& output, const attempt_ref& ref) {
  std::error_code problem;
  const auto staging = staging_folder(output, ref);
  fs::remove_all(staging, problem);
  outcome<descriptor> made = trouble{trouble_code::internal, ""};
  // Another attempt may take the common folder away, having emptied it, between two of our steps.
  for (int turn = 0; turn < 20; ++turn) {
    fs::create_directories(output, problem);
    if (problem) return io_trouble(output, problem, "the output folder can not be written");
    made = open_below(output, staging.lexically_relative(output), true);
    if (made) return done{};
    if (made.error().code != trouble_code::not_found) break;
  }
  return made.error();
}

namespace {

constexpr const char* fenced_mark = ".fenced.";

// Also what fences that were killed half way have left behind. More than once, since what still
// runs in there may add to it meanwhile.
void remove_fenced(const fs::path& output, const attempt_ref& ref) {
  const auto ours = to_text(ref.run) + "." + std::to_string(ref.instance) + ".";
  std::error_code ignored;
  std::vector<fs::path> found;
  for (fs::directory_iterator walk(output / ".artel", ignored), end; !ignored && walk != end;
       walk.increment(ignored)) {
    const auto name = walk->path().filename().string();
    if (name.rfind(ours, 0) == 0 && name.find(fenced_mark) != name.npos)
      found.push_back(walk->path());
  }
  for (const auto& each : found)
    for (int turn = 0; turn < 3; ++turn)
      if (fs::remove_all(each, ignored); !ignored) break;
}

}  // namespace

outcome<done> fence_earlier(const fs::path& output, const attempt_ref& ref) {
  auto earlier = ref;
  while (--earlier.attempt > 0) {
    const auto staging = staging_folder(output, earlier);
    // A name of its own for each who fences: what another has left behind must not be in the way.
    const auto fenced = staging.string() + fenced_mark + std::to_string(ref.attempt);
    std::error_code problem, ignored;
    fs::remove_all(fenced, ignored);
    fs::rename(staging, fenced, problem);
    if (problem && problem != std::errc::no_such_file_or_directory &&
        problem != std::errc::not_a_directory)
      return io_trouble(staging, problem,
                        "what an earlier attempt has staged can not be moved away");
  }
  if (ref.attempt > 1) remove_fenced(output, ref);
  return done{};
}

namespace {

/// What there is to publish, sorted.
struct staged {
  std::vector<fs::path> files;
  std::vector<fs::path> wholes;  ///< folders that go as they are
};

outcome<staged> list_staged(const fs::path& staging) {
  staged found;
  std::error_code problem;
  fs::recursive_directory_iterator walk(staging, problem);
  if (problem) return io_trouble(staging, problem, "the staged outputs can not be read");
  for (const auto end = fs::recursive_directory_iterator(); walk != end; walk.increment(problem)) {
    if (problem) return io_trouble(staging, problem, "the staged outputs can not be read");
    if (!walk->is_directory(problem) || walk->is_symlink(problem)) {
      found.files.push_back(walk->path());
    } else if (fs::exists(walk->path() / whole_folder_mark, problem)) {
      found.wholes.push_back(walk->path());
      walk.disable_recursion_pending();
    }
  }
  std::sort(found.files.begin(), found.files.end());
  std::sort(found.wholes.begin(), found.wholes.end());
  return found;
}

outcome<done> sync_staged(const staged& what, const fs::path& staging) {
  if (!what.wholes.empty() || what.files.size() > files_synced_one_by_one_max)
    return sync_file_system(staging);
  std::error_code problem;
  for (const auto& file : what.files)
    if (fs::is_regular_file(fs::symlink_status(file, problem)))
      if (auto good = sync_file(file); !good) return good;
  return done{};
}

/// A staged file or folder and the place that it is for, each as an open folder and a name in it.
struct move_of_one {
  descriptor from, to;
  std::string name;
  fs::path target;  ///< for messages
};

trouble can_not_replace(const move_of_one& what, int problem) {
  if (problem == ENOENT)
    return {trouble_code::io_error,
            what.target.string() + ": what was staged is gone: a newer attempt has taken over"};
  return io_trouble(what.target, std::error_code(problem, std::generic_category()),
                    "can not be replaced");
}

/// Opened anew for each: what a newer attempt has taken away must not be reached any more.
outcome<move_of_one> open_move(const fs::path& staged, const fs::path& staging,
                               const fs::path& output) {
  const auto inside = staged.lexically_relative(staging);
  move_of_one made;
  made.name = staged.filename();
  made.target = output / inside;
  auto from = open_below(output, staged.parent_path().lexically_relative(output), false);
  if (!from && from.error().code == trouble_code::not_found) return can_not_replace(made, ENOENT);
  if (!from) return from.error();
  auto to = open_below(output, inside.parent_path(), true);
  if (!to) return to.error();
  made.from = *std::move(from);
  made.to = *std::move(to);
  return made;
}

outcome<done> put_file(const move_of_one& what) {
  const auto* name = what.name.c_str();
  if (::renameat(what.from.get(), name, what.to.get(), name) == 0) return done{};
  return can_not_replace(what, errno);
}

// Swaps the two folders in one go, so that nobody sees neither; where the file system can not, the
// old one steps aside first, and comes back if the new one can not take its place.
outcome<done> put_whole(const move_of_one& what, const fs::path& folder) {
  const int from = what.from.get(), to = what.to.get();
  const auto* name = what.name.c_str();
  std::error_code ignored;
  ::unlinkat(from, (what.name + "/" + whole_folder_mark).c_str(), 0);
  if (::renameat2(from, name, to, name, RENAME_EXCHANGE) == 0) {
    fs::remove_all(folder, ignored);
    return done{};
  }
  if (errno == ENOENT) return put_file(what);  // nothing was published there, or nothing is staged
  const auto aside = ".artel-replaced." + what.name;
  fs::remove_all(what.target.parent_path() / aside, ignored);
  if (::renameat(to, name, to, aside.c_str()) != 0) return can_not_replace(what, errno);
  if (auto good = put_file(what); !good) {
    ::renameat(to, aside.c_str(), to, name);
    return good;
  }
  fs::remove_all(what.target.parent_path() / aside, ignored);
  return done{};
}

}  // namespace

outcome<done> publish(const fs::path& staging, const fs::path& output,
                      const std::atomic<bool>& stop) {
  const auto what = list_staged(staging);
  if (!what) return what.error();
  if (auto good = sync_staged(*what, staging); !good) return good;
  const trouble stopped{trouble_code::cancelled, "the node stops"};
  for (const auto* each : {&what->files, &what->wholes})
    for (const auto& one : *each) {
      if (stop) return stopped;
      auto move = open_move(one, staging, output);
      if (!move) return move.error();
      auto good = each == &what->files ? put_file(*move) : put_whole(*move, one);
      if (!good) return good;
    }
  discard(staging);
  return done{};
}

void discard(const fs::path& staging) {
  std::error_code problem;
  fs::remove_all(staging, problem);
  fs::remove(staging.parent_path(), problem);  // only when no other attempt is staged there
}

}  // namespace artel::work
