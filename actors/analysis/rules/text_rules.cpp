// Rules about literals: texts for people, templates, format strings, and what should not stand in
// code at all: secrets, addresses, paths.
#include <algorithm>
#include <string>

#include "actors/analysis/rules/literals.hpp"
#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

constexpr std::size_t detail_text_max = 60;

std::string_view beginning(std::string_view text) {
  text = text.substr(0, line_end_at(text, 0));
  auto size = std::min(text.size(), detail_text_max);
  while (size > 0 && size < text.size() &&
         (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
    --size;
  return text.substr(0, size);
}

/// The literal that an argument is alone, directly or through NStr; `none` otherwise.
std::uint32_t literal_argument(const outline& code, std::uint32_t from, std::uint32_t to) {
  if (to == from + 1 && code.what(from) == lexeme::string) return from;
  if (to == from + 4 && code.known(from) == word::nstr && code.is_call(from) &&
      code.what(from + 2) == lexeme::string)
    return from + 2;
  return none;
}

void translation(const rule_context& in, std::uint32_t at) {
  const auto [from, to] = in.code.argument(at + 1, 0);
  if (to != from + 1 || in.code.what(from) != lexeme::string) return;
  const auto text = unquoted(in.code.word_text(from));
  if (!trimmed(text).empty() && !is_translated_text(text))
    in.add(rule_id::nstr_format, from, from, beginning(text));
}

void pattern(const rule_context& in, std::uint32_t at) {
  const auto [from, to] = in.code.argument(at + 1, 0);
  const auto literal = literal_argument(in.code, from, to);
  if (literal == none) return;
  const auto given = in.code.arguments(at + 1) - 1;
  const auto wanted = highest_placeholder(unquoted(in.code.word_text(literal)));
  if (wanted != given)
    in.add(rule_id::template_mismatch, at, in.code.match(at + 1),
           std::to_string(wanted) + " ≠ " + std::to_string(given));
}

void format(const rule_context& in, std::uint32_t at) {
  const auto [from, to] = in.code.argument(at + 1, 1);
  if (to != from + 1 || in.code.what(from) != lexeme::string) return;
  if (const auto wrong = unknown_format_key(unquoted(in.code.word_text(from))); !wrong.empty())
    in.add(rule_id::format_string, from, from, wrong);
}

void structure(const rule_context& in, std::uint32_t at) {
  if (!in.code.is_call(at)) return;
  auto values = in.code.arguments(at + 1);
  // An argument left out at the end gives no value.
  if (in.code.what(in.code.match(at + 1) - 1) == lexeme::comma) --values;
  if (values < 2) return;
  if (values - 1 > structure_values_max)
    in.add(rule_id::too_many_structure_values, at - 1, at, std::to_string(values - 1));
  const auto [from, to] = in.code.argument(at + 1, 0);
  if (to != from + 1 || in.code.what(from) != lexeme::string) return;
  const auto names = unquoted(in.code.word_text(from));
  const auto keys = static_cast<std::size_t>(std::count(names.begin(), names.end(), ',')) + 1;
  if (values - 1 > keys)
    in.add(rule_id::structure_mismatch, at - 1, in.code.match(at + 1),
           std::to_string(keys) + " ≠ " + std::to_string(values - 1));
}

void secret(const rule_context& in, std::uint32_t at) {
  if (at < in.from + 2) return;
  const auto text = unquoted(in.code.word_text(at));
  const auto before = in.code.what(at - 1);
  if (before == lexeme::equal && in.code.is_name(at - 2)) {
    const auto name = in.code.word_text(at - 2);
    if (names_a_secret(name) && looks_secret(text))
      in.add(rule_id::hard_coded_credentials, at, at, name);
  } else if (before == lexeme::comma && in.code.what(at - 2) == lexeme::string &&
             at >= in.from + 4 &&
             in.code.known(at - 4) == word::insert) {  // Structure.Insert("Password", "…")
    const auto name = unquoted(in.code.word_text(at - 2));
    if (names_a_secret(name) && looks_secret(text))
      in.add(rule_id::hard_coded_credentials, at, at, name);
  }
}

// Numbers of versions look like addresses: the words around them tell.
bool speaks_of_versions(const rule_context& in, std::uint32_t at) {
  constexpr std::uint32_t around = 12;
  auto from = at > in.from + around ? at - around : in.from;
  for (auto i = from; i < at; ++i)
    if (in.code.what(i) == lexeme::semicolon) from = i + 1;
  for (auto i = from; i < std::min(at + around, in.to); ++i) {
    if (in.code.what(i) == lexeme::semicolon && i > at) break;
    const auto folded = fold(in.code.word_text(i).substr(0, 200));
    for (const std::string_view each : {"верси", "version", "релиз", "release"})
      if (folded.find(each) != std::string::npos) return true;
  }
  return false;
}

void literal(const rule_context& in, std::uint32_t at) {
  constexpr std::size_t looked_at_max = 300;  // longer texts are messages and queries
  secret(in, at);
  const auto text = unquoted(in.code.word_text(at));
  if (text.size() < 4 || text.size() > looked_at_max) return;
  if (is_file_path(text)) in.add(rule_id::hard_coded_path, at, at, beginning(text));
  if (const auto address = network_address(text); !address.empty() && !speaks_of_versions(in, at))
    in.add(rule_id::hard_coded_address, at, at, address);
}

}  // namespace

void text_rules(const rule_context& in) {
  for (auto i = in.from; i < in.to; ++i) {
    if (in.code.what(i) == lexeme::string) {
      literal(in, i);
      continue;
    }
    switch (in.code.known(i)) {
      case word::nstr:
        if (in.code.is_call(i) && !in.code.after_dot(i)) translation(in, i);
        break;
      case word::str_template:
        if (in.code.is_call(i) && !in.code.after_dot(i)) pattern(in, i);
        break;
      case word::format:
        if (in.code.is_call(i) && !in.code.after_dot(i) && !in.own(word::format)) format(in, i);
        break;
      case word::structure:
        if (i > in.from && in.code.what(i - 1) == lexeme::new_) structure(in, i);
        break;
      default:
        break;
    }
  }
}

}  // namespace artel::analysis
