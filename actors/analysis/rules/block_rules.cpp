// Rules about blocks: empty ones, branches that repeat, loops that do not use their variable.
#include <algorithm>

#include "actors/analysis/rules/rule_context.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

constexpr std::uint32_t branch_lexemes_min = 7;     // `Return;` and the like repeat for good
constexpr std::uint32_t branch_lexemes_max = 1000;  // longer ones are not compared
constexpr unsigned loops_climbed_max = 16;

using kind = statement_kind;

void empty_blocks(const rule_context& in) {
  const auto& all = in.code.statements();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const auto& each = all[i];
    if (each.next != i + 1) continue;
    if (each.kind == kind::except) {
      in.add(rule_id::empty_except, each.first, each.first);
    } else if (each.kind != kind::try_ &&
               !in.code.comment_between(each.last - 1, all[i + 1].first) &&
               !in.code.preprocessor_between(each.last - 1, all[i + 1].first)) {
      in.add(rule_id::empty_block, each.first, each.first);
    }
  }
}

/// A branch of a chain of conditions: where it says its line, what is compared.
struct piece {
  std::uint32_t from, to, at;
};

template <class Report>
void find_repeated(const outline& code, std::vector<piece>& pieces, Report report) {
  if (pieces.size() < 2) return;
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const piece& a, const piece& b) { return a.to - a.from < b.to - b.from; });
  for (std::size_t i = 0; i < pieces.size();) {
    auto end = i + 1;
    while (end < pieces.size() &&
           pieces[end].to - pieces[end].from == pieces[i].to - pieces[i].from)
      ++end;
    if (end - i > 1) {
      std::vector<std::pair<std::uint64_t, piece>> hashed;
      for (auto at = i; at < end; ++at)
        hashed.emplace_back(code.run_hash(pieces[at].from, pieces[at].to), pieces[at]);
      std::stable_sort(hashed.begin(), hashed.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t at = 1; at < hashed.size(); ++at) {
        const auto& [hash, later] = hashed[at];
        const auto& [before, earlier] = hashed[at - 1];
        if (hash == before && code.same_run(earlier.from, later.from, later.to - later.from))
          report(earlier, later);
      }
    }
    i = end;
  }
}

void chains(const rule_context& in) {
  const auto& all = in.code.statements();
  std::vector<piece> conditions;
  std::vector<piece> branches;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != kind::if_ || all[i].next == all[i].close) continue;
    conditions.clear();
    branches.clear();
    bool with_else = false;
    bool with_elsif = false;
    for (auto at = i; at != all[i].close; at = all[at].next) {
      with_else |= all[at].kind == kind::else_;
      with_elsif |= all[at].kind == kind::elsif;
      if (all[at].kind != kind::else_)
        conditions.push_back({all[at].first + 1, all[at].last - 1, all[at].first});
      const piece branch{all[at].last, all[all[at].next].first, all[at].first};
      if (branch.to - branch.from >= branch_lexemes_min &&
          branch.to - branch.from <= branch_lexemes_max)
        branches.push_back(branch);
    }
    const auto line = [&](const piece& of) { return std::to_string(in.code.token(of.at).line); };
    find_repeated(in.code, conditions, [&](const piece& earlier, const piece& later) {
      if (later.to > later.from)
        in.add(rule_id::duplicated_condition, later.from, later.to - 1, line(earlier));
    });
    find_repeated(in.code, branches, [&](const piece& earlier, const piece& later) {
      in.add(rule_id::identical_branches, later.at, later.at, line(earlier));
    });
    if (with_elsif && !with_else)
      in.add(rule_id::else_missing, all[all[i].close].first, all[all[i].close].first);
  }
}

void loop_variables(const rule_context& in) {
  const auto& all = in.code.statements();
  for (const auto& each : all) {
    if (each.kind != kind::for_each || each.close == none || each.first + 2 >= each.last) continue;
    const auto variable = each.first + 2;
    if (in.code.symbol_at(variable) == none) continue;
    auto place = in.code.next_place(variable);
    while (place != none && place < each.last) place = in.code.next_place(place);
    // The first element is often taken by a loop that breaks at once, and read behind it.
    if (place == none ||
        (place >= all[each.close].first && in.code.what(place - 1) == lexeme::each))
      in.add(rule_id::unused_loop_variable, variable, variable, in.code.word_text(variable));
  }
}

// Collection.Delete(…) inside For Each … In Collection; what leaves the loop right behind is fine.
void deletions(const rule_context& in) {
  const auto& all = in.code.statements();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const auto& each = all[i];
    if (each.kind != kind::call || each.loops == 0 || each.last < each.first + 5) continue;
    const auto paren = in.code.match(each.last - 1);
    if (paren == each.last - 1 || paren < each.first + 3) continue;
    if (in.code.known(paren - 1) != word::delete_item || !in.code.after_dot(paren - 1)) continue;
    const auto next = i + 1 < all.size() ? all[i + 1].kind : kind::empty;
    if (next == kind::break_ || next == kind::return_) continue;
    const auto length = paren - 2 - each.first;
    unsigned climbed = 0;
    for (auto open = each.open; open != none && climbed < loops_climbed_max;
         open = all[open].open, ++climbed) {
      const auto& loop = all[open];
      if (loop.kind != kind::for_each || loop.last < loop.first + 5 + length) continue;
      const auto from = loop.first + 4;
      if (loop.last - 1 - from == length && in.code.same_run(from, each.first, length)) {
        const auto name = in.module.text.substr(
            in.code.token(from).offset,
            in.code.token(from + length - 1).end() - in.code.token(from).offset);
        in.add(rule_id::deleting_in_loop, each.first, each.last - 1, name);
        break;
      }
    }
  }
}

bool is_block(kind which) {
  return which == kind::if_ || which == kind::elsif || which == kind::else_ ||
         which == kind::for_each || which == kind::for_to || which == kind::while_ ||
         which == kind::try_ || which == kind::except || which == kind::label;
}

void punctuation(const rule_context& in) {
  const auto& all = in.code.statements();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const auto& each = all[i];
    if (each.kind == kind::goto_) in.add(rule_id::goto_statement, each.first, each.last - 1);
    if (each.kind == kind::empty) {
      in.add(rule_id::empty_statement, each.first, each.first);
      continue;
    }
    if (!each.semicolon && !is_block(each.kind))
      in.add(rule_id::missing_semicolon, each.last - 1, each.last - 1);
    if (i == 0) continue;
    const auto& before = all[i - 1];
    if (before.semicolon && before.open == each.open && !is_block(before.kind) &&
        before.kind != kind::empty &&
        in.code.token(before.last - 1).line_end == in.code.token(each.first).line)
      in.add(rule_id::one_statement_per_line, each.first, each.first);
  }
}

}  // namespace

void block_rules(const rule_context& in) {
  empty_blocks(in);
  chains(in);
  loop_variables(in);
  deletions(in);
  punctuation(in);
}

}  // namespace artel::analysis
