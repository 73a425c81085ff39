#include "actors/analysis/rules/outline.hpp"

#include <algorithm>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

void outline::read(std::string_view text, const std::vector<bsl::token>& tokens) {
  text_ = text;
  tokens_ = &tokens;
  count_ = static_cast<std::uint32_t>(tokens.size());
  kinds_.resize(count_);
  hashes_.resize(count_);
  words_.resize(count_);
  match_.resize(count_);
  symbol_of_.assign(count_, none);
  next_.resize(count_);
  open_.clear();
  for (std::uint32_t i = 0; i < count_; ++i) {
    const auto which = tokens[i].what;
    kinds_[i] = which;
    match_[i] = i;
    hashes_[i] = 0;
    words_[i] = word::none;
    if (which == lexeme::name) {
      hashes_[i] = name_hash(word_text(i));
      words_[i] = find_word(word_text(i), hashes_[i]);
    } else if (which == lexeme::left_paren || which == lexeme::left_bracket) {
      open_.push_back(i);
    } else if (which == lexeme::right_paren || which == lexeme::right_bracket) {
      if (open_.empty()) continue;
      match_[i] = open_.back();
      match_[open_.back()] = i;
      open_.pop_back();
    } else if (which == lexeme::semicolon) {
      open_.clear();  // a damaged statement must not reach into the next one
    }
  }
}

bool outline::same(std::uint32_t a, std::uint32_t b) const {
  if (what(a) != what(b)) return false;
  const auto left = word_text(a);
  const auto right = word_text(b);
  if (what(a) == lexeme::name)
    return hash(a) == hash(b) && (left == right || same_name(left, right));
  if (what(a) >= lexeme::procedure) return true;  // keywords and signs
  return left == right;
}

bool outline::same_run(std::uint32_t a, std::uint32_t b, std::uint32_t length) const {
  for (std::uint32_t i = 0; i < length; ++i)
    if (!same(a + i, b + i)) return false;
  return true;
}

std::uint64_t outline::run_hash(std::uint32_t from, std::uint32_t to) const {
  std::uint64_t made = to - from;
  for (auto i = from; i < to; ++i) {
    const auto literal = what(i) == lexeme::string || what(i) == lexeme::number;
    const auto piece = literal ? name_hash(word_text(i)) : hash(i);
    made = (made ^ piece ^ (static_cast<std::uint64_t>(what(i)) << 40U)) * 0x9E3779B97F4A7C15ULL;
    made ^= made >> 31U;
  }
  return made;
}

namespace {

bool is_region(std::string_view line) {
  const auto word = trimmed(line.substr(1));
  for (const std::string_view each : {"Область", "КонецОбласти", "Region", "EndRegion"})
    if (word.size() >= each.size() && same_name(word.substr(0, each.size()), each)) return true;
  return false;
}

}  // namespace

bool outline::preprocessor_between(std::uint32_t before, std::uint32_t after) const {
  const auto from = token(before).end();
  auto gap = text_.substr(from, token(after).offset - from);
  while (!gap.empty()) {
    const auto end = line_end_at(gap, 0);
    const auto line = trimmed(gap.substr(0, end));
    if (line.starts_with('#') && !is_region(line)) return true;
    gap.remove_prefix(std::min(end + 1, gap.size()));
  }
  return false;
}

bool outline::comment_between(std::uint32_t before, std::uint32_t after) const {
  const auto from = token(before).end();
  return text_.substr(from, token(after).offset - from).find("//") != std::string_view::npos;
}

std::uint32_t outline::arguments(std::uint32_t paren) const {
  const auto end = match_[paren];
  if (end <= paren + 1) return 0;
  std::uint32_t found = 1;
  for (auto i = paren + 1; i < end; ++i) {
    if (what(i) == lexeme::comma) ++found;
    i = std::max(i, match_[i]);
  }
  return found;
}

std::pair<std::uint32_t, std::uint32_t> outline::argument(std::uint32_t paren,
                                                          std::uint32_t which) const {
  const auto end = match_[paren];
  auto from = paren + 1;
  for (auto i = from; i < end; ++i) {
    if (what(i) == lexeme::comma) {
      if (which-- == 0) return {from, i};
      from = i + 1;
    }
    i = std::max(i, match_[i]);
  }
  if (which == 0 && end > paren) return {from, end};
  return {end, end};
}

