// The rules of good practice: what each is, and the findings of all rules over a snapshot. A rule
// looks at what the parser measured, at the graph of calls, or at the lexemes of a method; none of
// them looks at the sources again.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/analysis/index.hpp"

namespace artel::analysis {

struct rule {
  std::string_view id;
  std::string_view severity;  ///< blocker, critical, major, minor, info
  std::string_view title_ru;
  std::string_view title_en;
  unsigned standard;  ///< number of the vendor's development standard; 0 when there is none
};

enum class rule_id : std::uint8_t {
  syntax_error,
  empty_except,
  missing_export_doc,
  cyclomatic_complexity,
  cognitive_complexity,
  method_too_long,
  deep_nesting,
  too_many_parameters,
  query_in_loop,
  hard_coded_credentials,
  deprecated_call,
  commented_code,
  unused_parameter,
  unclosed_region,
  missing_regions,
  select_all_fields,
  dynamic_code,
  transaction_without_try,
  message_to_user,
  goto_statement,
  empty_method
};

std::span<const rule> all_rules();
const rule& rule_of(rule_id id);
/// Link to the standard; empty when the rule has none.
std::string standard_url(const rule& which);

struct finding {
  rule_id which;
  std::uint32_t module = 0;
  std::uint32_t method = no_method;
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  std::string detail_ru;
  std::string detail_en;
};

inline constexpr std::uint32_t cyclomatic_max = 20;
inline constexpr std::uint32_t cognitive_max = 15;
inline constexpr std::uint32_t method_lines_max = 200;
inline constexpr std::uint32_t nesting_max = 4;
inline constexpr std::size_t parameters_max = 7;
inline constexpr std::uint32_t lines_without_regions_max = 200;

/// In the order of modules and lines. `cancelled` is asked after each module; progress after each
/// as well.
std::vector<finding> find_all(const model_index& index,
                              const std::function<bool(std::uint32_t)>& go_on);

}  // namespace artel::analysis
