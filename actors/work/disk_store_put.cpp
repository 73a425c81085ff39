// What a step has made goes into the store. It lies where the step could write: no link is
// followed, and a file is first moved to where only this node may write, then looked at.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "actors/work/attempt_folder.hpp"
#include "actors/work/disk_store.hpp"
#include "actors/work/folders.hpp"
#include "actors/work/sha256.hpp"
#include "actors/work/store_files.hpp"

namespace artel::work {
namespace {
namespace fs = std::filesystem;

/// A copy that nobody else has a name for or an open descriptor of.
outcome<done> own_copy(const fs::path& file, const std::string& shown) {
  const auto copy = file.string() + ".copy";
  std::error_code problem;
  fs::copy_file(file, copy, problem);
  if (!problem) fs::rename(copy, file, problem);
  if (problem)
    return trouble{trouble_code::io_error, shown + ": can not be copied: " + problem.message()};
  return done{};
}

}  // namespace

outcome<folder_entry> disk_store::put_file(int folder, const std::string& name,
                                           const std::string& shown) {
  const auto own = partial("put." + std::to_string(++last_put_));
  if (::renameat(folder, name.c_str(), AT_FDCWD, own.c_str()) != 0)
    return file_trouble(shown, "can not be moved into the store");
  struct stat about {};
  if (::lstat(own.c_str(), &about) != 0) return file_trouble(shown, "can not be read");
  if (!S_ISREG(about.st_mode)) {
    ::unlink(own.c_str());
    return bad_input(shown + ": is no plain file; links and the like are not taken");
  }
  // Also of another user: a process of his may still have it open.
  if (about.st_nlink > 1 || about.st_uid != ::geteuid())
    if (auto good = own_copy(own, shown); !good) return good.error();
  descriptor file(::open(own.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno == EACCES && ::chmod(own.c_str(), 0400) == 0)
    file = descriptor(::open(own.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return file_trouble(shown, "can not be read");
  if (about.st_uid != ::geteuid() && ::fchown(file.get(), ::geteuid(), ::getegid()) != 0)
    return file_trouble(shown, "can not be taken over");
  sha256 sum;
  std::string buffer(std::clamp<off_t>(about.st_size, 1, 1 << 20), '\0');
  ssize_t got = 0;
  std::uint64_t size = 0;
  while ((got = ::read(file.get(), buffer.data(), buffer.size())) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_trouble(shown, "can not be read");
    sum.add(buffer.data(), static_cast<std::size_t>(got));
    size += static_cast<std::uint64_t>(got);
  }
  folder_entry made{(about.st_mode & 0111) != 0 ? 'x' : 'f', sum.hex(), size, name};
  if (has(made.hash)) return ::unlink(own.c_str()), made;
  ::fchmod(file.get(), 0444);
  ::futimens(file.get(), nullptr);  // its age may be that of an archive
  unsealed_.emplace_back(own, made.hash);
  return made;
}

outcome<done> disk_store::put_folder(const descriptor& folder, const std::string& below,
                                     std::vector<folder_entry>& list, const std::string& shown) {
  ::fchmod(folder.get(), 0700);                     // a step may have made it read-only
  std::vector<std::pair<std::string, bool>> names;  // and whether it is a folder
  auto* opened = ::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
  if (opened == nullptr) return file_trouble(shown, "can not be listed");
  while (const auto* entry = ::readdir(opened)) {
    const std::string name(entry->d_name);
    struct stat about {};
    if (name == "." || name == ".." ||
        ::fstatat(folder.get(), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    names.emplace_back(name, S_ISDIR(about.st_mode));
  }
  ::closedir(opened);
  std::sort(names.begin(), names.end());
  if (names.empty() && !below.empty()) list.push_back({'d', "-", 0, below});
  for (const auto& [name, is_folder] : names) {
    const auto path = below.empty() ? name : below + "/" + name;
    const auto said = shown + "/" + name;
    if (name.find('\n') != std::string::npos)
      return bad_input(said + ": a name with a line break can not be kept");
    if (list.size() >= folder_entries_max)
      return trouble{trouble_code::limit, shown + ": more than " +
                                              std::to_string(folder_entries_max) +
                                              " files; pack them into one"};
    if (is_folder) {
      const descriptor inner(
          ::openat(folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!inner) return file_trouble(said, "can not be opened");
      if (auto good = put_folder(inner, path, list, said); !good) return good;
      continue;
    }
    auto made = put_file(folder.get(), name, said);
    if (!made) return made.error();
    made->path = path;
    list.push_back(*std::move(made));
  }
  return done{};
}

/// What was moved becomes blobs, when its bytes are on the disk: a name in `blobs` is believed,
/// also after a loss of power. Many files are synced at once.
outcome<done> disk_store::seal_all() {
  const auto all = std::exchange(unsealed_, {});
  if (all.size() == 1) {
    const descriptor file(::open(all[0].first.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return file_trouble(all[0].first.string(), "can not be read");
    return seal_blob(all[0].first, file.get(), all[0].second);
  }
  if (all.empty()) return done{};
  const descriptor store(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!store || ::syncfs(store.get()) != 0)
    return file_trouble(folder_.string(), "can not be synced");
  for (const auto& [file, hash] : all) {
    const auto to = blob(hash);
    if (::mkdir(to.parent_path().c_str(), 0700) != 0 && errno != EEXIST)
      return file_trouble(to.parent_path().string(), "can not be made");
    if (::rename(file.c_str(), to.c_str()) != 0)
      return file_trouble(to.string(), "can not be put in place");
  }
  if (::syncfs(store.get()) != 0) return file_trouble(folder_.string(), "can not be synced");
  return done{};
}

outcome<artifact> disk_store::put(const attempt_ref& ref, const artifact_place& what) {
  unsealed_.clear();  // of one that failed; clear() removes the files
  const auto out = attempt_folder(attempts_, ref) / "out";
  const auto shown = "artifact '" + what.name + "'";
  const fs::path path(what.path);
  const auto parent = open_below(out, path.parent_path(), false);
  struct stat about {};
  const auto name = path.filename().string();
  if (!parent || ::fstatat(parent->get(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0)
    return bad_input(shown + " was not made: there is no $ARTEL_ARTIFACTS/" + what.path);
  if (!S_ISDIR(about.st_mode)) {
    auto made = put_file(parent->get(), name, shown);
    if (!made) return made.error();
    if (auto good = seal_all(); !good) return good.error();
    return artifact{what.name, made->hash, made->size, false, made->kind == 'x'};
  }
  const descriptor folder(
      ::openat(parent->get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return file_trouble(shown, "can not be opened");
  std::vector<folder_entry> list;
  if (auto good = put_folder(folder, {}, list, shown); !good) return good.error();
  if (auto good = seal_all(); !good) return good.error();
  const auto text = to_text(list);
  if (text.size() > folder_list_bytes_max)
    return trouble{trouble_code::limit, shown + ": the names of its files are longer than " +
                                            std::to_string(folder_list_bytes_max >> 20) +
                                            " MB; pack them into one"};
  auto hash = put_text(text);  // last: who has the list has the files
  if (!hash) return hash.error();
  std::uint64_t size = 0;
  for (const auto& one : list) size += one.size;
  return artifact{what.name, *std::move(hash), size, true, false};
}

outcome<std::string> disk_store::put_text(const std::string& text) {
  sha256 sum;
  sum.add(text.data(), text.size());
  auto hash = sum.hex();
  if (has(hash)) return hash;
  const auto own = partial("put." + std::to_string(++last_put_));
  const descriptor file(::open(own.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return file_trouble(own.string(), "can not be made");
  for (std::string_view left(text); !left.empty();) {
    const auto put = ::write(file.get(), left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return file_trouble(own.string(), "can not be written");
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  if (auto good = seal_blob(own, file.get(), hash); !good) return good.error();
  return hash;
}

}  // namespace artel::work
