#include "actors/work/store_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace artel::work {
namespace fs = std::filesystem;

trouble file_trouble(const std::string& shown, const std::string& what) {
  return {errno == ENOSPC ? trouble_code::unavailable : trouble_code::io_error,
          shown + ": " + what + ": " + std::strerror(errno)};
}

outcome<done> make_folder(const fs::path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) return ::chmod(path.c_str(), mode), done{};
  const int problem = errno;
  if (problem == EEXIST && fs::is_directory(path)) return done{};
  errno = problem;
  return file_trouble(path.string(), "can not be made");
}

void remove_tree(const fs::path& path) {
  std::error_code problem;
  fs::remove_all(path, problem);
  if (!problem) return;
  const auto open_up = [](const fs::path& folder, const auto& self) -> void {
    std::error_code none;
    ::chmod(folder.c_str(), 0700);
    for (const auto& one : fs::directory_iterator(folder, none))
      if (fs::is_directory(one.symlink_status(none))) self(one.path(), self);
  };
  open_up(path, open_up);
  fs::remove_all(path, problem);
}

}  // namespace artel::work
