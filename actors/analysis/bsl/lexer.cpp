#include "actors/analysis/bsl/lexer.hpp"

#include <algorithm>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis::bsl {
namespace {

bool digit(char value) { return value >= '0' && value <= '9'; }
bool line_end(char value) { return value == '\n' || value == '\r'; }

lexeme single_sign(char sign) {
  constexpr std::string_view signs = "+-*/%=<>()[],.:;?~&";
  constexpr lexeme lexemes[] = {
      lexeme::plus,       lexeme::minus,       lexeme::star,         lexeme::slash,
      lexeme::percent,    lexeme::equal,       lexeme::less,         lexeme::greater,
      lexeme::left_paren, lexeme::right_paren, lexeme::left_bracket, lexeme::right_bracket,
      lexeme::comma,      lexeme::dot,         lexeme::colon,        lexeme::semicolon,
      lexeme::question,   lexeme::tilde,       lexeme::ampersand};
  const auto at = signs.find(sign);
  return at == std::string_view::npos ? lexeme::unknown : lexemes[at];
}

}  // namespace

lexer::mark lexer::here() const {
  return {at_,
          line_,
          last_code_line_,
          last_comment_line_,
          region_,
          facts_->regions.size(),
          log_ == nullptr ? 0 : log_->tokens.size(),
          log_ == nullptr ? 0 : log_->comments.size(),
          facts_->counts,
          comment_};
}

void lexer::rewind(const mark& to) {
  at_ = to.at, line_ = to.line, region_ = to.region;
  last_code_line_ = to.last_code_line, last_comment_line_ = to.last_comment_line;
  facts_->regions.resize(to.regions);
  for (auto& each : facts_->regions)
    if (each.line_end > to.line)
      each.line_end = 0;  // closed later than the mark: it will be closed again
  facts_->counts = to.counts;
  comment_ = to.comment;
  unclosed_ = false;
  if (log_ == nullptr) return;
  log_->tokens.resize(std::min(to.tokens, log_->tokens.size()));
  log_->comments.resize(std::min(to.comments, log_->comments.size()));
}

token lexer::read() {
  comment_ = {};
  while (skip_trivia()) {
  }
  if (at_end()) {
    facts_->counts.lines = line_ - (text_.empty() || line_end(text_.back()) ? 1 : 0);
    return {lexeme::end_of_text, static_cast<std::uint32_t>(text_.size()), 0, line_, line_};
  }
  count_code_line();
  const char first = peek();
  if (digit(first)) return number();
  if (first == '"') return string();
  if (first == '\'') return date();
  if (static_cast<unsigned char>(first) >= 0x80 || is_letter(static_cast<char32_t>(first)))
    return word();
  return sign();
}

void lexer::count_code_line() {
  if (last_code_line_ != line_) ++facts_->counts.code_lines;
  last_code_line_ = line_;
}

token lexer::make(lexeme what, std::size_t from) {
  return {what, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(at_ - from), line_,
          line_};
}

// One piece of trivia; false when a lexeme or the end stands here.
bool lexer::skip_trivia() {
  skip_blanks();
  if (at_end()) return false;
  if (skip_line_end()) return true;
  if (peek() == '/' && peek(1) == '/') return comment(), true;
  if (peek() == '#') return preprocessor(), true;
  return false;
}

void lexer::skip_blanks() {
  while (!at_end()) {
    const char first = peek();
    if (first == ' ' || first == '\t') {
      ++at_;
    } else if (line_end(first) || static_cast<unsigned char>(first) > 0x20) {
      if (static_cast<unsigned char>(first) < 0x7F) return;
      const auto point = decode(text_, at_);
      if (!is_blank(point.value)) return;
      at_ += static_cast<std::uint32_t>(point.size);
    } else {
      ++at_;
    }
  }
}

// A lone CR ends a line as well: real modules hold it, and a comment must not swallow the next
// line.
bool lexer::skip_line_end() {
  if (peek() == '\r')
    at_ += peek(1) == '\n' ? 2 : 1;
  else if (peek() == '\n')
    ++at_;
  else
    return false;
  ++line_;
  return true;
}

void lexer::skip_to_line_end() {
  while (!at_end() && !line_end(text_[at_])) ++at_;
}

void lexer::comment() {
  const auto from = at_;
  skip_to_line_end();
  if (log_ != nullptr) log_->add({from, at_ - from, line_, last_code_line_ != line_});
  if (last_code_line_ == line_) return;  // behind code: neither a comment line nor documentation
  if (last_comment_line_ != line_) ++facts_->counts.comment_lines;
  last_comment_line_ = line_;
  if (comment_.line_end == 0 || comment_.line_end + 1 != line_) comment_.offset = from;
  comment_.length = at_ - comment_.offset;
  comment_.line_end = line_;
}

std::string lexer::preprocessor_word() {
  ++at_;  // #
  skip_blanks();
  const auto from = at_;
  while (!at_end() && is_letter(decode(text_, at_).value))
    at_ += static_cast<std::uint32_t>(decode(text_, at_).size);
  return fold(text_.substr(from, at_ - from));
}

void lexer::preprocessor() {
  if (at_ == 0 && peek(1) == '!') return skip_to_line_end();  // a script's first line
  count_code_line();
  const auto word = preprocessor_word();
  auto& counts = facts_->counts;
  if (word == "область" || word == "region")
    open_region();
  else if (word == "конецобласти" || word == "endregion")
    close_region();
  else if (word == "если" || word == "if")
    ++counts.preprocessor_if;
  else if (word == "иначеесли" || word == "elsif")
    ++counts.preprocessor_elsif;
  else if (word == "иначе" || word == "else")
    ++counts.preprocessor_else;
  else if (word == "удаление" || word == "delete")
    ++counts.deleted_blocks, skip_deleted();
  if (first_branches_only_ &&
      (word == "иначеесли" || word == "elsif" || word == "иначе" || word == "else"))
    skip_branches();
  skip_to_line_end();
}

