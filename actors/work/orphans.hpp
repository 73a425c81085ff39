// Processes that lost their parent. Worker nodes and step hosts are subreapers: what a dead child
// of theirs had started becomes theirs, and is ended here.
#pragma once

#include <sys/types.h>

#include <set>

namespace artel::work {

/// Kills and reaps every child of this process that is not in `known`, and what is handed down by
/// their deaths.
void kill_orphans(const std::set<pid_t>& known);

}  // namespace artel::work
