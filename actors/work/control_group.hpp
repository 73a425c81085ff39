// Control groups (cgroup v2), where the system lets this node make some: a group per step host,
// which the kernel keeps within its limits and kills as a whole, whatever its processes have
// become. Elsewhere the worker watches instead; describe() says which. Invariant: a group is gone
// when its object is, processes included.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "messages/pipeline.hpp"

namespace artel::work {

class control_group {
public:
  explicit control_group(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~control_group();
  control_group(const control_group&) = delete;
  control_group& operator=(const control_group&) = delete;

  bool add(pid_t process) const;
  /// For the attempt that begins. Limits whose controller is not there are left to the watch.
  void limit(const attempt_limits& what) const;
  bool keeps_memory() const;
  bool keeps_cpu() const;
  /// Ends all processes in it at once.
  void kill() const;
  /// Processes that the kernel has killed here for want of memory.
  std::uint64_t killed_for_memory() const;

private:
  std::filesystem::path folder_;
};

class control_groups {
public:
  /// None: describe() says so.
  control_groups() = default;
  /// Below the group that this process is in. Ends what earlier nodes that are dead left there.
  static control_groups of_this_process();
  /// Below `base`, a cgroup v2 folder.
  static control_groups below(const std::filesystem::path& base, pid_t node);

  bool available() const { return !path_.empty(); }
  const std::string& describe() const { return describe_; }
  /// nullptr when none can be made.
  std::unique_ptr<control_group> make(const std::string& name) const;
  /// Takes the node's own group away when nothing is in it.
  void tidy_up() const;

private:
  /// The node's own, with those of its hosts below it. It can not go away with this object: the
  /// node itself may be in it. The next node takes away what stayed.
  std::filesystem::path path_;
  std::string describe_ = "no control groups";
};

}  // namespace artel::work
