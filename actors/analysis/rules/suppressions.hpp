// Comments that switch rules off, in the three styles that 1C developers use; our own ids work in
// all of them, and what names no rule does nothing.
//
//   // BSLLS:MethodSize-off … // BSLLS:MethodSize-on    also -выкл, -вкл; without a key: all rules;
//                                                        behind code: that line only
//   //@skip-check query-in-loop, new-color               above a method: all of it; else the next
//                                                        statement; behind code: that line
//   // АПК:142-выкл … // АПК:142-вкл                     several in one comment; also ACC, -off,
//   -on
#pragma once

#include <vector>

#include "actors/analysis/rules/module_rules.hpp"

namespace artel::analysis {

inline constexpr std::size_t suppressions_per_module_max = 10'000;

/// Sorted by line.
std::vector<module_suppression> find_suppressions(const module_view& module);

}  // namespace artel::analysis
