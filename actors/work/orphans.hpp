// Processes that lost their parent. Worker nodes and step hosts are subreapers: what a dead child
// of theirs had started becomes theirs, and is ended here.
#pragma once

#include <sys/types.h>

#include <set>

namespace artel::work {

/// Kills every process that descends from this one and not through a child in `known`, and reaps
/// its own children among them. Waits for their ends, but no longer than a second: one that may not
/// be killed (it runs as another user now) or that hangs in the kernel is left, and reaped some
/// other time. Returns how many are left.
std::size_t kill_orphans(const std::set<pid_t>& known);

/// Reaps children that have ended, but those in `known`.
void reap_orphans(const std::set<pid_t>& known);

}  // namespace artel::work
