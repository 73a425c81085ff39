// A disk that fails, behind SQLite's own door: a VFS in memory, so that the simulation runs the
// real journal with the real SQLite. What was written and not synced may vanish with the power, in
// any part and torn in the middle; the disk can be full, can do what it is asked and report
// failure, and can die at any given write.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/core/random.hpp"

namespace artel::simulation {

class disk {
public:
  explicit disk(core::random_source& chance) : chance_(chance) {}

  /// The disk that files opened from now on lie on. Registers the VFS as SQLite's default.
  static void use(disk* one);

  // Troubles.
  bool full = false;
  int fail_after_doing = 0;  ///< so many next writes or syncs happen and are reported as failed
  int die_after = -1;        ///< after so many more writes nothing is written any more; -1: never
  bool dead() const { return dead_; }

  /// The process died: its open files are gone, what it wrote is there.
  void process_died();
  /// The power failed: of what was not synced, any part may be there.
  void power_failed();
  /// The process starts again.
  void revive();

  std::uint64_t writes() const { return writes_; }

  // For the VFS.
  struct write {
    std::uint64_t offset;
    std::string data;  ///< empty and truncating: the file is cut at offset
    bool truncates = false;
  };
  struct file {
    std::string now;     ///< as the process sees it
    std::string synced;  ///< as it is on the platter
    std::vector<write> unsynced;
    std::vector<std::string> shared_memory;
  };
  std::map<std::string, std::shared_ptr<file>> files;
  /// SQLite's code for the next write: may it happen, and is it to be reported as failed?
  struct permission {
    bool happens;
    int code;
  };
  permission ask();
  void note(file& of, write what);
  static void sync(file& of);
  core::random_source& chance() { return chance_; }

private:
  core::random_source& chance_;
  bool dead_ = false;
  std::uint64_t writes_ = 0;
};

}  // namespace artel::simulation
