// The words of the language in both alphabets, and the lexemes they stand for. Look-up is by a hash
// of the folded name that the lexer computes while it scans, so a name costs one pass.
#pragma once

#include <cstdint>
#include <string_view>

namespace artel::analysis::bsl {

enum class lexeme : std::uint8_t {
  end_of_text,
  unknown,
  name,
  number,
  string,
  date,
  // words
  procedure,
  function,
  end_procedure,
  end_function,
  export_,
  val,
  var,
  if_,
  then,
  elsif,
  else_,
  end_if,
  for_,
  each,
  in,
  to,
  while_,
  do_,
  end_do,
  try_,
  except,
  end_try,
  raise,
  return_,
  continue_,
  break_,
  goto_,
  new_,
  execute,
  add_handler,
  remove_handler,
  and_,
  or_,
  not_,
  true_,
  false_,
  undefined,
  null,
  async,
  await,
  // signs
  plus,
  minus,
  star,
  slash,
  percent,
  equal,
  less,
  greater,
  less_equal,
  greater_equal,
  not_equal,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  comma,
  dot,
  colon,
  semicolon,
  question,
  tilde,
  ampersand
};

/// The folding that look-up expects: ASCII and Cyrillic letters small. FNV-1a over the folded
/// bytes.
inline constexpr std::uint64_t hash_seed = 14695981039346656037ULL;
constexpr std::uint64_t hash_step(std::uint64_t hash, unsigned char byte) {
  return (hash ^ byte) * 1099511628211ULL;
}

/// The lexeme of a folded word, or lexeme::name.
lexeme find_keyword(std::string_view folded, std::uint64_t hash);

/// Longest keyword in bytes: longer words are names.
inline constexpr std::size_t keyword_bytes_max = 40;

}  // namespace artel::analysis::bsl
