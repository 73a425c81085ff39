// The second half of reading a method: blocks are linked, and variables get their places.
#include <algorithm>

#include "actors/analysis/rules/outline.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

enum class role { plain, opens, branches, closes };

role role_of(statement_kind kind) {
  switch (kind) {
    case statement_kind::if_:
    case statement_kind::for_each:
    case statement_kind::for_to:
    case statement_kind::while_:
    case statement_kind::try_:
      return role::opens;
    case statement_kind::elsif:
    case statement_kind::else_:
    case statement_kind::except:
      return role::branches;
    case statement_kind::end_if:
    case statement_kind::end_do:
    case statement_kind::end_try:
      return role::closes;
    default:
      return role::plain;
  }
}

bool is_loop(statement_kind kind) {
  return kind == statement_kind::for_each || kind == statement_kind::for_to ||
         kind == statement_kind::while_;
}

bool belongs(statement_kind opener, statement_kind later) {
  switch (later) {
    case statement_kind::elsif:
    case statement_kind::else_:
    case statement_kind::end_if:
      return opener == statement_kind::if_;
    case statement_kind::except:
    case statement_kind::end_try:
      return opener == statement_kind::try_;
    default:
      return is_loop(opener);
  }
}

}  // namespace

void outline::link_blocks() {
  balanced_ = true;
  blocks_.clear();
  branch_.clear();
  std::uint32_t loops = 0;
  for (std::uint32_t i = 0; i < statements_.size(); ++i) {
    auto& each = statements_[i];
    const auto as = role_of(each.kind);
    if (as == role::branches || as == role::closes) {
      if (blocks_.empty() || !belongs(statements_[blocks_.back()].kind, each.kind)) {
        balanced_ = false;
        return;
      }
      statements_[branch_.back()].next = i;
      if (as == role::closes) {
        statements_[blocks_.back()].close = i;
        if (is_loop(statements_[blocks_.back()].kind)) --loops;
        blocks_.pop_back();
        branch_.pop_back();
      } else {
        branch_.back() = i;
      }
    }
    each.open = blocks_.empty() ? none : blocks_.back();
    each.loops = loops;
    each.depth = static_cast<std::uint32_t>(blocks_.size());
    if (as == role::opens) {
      blocks_.push_back(i);
      branch_.push_back(i);
      if (is_loop(each.kind)) ++loops;
    }
  }
  balanced_ = blocks_.empty();
}

std::uint32_t outline::slot_of(std::string_view name, std::uint32_t hash,
                               std::size_t& steps) const {
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  for (auto at = hash & mask;; at = (at + 1) & mask, ++steps) {
    const auto& slot = slots_[at];
    if (slot.generation != generation_) return at;
    const auto first = symbols_[slot.symbol].first;
    if (hashes_[first] != hash) continue;
    const auto known = word_text(first);
    if (known == name || same_name(known, name)) return at;
  }
}

void outline::grow_slots() {
  slots_.assign(slots_.size() * 2, {});
  generation_ = 1;
  for (std::uint32_t i = 0; i < symbols_.size(); ++i) {
    const auto hash = hashes_[symbols_[i].first];
    const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
    auto at = hash & mask;
    while (slots_[at].generation == generation_) at = (at + 1) & mask;
    slots_[at] = {generation_, i};
  }
}

std::uint32_t outline::find_symbol(std::string_view name, std::uint32_t hash) const {
  std::size_t steps = 0;
  const auto& slot = slots_[slot_of(name, hash, steps)];
  return slot.generation == generation_ ? slot.symbol : none;
}

// Names with a parenthesis behind them are methods, names behind New are types. Names made to
// collide would turn this into a walk over all of them for each: then the method's names are given
// up, and the rules about names find nothing in it.
void outline::read_symbols() {
  symbols_.clear();
  ++generation_;
  steps_ = 0;
  given_up_ = false;
  const auto steps_max = (to_ - from_) * std::size_t{16} + 1000;
  for (auto i = from_; i < to_; ++i) {
    if (what(i) != lexeme::name || is_call(i)) continue;
    const auto before = i > from_ ? what(i - 1) : lexeme::semicolon;
    if (before == lexeme::dot || before == lexeme::new_ || before == lexeme::tilde ||
        before == lexeme::ampersand)
      continue;
    add_place(i);
    if (steps_ < steps_max) continue;
    for (auto at = from_; at < to_; ++at) symbol_of_[at] = none;
    symbols_.clear();
    slots_.assign(256, {});
    generation_ = 1;
    given_up_ = true;
    return;
  }
  mark_symbols();
}

void outline::add_place(std::uint32_t at) {
  const auto slot = slot_of(word_text(at), hashes_[at], steps_);
  next_[at] = none;
  if (slots_[slot].generation == generation_) {
    symbol_of_[at] = slots_[slot].symbol;
    auto& known = symbols_[symbol_of_[at]];
    next_[known.last] = at;
    known.last = at;
    ++known.count;
    return;
  }
  symbol_of_[at] = static_cast<std::uint32_t>(symbols_.size());
  slots_[slot] = {generation_, symbol_of_[at]};
  symbols_.push_back({at, at, 1});
  if (symbols_.size() * 2 > slots_.size()) grow_slots();
}

void outline::mark_symbols() {
  for (const auto& each : statements_) {
    const auto at = [&](std::uint32_t place) -> symbol* {
      return place < to_ && symbol_of_[place] != none ? &symbols_[symbol_of_[place]] : nullptr;
    };
    if (each.kind == statement_kind::assignment && each.assign == each.first + 1) {
      auto* target = at(each.first);
      if (target == nullptr) continue;
      ++target->writes;
      if (what(each.assign + 1) == lexeme::new_ && known(each.assign + 2) == word::query_type)
        target->query = true;
    } else if (each.kind == statement_kind::variables) {
      for (auto i = each.first + 1; i < each.last; ++i)
        if (auto* declared = at(i)) declared->declared = true;
    } else if (each.kind == statement_kind::for_each) {
      if (auto* variable = at(each.first + 2)) variable->loop = true;
    } else if (each.kind == statement_kind::for_to) {
      if (auto* variable = at(each.first + 1)) variable->loop = true;
    }
  }
}

}  // namespace artel::analysis
