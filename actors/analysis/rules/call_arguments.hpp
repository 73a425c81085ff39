// The arguments of one call, read from the text behind the method's name.
#pragma once

#include <string_view>
#include <vector>

#include "actors/analysis/bsl/module_syntax.hpp"

namespace artel::analysis {

inline constexpr std::size_t call_bytes_max = 1U << 16U;  // longer calls are not judged

struct call_arguments {
  bool read = false;         ///< the closing parenthesis was found
  std::vector<bool> filled;  ///< one per argument; false for one that is left out
};

call_arguments read_arguments(std::string_view text, const bsl::span& name);

}  // namespace artel::analysis
