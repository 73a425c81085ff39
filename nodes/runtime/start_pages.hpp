// What only starting needed: pages of programs and libraries, and of the heap.
#pragma once

namespace artel::nodes {

/// Gives back the pages of code and constants that this process has mapped from files and not
/// written to. They stay in the page cache; what is used again is mapped again by a minor fault,
/// 16 pages at a time. An idle node so holds what it works with (a third), not what dynamic linking
/// and option parsing have once passed. Any thread; others may run meanwhile.
void give_back_start_pages();

}  // namespace artel::nodes
