// What a process and all that descend from it use, as /proc tells, and processes that an earlier
// life of this node has left behind.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace artel::work {

struct tree_usage {
  std::uint64_t memory_bytes = 0;  ///< proportional share of what is in memory, summed up
  std::uint64_t cpu_ms = 0;        ///< of the living, and of their dead children as far as reaped
  std::uint32_t processes = 0;
};

/// All descendants of `root`, and `root` itself when asked. What ends meanwhile is not counted.
tree_usage usage_of(pid_t root, bool with_root);

/// Which node started a process; every process below it inherits these in its environment.
struct node_mark {
  std::string node;
  std::string cluster;  ///< endpoint
  std::string process;  ///< identity_of_this_process()
  std::vector<std::string> environment() const;
};

/// "PID.START.NAMESPACE": a number is given again, and in another pid namespace it means another
/// process.
std::string identity_of_this_process();

/// Kills the processes that a node of this name and cluster has started whose own process is gone:
/// it and the step host above them were killed at once. Returns how many.
std::uint32_t end_leftovers(const node_mark& mine);

}  // namespace artel::work
