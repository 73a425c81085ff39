// All findings over a snapshot: those of single modules, which the parse step left there, and those
// of the rules that need several modules. What comments suppress is left out; each finding has its
// place in lines and columns and a fingerprint that stays when lines move.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/analysis/index.hpp"
#include "actors/analysis/rules/selection.hpp"

namespace artel::analysis {

struct finding {
  rule_id which = rule_id::syntax_error;
  std::uint32_t module = 0;
  std::uint32_t method = no_method;
  bsl::span where;  ///< in the module's text; empty: the lines as a whole
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  std::uint32_t column_start = 0;  ///< in characters, from 1; 0: the lines as a whole
  std::uint32_t column_end = 0;    ///< one behind the last
  std::string detail;
  std::string fingerprint;
  bool in_baseline = false;
};

/// In the order of modules, lines and rules. `go_on` is asked before each module.
std::vector<finding> find_all(const model_index& index, const rule_selection& rules,
                              const std::function<bool(std::uint32_t)>& go_on);

/// Takes out what is in modules that the vendor has locked: nobody here can mend it.
void leave_out_vendor(std::vector<finding>& findings, const model_index& index);

}  // namespace artel::analysis