void outline::read_method(std::uint32_t from, std::uint32_t to) {
  from_ = from, to_ = to;
  statements_.clear();
  bool ended = false;  // a statement stands before, its semicolon may follow
  for (auto i = from; i < to;) {
    if (what(i) == lexeme::semicolon) {
      if (ended)
        statements_.back().semicolon = true;
      else
        statements_.push_back({statement_kind::empty, true, i, i + 1});
      ended = false;
      ++i;
      continue;
    }
    statement made;
    made.first = i;
    i = std::max(read_statement(made, to), i + 1);
    made.last = i;
    ended = made.kind != statement_kind::if_ && made.kind != statement_kind::elsif &&
            made.kind != statement_kind::else_ && made.kind != statement_kind::for_each &&
            made.kind != statement_kind::for_to && made.kind != statement_kind::while_ &&
            made.kind != statement_kind::try_ && made.kind != statement_kind::except &&
            made.kind != statement_kind::label;
    statements_.push_back(made);
  }
  link_blocks();
  read_symbols();
}

// Position behind `stop`, or where the header is cut.
std::uint32_t outline::header_end(std::uint32_t at, lexeme stop, std::uint32_t to) const {
  for (; at < to; ++at) {
    if (what(at) == stop && !after_dot(at)) return at + 1;
    if (what(at) == lexeme::semicolon) return at;
  }
  return to;
}

std::uint32_t outline::simple_end(statement& made, std::uint32_t to) const {
  for (auto at = made.first; at < to; ++at) {
    if (match_[at] > at) {
      at = std::min(match_[at], to - 1);
      continue;
    }
    switch (what(at)) {
      case lexeme::semicolon:
        return at;
      case lexeme::equal:
        if (made.kind == statement_kind::call && at > made.first)
          made.kind = statement_kind::assignment, made.assign = at;
        break;
      case lexeme::elsif:
      case lexeme::else_:
      case lexeme::end_if:
      case lexeme::end_do:
      case lexeme::except:
      case lexeme::end_try:
      case lexeme::end_procedure:
      case lexeme::end_function:
        if (!after_dot(at)) return at;
        break;
      default:
        break;
    }
  }
  return to;
}

std::uint32_t outline::read_statement(statement& made, std::uint32_t to) const {
  using kind = statement_kind;
  const auto at = made.first;
  const auto single = [&](kind value) { return made.kind = value, at + 1; };
  const auto simple = [&](kind value) { return made.kind = value, simple_end(made, to); };
  switch (what(at)) {
    case lexeme::if_:
      return made.kind = kind::if_, header_end(at, lexeme::then, to);
    case lexeme::elsif:
      return made.kind = kind::elsif, header_end(at, lexeme::then, to);
    case lexeme::for_:
      made.kind = what(at + 1) == lexeme::each ? kind::for_each : kind::for_to;
      return header_end(at, lexeme::do_, to);
    case lexeme::while_:
      return made.kind = kind::while_, header_end(at, lexeme::do_, to);
    case lexeme::else_:
      return single(kind::else_);
    case lexeme::end_if:
      return single(kind::end_if);
    case lexeme::end_do:
      return single(kind::end_do);
    case lexeme::try_:
      return single(kind::try_);
    case lexeme::except:
      return single(kind::except);
    case lexeme::end_try:
      return single(kind::end_try);
    case lexeme::tilde:
      return made.kind = kind::label, std::min(at + 3, to);
    case lexeme::return_:
      return simple(kind::return_);
    case lexeme::raise:
      return simple(kind::raise);
    case lexeme::break_:
      return simple(kind::break_);
    case lexeme::continue_:
      return simple(kind::continue_);
    case lexeme::goto_:
      return simple(kind::goto_);
    case lexeme::execute:
      return simple(kind::execute);
    case lexeme::add_handler:
    case lexeme::remove_handler:
      return simple(kind::handler);
    case lexeme::var:
      return simple(kind::variables);
    default:
      return simple(kind::call);
  }
}

}  // namespace artel::analysis
