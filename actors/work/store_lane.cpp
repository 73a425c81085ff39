#include "actors/work/store_lane.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>

#include "actors/work/store_files.hpp"

namespace artel::work {
namespace {
namespace fs = std::filesystem;

trouble io(const fs::path& path, const std::string& what) {
  return file_trouble(path.string(), what);
}

fs::path lock_of(const fs::path& store, const std::string& lane) {
  return store / "partial" / lane / "lock";
}

descriptor locked(const fs::path& file) {
  descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) lock.close();
  return lock;
}

/// Lanes of processes that are gone.
void clear_away(const fs::path& store, const std::string& own) {
  std::error_code problem;
  for (const auto& lane : fs::directory_iterator(store / "partial", problem)) {
    const auto name = lane.path().filename().string();
    if (name == own) continue;
    const auto lock = locked(lock_of(store, name));
    if (!lock) continue;
    std::error_code none;
    remove_tree(store / "attempts" / name);
    for (const auto& begun : fs::directory_iterator(lane.path(), none)) {
      const auto file = begun.path().filename();
      if (file != "lock" && !file.string().starts_with("put."))
        fs::rename(begun.path(), store / "partial" / own / file, none);
    }
    fs::remove_all(lane.path(), none);
  }
}

}  // namespace

outcome<store_lane> store_lane::take(const fs::path& store, const std::string& node) {
  store_lane made;
  std::error_code problem;
  made.store_ = fs::absolute(store, problem);
  for (const char c : node) made.name_ += c == '/' || c == '.' ? '_' : c;
  unsigned char chance[4];
  if (::getrandom(chance, sizeof chance, 0) != sizeof chance) return io(store, "no random bytes");
  made.name_ += '.';
  for (const auto c : chance)
    made.name_ += {"0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
  fs::create_directories(made.store_, problem);
  // One at a time: a lane that is made and not yet locked looks like one of a process that is gone.
  const descriptor turn(
      ::open((made.store_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!turn) return io(made.store_, "can not be used");
  while (::flock(turn.get(), LOCK_EX) != 0)
    if (errno != EINTR) return io(made.store_ / "lock", "can not be locked");
  const std::pair<fs::path, mode_t> folders[] = {{made.store_ / "blobs", 0700},
                                                 {made.store_ / "partial", 0700},
                                                 {made.store_ / "attempts", 0711},
                                                 {made.store_ / "partial" / made.name_, 0700},
                                                 {made.attempts(), 0711}};
  for (const auto& [path, mode] : folders)
    if (auto good = make_folder(path, mode); !good) return good.error();
  made.lock_ = locked(lock_of(made.store_, made.name_));
  if (!made.lock_) return io(lock_of(made.store_, made.name_), "can not be locked");
  clear_away(made.store_, made.name_);
  return made;
}

}  // namespace artel::work