void lexer::open_region() {
  const auto from = at_;
  skip_to_line_end();
  auto rest = text_.substr(from, at_ - from);
  rest = trimmed(rest.substr(0, rest.find("//")));
  const span name{static_cast<std::uint32_t>(rest.empty() ? from : rest.data() - text_.data()),
                  static_cast<std::uint32_t>(rest.size())};
  facts_->regions.push_back({name, line_, 0, region_});
  region_ = static_cast<std::uint32_t>(facts_->regions.size());
}

void lexer::close_region() {
  ++facts_->counts.region_ends;
  if (region_ == 0) return;
  auto& open = facts_->regions[region_ - 1];
  open.line_end = line_;
  region_ = open.parent;
}

// Text that an extension deletes is not live code; it ends at its own line.
void lexer::skip_deleted() {
  while (!at_end()) {
    skip_to_line_end();
    if (!skip_line_end()) return;
    skip_blanks();
    if (peek() != '#') continue;
    const auto word = preprocessor_word();
    if (word == "конецудаления" || word == "enddelete") return;
  }
}

// Stands on an #Else of the second reading: on to its #EndIf.
void lexer::skip_branches() {
  for (std::size_t open = 0; !at_end();) {
    skip_to_line_end();
    if (!skip_line_end()) return;
    skip_blanks();
    if (peek() != '#') continue;
    const auto word = preprocessor_word();
    if (word == "если" || word == "if")
      ++open;
    else if ((word == "конецесли" || word == "endif") && open-- == 0)
      return;
  }
}

token lexer::word() {
  const auto from = at_;
  char folded[keyword_bytes_max + 4];
  std::size_t size = 0;
  auto hash = hash_seed;
  const auto put = [&](unsigned byte) {
    if (size < keyword_bytes_max + 1) folded[size++] = static_cast<char>(byte);
    hash = hash_step(hash, static_cast<unsigned char>(byte));
  };
  const auto put_long = [&](char32_t value) {  // no keyword has such letters
    size = keyword_bytes_max + 1;
    for (unsigned shift = 0; shift < 24; shift += 8)
      hash = hash_step(hash, static_cast<unsigned char>(value >> shift));
  };
  while (!at_end()) {
    const auto first = static_cast<unsigned char>(peek());
    if (first < 0x80) {
      if (first >= 'A' && first <= 'Z')
        put(first + 32U);
      else if (is_letter(first) || (digit(peek()) && at_ != from))
        put(first);
      else
        break;
      ++at_;
      continue;
    }
    const auto point = decode(text_, at_);
    if (!is_letter(point.value)) break;
    const auto value = lower(point.value);
    if (value < 0x800)
      put(0xC0U | (value >> 6U)), put(0x80U | (value & 0x3FU));
    else
      put_long(value);
    at_ += static_cast<std::uint32_t>(point.size);
  }
  if (at_ == from) {
    at_ += static_cast<std::uint32_t>(decode(text_, at_).size);
    return make(lexeme::unknown, from);
  }
  const bool keyword_sized = size <= keyword_bytes_max;
  auto made = make(keyword_sized ? find_keyword({folded, size}, hash) : lexeme::name, from);
  made.hash = static_cast<std::uint32_t>(hash ^ (hash >> 32U));
  return made;
}

token lexer::number() {
  const auto from = at_;
  while (digit(peek())) ++at_;
  if (peek() == '.') {
    ++at_;
    while (digit(peek())) ++at_;
  }
  return make(lexeme::number, from);
}

token lexer::date() {
  const auto from = at_++;
  while (!at_end() && peek() != '\'' && !line_end(peek())) ++at_;
  if (peek() == '\'')
    ++at_;
  else
    unclosed_ = true;
  ++facts_->counts.dates;
  return make(lexeme::date, from);
}

// The next line continues the string if it begins with `|`; comments, preprocessor lines and empty
// lines may lie between.
bool lexer::string_goes_on() {
  const auto at = at_;
  const auto line = line_;
  while (skip_line_end()) {
    skip_blanks();
    if (peek() == '|') return count_code_line(), ++at_, true;
    if ((peek() == '/' && peek(1) == '/') || peek() == '#') skip_to_line_end();
  }
  at_ = at, line_ = line;
  return false;
}

token lexer::string() {
  const auto from = at_++;
  const auto line = line_;
  auto& counts = facts_->counts;
  for (;;) {
    while (!at_end() && text_[at_] != '"' && !line_end(text_[at_])) ++at_;
    if (peek() == '"' && peek(1) == '"') {
      at_ += 2;
    } else if (peek() == '"') {
      ++at_;
      break;
    } else if (at_end() || !string_goes_on()) {
      unclosed_ = true;
      break;
    }
  }
  ++counts.strings;
  if (line_ != line) ++counts.multiline_strings;
  auto made = make(lexeme::string, from);
  made.line = line;
  return made;
}

token lexer::sign() {
  const auto from = at_;
  const char first = text_[at_++];
  const char second = peek();
  auto what = single_sign(first);
  if (first == '<' && second == '=')
    what = lexeme::less_equal;
  else if (first == '<' && second == '>')
    what = lexeme::not_equal;
  else if (first == '>' && second == '=')
    what = lexeme::greater_equal;
  if (what == lexeme::less_equal || what == lexeme::not_equal || what == lexeme::greater_equal)
    ++at_;
  return make(what, from);
}

}  // namespace artel::analysis::bsl
