// What operators and members come to; shared by the parts of the evaluation.
#pragma once

#include "actors/core/expression_part.hpp"

namespace artel::core {

/// Thrown within the evaluation only.
struct expression_mistake {
  std::string text;
  trouble_code code;
  bool missing() const { return code == trouble_code::not_found; }  ///< default() may stand in
};
[[noreturn]] void fail_expression(std::string text, bool missing = false);

/// For messages: short, and what kind of thing it is.
std::string shown(const any_value& one);
/// Refuses what is larger than expression_text_bytes_max, or expression_items_max.
any_value bounded(std::string text);
void bound_items(std::size_t items);

/// One of + - * / %.
any_value arithmetic(const std::string& sign, const any_value& a, const any_value& b);
/// a < b; `sign` for the message.
bool less(const std::string& sign, const any_value& a, const any_value& b);
/// One of == != < <= > >= in, not in.
bool compare(const std::string& sign, const any_value& a, const any_value& b);
const any_value& member(const any_value& of, const any_value& key);

}  // namespace artel::core
