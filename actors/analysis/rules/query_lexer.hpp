// Text of a query, inside a literal, to lexemes: quotes are doubled there, lines begin with `|`,
// and the text may be a fragment. Offsets are into the module's text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace artel::analysis {

enum class query_word : std::uint8_t {
  none,  ///< a name
  select,
  allowed,
  distinct,
  top,
  as,
  from,
  where,
  group,
  order,
  auto_order,
  totals,
  having,
  union_,
  all,
  join,
  left,
  right,
  inner,
  full,
  outer,
  on,
  and_,
  or_,
  not_,
  like,
  escape,
  into,
  index,
  drop,
  case_,
  when,
  then,
  else_,
  end,
  in,
  between,
  is,
  refs,
  for_
};

struct query_token {
  enum class sort : std::uint8_t { word, number, text, parameter, sign };
  sort what = sort::sign;
  query_word word = query_word::none;
  char sign = '\0';
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t line = 0;
};

/// Of the literal at `offset`, with its quotes; `line` is the one it begins in. `to` is cleared.
void read_query(std::string_view text, std::uint32_t offset, std::uint32_t length,
                std::uint32_t line, std::vector<query_token>& to);

}  // namespace artel::analysis
