#include "actors/work/folders.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace artel::work {

outcome<descriptor> open_below(const std::filesystem::path& base,
                               const std::filesystem::path& relative, bool make) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  auto path = base;
  const auto fail = [&](int problem) {
    if (problem == ENOENT) return trouble{trouble_code::not_found, path.string() + ": is missing"};
    const bool link = problem == ELOOP || problem == ENOTDIR;
    return trouble{trouble_code::io_error,
                   path.string() + ": can not be opened as a folder: " + std::strerror(problem) +
                       (link ? " (outputs are not published through links)" : "")};
  };
  descriptor at(::open(base.c_str(), flags));
  if (!at) return fail(errno);
  for (const auto& name : relative) {
    if (name.empty() || name == ".") continue;
    path /= name;
    descriptor next(::openat(at.get(), name.c_str(), flags | O_NOFOLLOW));
    if (!next && errno == ENOENT && make) {
      if (::mkdirat(at.get(), name.c_str(), 0777) != 0 && errno != EEXIST) return fail(errno);
      next = descriptor(::openat(at.get(), name.c_str(), flags | O_NOFOLLOW));
    }
    if (!next) return fail(errno);
    at = std::move(next);
  }
  return at;
}

}  // namespace artel::work
