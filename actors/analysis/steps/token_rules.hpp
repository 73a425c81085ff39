// Rules that look at the lexemes of a text: credentials, dynamic code, labels, names that are never
// read, and comments that are code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/analysis/steps/rules.hpp"

namespace artel::analysis {

struct lexeme_finding {
  rule_id which;
  std::uint32_t line;  ///< in the text, from 1
  std::string detail;
};

std::vector<lexeme_finding> look_at_lexemes(std::string_view body);

/// Indexes of the names (folded) that the text never says.
std::vector<std::size_t> unused_names(std::string_view body, const std::vector<std::string>& names);

/// First lines of comment blocks that hold statements. `documentation`, in the order of the text,
/// is left out.
std::vector<std::uint32_t> commented_code(std::string_view text,
                                          const std::vector<bsl::span>& documentation);

/// `SELECT *` in a query's literal.
bool selects_all_fields(std::string_view literal);

}  // namespace artel::analysis
