// Rules that need nothing but one module: looked at while the module is parsed, so that no later
// step reads the text again and an unchanged module is not looked at twice. All rules are looked
// at, whichever are switched on later: the snapshot does not know who will read it.
#pragma once

#include <string_view>
#include <vector>

#include "actors/analysis/bsl/tokens.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

/// What a rule sees of one module.
struct module_view {
  const module_entry& entry;  ///< id, type and syntax are filled in
  std::string_view text;
  const bsl::token_log& log;
};

/// What all rules found in the module, and where its comments switch rules off.
struct module_review {
  std::vector<module_finding> findings;  ///< by line, place, rule
  std::vector<module_suppression> suppressed;
};

inline constexpr std::size_t findings_per_module_max = 20'000;  // the rest is left out

module_review look_at_module(const module_view& from);

}  // namespace artel::analysis
