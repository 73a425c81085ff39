// Reads one module: declarations, statements, calls, metadata named in code, and the two complexity
// measures, in a single pass. Any bytes give a result; what is not BSL becomes syntax errors with
// line and column, and reading goes on at the next statement. Nesting of statements is kept on the
// heap and nesting of expressions is limited, so no text overflows the stack.
#pragma once

#include <string_view>

#include "actors/analysis/bsl/tokens.hpp"

namespace artel::analysis::bsl {

inline constexpr std::size_t syntax_errors_max = 1000;    // per module; the rest is only counted
inline constexpr unsigned expression_nesting_max = 1000;  // about 300 KiB of stack

inline constexpr std::size_t column_bytes_max = 1U
                                                << 16U;  // farther right, columns count from there

/// The text without its byte order mark.
std::string_view without_byte_order_mark(std::string_view text);

/// True for the images that the platform stores instead of the text of a protected module.
bool is_protected_image(std::string_view bytes);

/// `text` has no byte order mark and is shorter than 4 GiB.
/// `log`, when given, is cleared and filled.
module_syntax parse_module(std::string_view text, token_log* log = nullptr);

}  // namespace artel::analysis::bsl
