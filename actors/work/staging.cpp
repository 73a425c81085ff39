#include "actors/work/staging.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

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

outcome<done> make_staging(const fs::path& staging) {
  std::error_code problem;
  fs::remove_all(staging, problem);
  // Another attempt may take the common folder away, having emptied it, between two of our steps.
  for (int turn = 0; turn < 20; ++turn) {
    fs::create_directories(staging, problem);
    if (problem != std::errc::no_such_file_or_directory) break;
  }
  if (problem) return io_trouble(staging, problem, "the output folder can not be written");
  return done{};
}

void fence_earlier(const fs::path& output, const attempt_ref& ref) {
  auto earlier = ref;
  while (--earlier.attempt > 0) {
    const auto staging = staging_folder(output, earlier);
    const auto fenced = staging.string() + ".fenced";
    std::error_code problem;
    fs::rename(staging, fenced, problem);
    fs::remove_all(fenced, problem);
  }
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

// Swaps the two folders in one go, so that nobody sees neither; where the file system can not, the
// old one steps aside first. The old one must not stay where staged files are looked for.
outcome<done> put_whole(const fs::path& folder, const fs::path& target) {
  std::error_code problem;
  fs::remove(folder / whole_folder_mark, problem);
  fs::create_directories(target.parent_path(), problem);
  if (problem) return io_trouble(target.parent_path(), problem, "can not be made");
  if (::renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(folder, problem);
    return done{};
  }
  if (!fs::exists(folder, problem))
    return trouble{trouble_code::io_error, folder.string() + ": a newer attempt has taken over"};
  if (fs::exists(fs::symlink_status(target, problem))) {
    fs::rename(target, folder.string() + ".replaced", problem);
    if (problem) return io_trouble(target, problem, "can not be replaced");
  }
  fs::rename(folder, target, problem);
  std::error_code ignored;
  fs::remove_all(folder.string() + ".replaced", ignored);
  if (problem) return io_trouble(target, problem, "can not be replaced");
  return done{};
}

}  // namespace

outcome<done> publish(const fs::path& staging, const fs::path& output,
                      const std::atomic<bool>& stop) {
  const auto what = list_staged(staging);
  if (!what) return what.error();
  if (auto good = sync_staged(*what, staging); !good) return good;
  const trouble stopped{trouble_code::cancelled, "the node stops"};
  std::error_code problem;
  for (const auto& file : what->files) {
    if (stop) return stopped;
    const auto target = output / file.lexically_relative(staging);
    fs::create_directories(target.parent_path(), problem);
    if (problem) return io_trouble(target.parent_path(), problem, "can not be made");
    fs::rename(file, target, problem);
    if (problem) return io_trouble(target, problem, "can not be replaced");
  }
  for (const auto& folder : what->wholes) {
    if (stop) return stopped;
    if (auto good = put_whole(folder, output / folder.lexically_relative(staging)); !good)
      return good;
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
