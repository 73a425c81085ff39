// What a method's code looks like, in numbers: a hash that equal code shares, a sketch that similar
// code shares most of, and marks that copied passages share. Made once from the lexemes while a
// module is parsed; comments, blanks, case and the values of literals do not count.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/analysis/bsl/tokens.hpp"

namespace artel::analysis {

inline constexpr std::size_t sketch_size = 16;
inline constexpr std::uint32_t shingle_tokens = 5;       // of a sketch
inline constexpr std::uint32_t passage_tokens = 50;      // of a mark
inline constexpr std::uint32_t passage_window = 51;      // one mark in so many passages
inline constexpr std::uint32_t similar_tokens_min = 30;  // shorter methods are similar by chance

/// A method's code. `sketch` holds the least hash of the shingles that fall into each of 16 parts.
struct method_shape {
  std::uint64_t exact = 0;  ///< the same code with the same literals
  std::uint32_t tokens = 0;
  std::array<std::uint32_t, sketch_size> sketch = {};  ///< 0: nothing fell there
  std::uint32_t unused = 0;
  friend bool operator==(const method_shape&, const method_shape&) = default;
};

/// A passage of `passage_tokens` lexemes. Copies of 100 lexemes or more share at least one mark.
struct copy_mark {
  std::uint64_t hash = 0;
  std::uint32_t method = 0;
  std::uint32_t token = 0;  ///< its first lexeme, counted from the method's body
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  friend bool operator==(const copy_mark&, const copy_mark&) = default;
};

/// 0 … 1: the part of two methods' shingles that they share, estimated.
double similarity(const method_shape& left, const method_shape& right);

struct module_shapes {
  std::vector<method_shape> shapes;  ///< by method
  std::vector<copy_mark> marks;      ///< by method, then token
  std::vector<std::uint64_t> named;  ///< hashes of names in texts (see `text_name_hash`), sorted
  friend bool operator==(const module_shapes&, const module_shapes&) = default;
};

/// `log` and `syntax` are of the same text.
module_shapes shapes_of(std::string_view text, const bsl::module_syntax& syntax,
                        const bsl::token_log& log);

/// Hash of a method's name in any case, as `module_shapes::named` has it.
std::uint64_t text_name_hash(std::string_view name);

}  // namespace artel::analysis
