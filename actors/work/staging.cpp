#include "actors/work/staging.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

void discard_earlier(const fs::path& output, const attempt_ref& ref) {
  auto earlier = ref;
  // Attempts are few; those long past were discarded when the next one began.
  for (int turn = 0; turn < 8 && --earlier.attempt > 0; ++turn) {
    std::error_code problem;
    fs::remove_all(staging_folder(output, earlier), problem);
  }
}

outcome<done> publish(const fs::path& staging, const fs::path& output,
                      const std::atomic<bool>& stop) {
  std::error_code problem;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator walk(staging, problem);
  if (problem) return io_trouble(staging, problem, "the staged outputs can not be read");
  for (const auto end = fs::recursive_directory_iterator(); walk != end; walk.increment(problem)) {
    if (problem) return io_trouble(staging, problem, "the staged outputs can not be read");
    if (!walk->is_directory(problem) || walk->is_symlink(problem)) files.push_back(walk->path());
  }
  std::sort(files.begin(), files.end());
  if (files.size() > files_synced_one_by_one_max) {
    if (auto good = sync_file_system(staging); !good) return good;
  } else {
    for (const auto& file : files)
      if (fs::is_regular_file(fs::symlink_status(file, problem)))
        if (auto good = sync_file(file); !good) return good;
  }
  for (const auto& file : files) {
    if (stop) return trouble{trouble_code::cancelled, "the node stops"};
    const auto target = output / file.lexically_relative(staging);
    fs::create_directories(target.parent_path(), problem);
    if (problem) return io_trouble(target.parent_path(), problem, "can not be made");
    fs::rename(file, target, problem);
    if (problem) return io_trouble(target, problem, "can not be replaced");
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
