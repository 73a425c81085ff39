#include "actors/analysis/steps/token_rules.hpp"

#include <algorithm>

#include "actors/analysis/bsl/lexer.hpp"
#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

using bsl::lexeme;

bool names_a_secret(std::string_view name) {
  const auto folded = fold(name);
  for (const std::string_view word : {"пароль", "password", "секретныйключ", "secretkey", "apikey",
                                      "accesstoken", "токендоступа"})
    if (folded == word || folded.ends_with(word)) return true;
  return false;
}

// Empty texts, masks and names of settings are no secrets.
bool looks_secret(std::string_view literal) {
  const auto inside =
      literal.size() >= 2 ? literal.substr(1, literal.size() - 2) : std::string_view{};
  if (inside.size() < 3 || inside.find_first_not_of('*') == std::string_view::npos) return false;
  if (inside.find_first_of(" .%<>=;&#\r\n\t") != std::string_view::npos) return false;
  return !names_a_secret(inside) &&
         inside.find_first_of("0123456789!@$^_-") != std::string_view::npos;
}

}  // namespace

std::vector<lexeme_finding> look_at_lexemes(std::string_view body) {
  std::vector<lexeme_finding> found;
  bsl::module_syntax ignored;
  bsl::lexer lexer(body, ignored);
  bsl::token before{};
  bsl::token last{};
  for (auto token = lexer.next(); token.what != lexeme::end_of_text; token = lexer.next()) {
    if (token.what == lexeme::string && last.what == lexeme::equal && before.what == lexeme::name) {
      const auto name = before.text().in(body);
      if (names_a_secret(name) && looks_secret(token.text().in(body)))
        found.push_back({rule_id::hard_coded_credentials, token.line, std::string(name)});
    }
    if (token.what == lexeme::execute && last.what != lexeme::dot)
      found.push_back({rule_id::dynamic_code, token.line, {}});
    if (token.what == lexeme::goto_ && last.what != lexeme::dot)
      found.push_back({rule_id::goto_statement, token.line, {}});
    before = last;
    last = token;
  }
  return found;
}

std::vector<std::size_t> unused_names(std::string_view body,
                                      const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::vector<bool> seen(names.size());
  bsl::module_syntax ignored;
  bsl::lexer lexer(body, ignored);
  bool after_dot = false;
  for (auto token = lexer.next(); token.what != lexeme::end_of_text; token = lexer.next()) {
    if (!after_dot && token.what >= lexeme::name &&
        (token.what == lexeme::name || token.what >= lexeme::procedure))
      for (std::size_t i = 0; i < names.size(); ++i)
        if (!seen[i] && same_name(token.text().in(body), names[i])) seen[i] = true;
    // Code in texts (Execute, Eval) may say any name.
    if (token.what == lexeme::execute && !after_dot) return {};
    after_dot = token.what == lexeme::dot;
  }
  std::vector<std::size_t> unused;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!seen[i]) unused.push_back(i);
  return unused;
}

std::vector<std::uint32_t> commented_code(std::string_view text,
                                          const std::vector<bsl::span>& documentation) {
  std::vector<std::uint32_t> found;
  std::uint32_t line = 0;
  bool in_block = false;
  std::size_t doc = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    ++line;
    const auto end = std::min(text.find_first_of("\r\n", at), text.size());
    auto content = trimmed(text.substr(at, end - at));
    at = end < text.size() && text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n'
             ? end + 2
             : end + 1;
    if (!content.starts_with("//")) {
      in_block = false;
      continue;
    }
    const auto offset = static_cast<std::size_t>(content.data() - text.data());
    while (doc < documentation.size() &&
           documentation[doc].offset + documentation[doc].length <= offset)
      ++doc;
    if (in_block || (doc < documentation.size() && documentation[doc].offset <= offset)) continue;
    content = trimmed(content.substr(2));
    // Prose rarely ends in a semicolon; a statement that parses without errors and assigns or calls
    // is code.
    if (!content.ends_with(';') || content.find_first_of("=(") == std::string_view::npos) continue;
    const auto parsed = bsl::parse_module(content);
    if (!parsed.errors.empty() || parsed.body.metrics.statements == 0) continue;
    found.push_back(line);
    in_block = true;
  }
  return found;
}

bool selects_all_fields(std::string_view literal) {
  std::size_t at = 0;
  const auto next_word = [&] {
    std::size_t from = at;
    while (from < literal.size() && !is_letter(decode(literal, from).value) && literal[from] != '*')
      from += decode(literal, from).size;
    at = from;
    if (at < literal.size() && literal[at] == '*') return ++at, std::string("*");
    while (at < literal.size() && is_letter(decode(literal, at).value))
      at += decode(literal, at).size;
    return fold(literal.substr(from, at - from));
  };
  bool selecting = false;
  for (auto word = next_word(); !word.empty(); word = next_word()) {
    if (word == "выбрать" || word == "select")
      selecting = true;
    else if (word == "*" && selecting)
      return true;
    else if (word != "различные" && word != "distinct" && word != "разрешенные" &&
             word != "allowed")
      selecting = false;
  }
  return false;
}

}  // namespace artel::analysis
