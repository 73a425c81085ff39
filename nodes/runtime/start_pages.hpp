// Memory that a node holds and does not need: what only starting needed, and what large runs have
// left behind.
#pragma once

namespace artel::nodes {

/// Gives back the pages of code and constants that this process has mapped from files and not
/// written to. They stay in the page cache; what is used again is mapped again by a minor fault,
/// 16 pages at a time. An idle node so holds what it works with (a third), not what dynamic linking
/// and option parsing have once passed. Others may
/// run meanwhile, as long as nobody unloads a library.
void give_back_start_pages();

/// Gives back the heap's free pages, when there are many: of a run of a million instances that has
/// left memory the allocator keeps everything. Any thread.
void give_back_free_memory();

}  // namespace artel::nodes
