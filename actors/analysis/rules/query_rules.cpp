// Rules about texts of queries. A text may be a fragment that is put together with others: what can
// only be said of a whole text is not said of one that is concatenated.
#include <algorithm>
#include <string>
#include <vector>

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/rules/query_lexer.hpp"
#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

using word_of = query_word;
using sort = query_token::sort;

enum class section : std::uint8_t { none, fields, sources, join, on, where, other };

bool is_virtual(std::string_view name) {
  for (const std::string_view each :
       {"Остатки", "Обороты", "ОстаткиИОбороты", "СрезПоследних", "СрезПервых", "ДвиженияССубконто",
        "ОборотыДтКт", "Balance", "Turnovers", "BalanceAndTurnovers", "SliceLast", "SliceFirst",
        "RecordsWithExtDimensions", "DrCrTurnovers"})
    if (same_name(each, name)) return true;
  return false;
}

class query_walk {
public:
  query_walk(const rule_context& in, const std::vector<query_token>& tokens, bool whole)
      : in_(in), all_(tokens), whole_(whole) {}

  void walk() {
    frames_.push_back({});
    for (at_ = 0; at_ < all_.size(); ++at_) step();
    while (!frames_.empty()) end_of_query(), frames_.pop_back();
  }

private:
  /// A query, subquery or a pair of parentheses.
  struct frame {
    section in = section::none;
    bool query = true;
    bool ordered = false;
    bool item_alias = false;
    bool sources = false;
    std::size_t top = 0;   ///< the number behind TOP, 0 for none
    std::size_t item = 0;  ///< first lexeme of the field
    unsigned cases = 0;
  };

  frame& top() { return frames_.back(); }
  bool is(std::size_t at, word_of which) const {
    return at < all_.size() && all_[at].what == sort::word && all_[at].word == which;
  }
  bool is_sign(std::size_t at, char sign) const {
    return at < all_.size() && all_[at].what == sort::sign && all_[at].sign == sign;
  }
  bool is_word(std::size_t at) const { return at < all_.size() && all_[at].what == sort::word; }
  std::string_view text(std::size_t at) const {
    return in_.module.text.substr(all_[at].offset, all_[at].length);
  }
  void add(rule_id which, std::size_t first, std::size_t last, std::string_view detail = {}) const {
    const auto end = all_[last].offset + all_[last].length;
    in_.add(which, {all_[first].offset, end - all_[first].offset}, all_[first].line,
            all_[last].line, detail);
  }

  void step() {
    const auto& each = all_[at_];
    if (each.what == sort::sign) return sign(each.sign);
    if (each.what != sort::word) return;
    if (at_ > 0 && is_sign(at_ - 1, '.')) return;  // a member's name
    if (is_sign(at_ + 1, '.')) return chain();
    keyword(each.word);
  }

  void sign(char value) {
    switch (value) {
      case '(':
        frames_.push_back(is(at_ + 1, word_of::select) ? frame{} : frame{top().in, false});
        break;
      case ')':
        if (frames_.size() == 1) break;
        if (top().query) end_of_query();
        frames_.pop_back();
        break;
      case ';':
        while (frames_.size() > 1) frames_.pop_back();
        end_of_query();
        top() = {};
        break;
      case ',':
        if (top().query && top().in == section::fields) end_of_field(at_);
        if (top().query && top().in == section::on) top().in = section::sources;
        break;
      default:
        break;
    }
  }

  void keyword(word_of which) {
    switch (which) {
      case word_of::select:
        return select();
      case word_of::from:
        if (top().query && top().in == section::fields) end_of_field(at_);
        top().sources = true;
        return enter(section::sources);
      case word_of::into:
        if (top().query && top().in == section::fields) end_of_field(at_);
        return enter(section::other);
      case word_of::where:
        return enter(section::where);
      case word_of::join:
        return join();
      case word_of::on:
        if (top().in == section::join) enter(section::on);
        return;
      case word_of::order:
      case word_of::auto_order:
        top().ordered = true;
        return enter(section::other);
      case word_of::group:
      case word_of::having:
      case word_of::totals:
      case word_of::index:
        return enter(section::other);
      case word_of::as:
        top().item_alias = true;
        return;
      case word_of::union_:
        return union_with();
      case word_of::full:
        if (is(at_ + 1, word_of::join) || is(at_ + 1, word_of::outer))
          add(rule_id::full_join, at_, at_ + 1);
        return;
      case word_of::case_:
        ++top().cases;
        return;
      case word_of::end:
        if (top().cases > 0) --top().cases;
        return;
      case word_of::or_:
        return alternative();
      case word_of::like:
        return like();
      default:
        return;
    }
  }

  void enter(section which) {
    if (top().query) top().in = which;
  }

  void select() {
    auto next = at_ + 1;
    while (is(next, word_of::allowed) || is(next, word_of::distinct) || is(next, word_of::top) ||
           (next > 0 && is(next - 1, word_of::top))) {
      if (is(next - 1, word_of::top) && all_[next].what == sort::number && text(next) != "1")
        top().top = next;
      if (++next >= all_.size()) break;
    }
    if (is_sign(next, '*')) add(rule_id::select_all_fields, next, next);
    top().query = true;
    top().in = section::fields;
    top().item = next;
    top().item_alias = false;
  }

  void union_with() {
    if (!is(at_ + 1, word_of::all) && at_ + 1 < all_.size())
      add(rule_id::union_without_all, at_, at_);
    if (top().query && top().in == section::fields) end_of_field(at_);
    enter(section::none);
  }

  void join() {
    if (!top().query) return;
    top().in = section::join;
    if (is_sign(at_ + 1, '(') && is(at_ + 2, word_of::select))
      add(rule_id::join_with_subquery, at_ + 1, at_ + 2);
  }

  void alternative() {
    if (frames_.back().cases > 0) return;
    if (top().in == section::on) add(rule_id::or_in_join, at_, at_);
    if (top().in == section::where) add(rule_id::or_in_where, at_, at_);
  }

  // A literal or a parameter alone is what all databases understand.
  void like() {
    const auto operand = at_ + 1;
    if (operand >= all_.size()) return;
    const bool plain = all_[operand].what == sort::text || all_[operand].what == sort::parameter;
    if (!plain || is_sign(operand + 1, '+')) add(rule_id::like_with_expression, at_, operand);
  }

  // A.B.C: a source, or a field behind dots.
  void chain() {
    auto last = at_;
    while (is_sign(last + 1, '.') && is_word(last + 2)) last += 2;
    const auto names = (last - at_) / 2 + 1;
    const auto in = top().in;
    if ((in == section::sources || in == section::join) && top().query)
      source(names, last);
    else if (!kind_of_word(text(at_)))
      field(names, last);
    at_ = last;
  }

  void source(std::size_t names, std::size_t last) {
    if (names != 3 || !is_virtual(text(last)) || !kind_of_word(text(at_))) return;
    const auto name = in_.module.text.substr(
        all_[at_].offset, all_[last].offset + all_[last].length - all_[at_].offset);
    if (top().in == section::join) add(rule_id::join_with_virtual_table, at_, last, name);
    auto next = last + 1;
    bool given = false;
    if (is_sign(next, '('))
      for (++next; next < all_.size() && !is_sign(next, ')') && !given; ++next)
        given = !is_sign(next, ',');
    // Behind a cut the parameters may follow in the next literal.
    if (!given && last + 1 < all_.size())
      add(rule_id::virtual_table_without_parameters, at_, last, name);
  }

  void field(std::size_t names, std::size_t last) {
    const bool reference =
        names > 2 && (same_name(text(last), "Ссылка") || same_name(text(last), "Ref"));
    if (names <= dereferences_max + 1 && !reference) return;
    add(rule_id::deep_dereference, at_, last,
        in_.module.text.substr(all_[at_].offset,
                               all_[last].offset + all_[last].length - all_[at_].offset));
  }

  void end_of_field(std::size_t end) {
    if (!top().item_alias && end > top().item && is_word(top().item))
      add(rule_id::field_without_alias, top().item, end - 1, text(end - 1));
    top().item = end + 1;
    top().item_alias = false;
  }

  void end_of_query() {
    if (whole_ && top().query && top().top != 0 && top().sources && !top().ordered)
      add(rule_id::top_without_order, top().top, top().top, text(top().top));
  }

  const rule_context& in_;
  const std::vector<query_token>& all_;
  bool whole_;
  std::size_t at_ = 0;
  std::vector<frame> frames_;
};

/// Nothing is put before or behind the literal.
bool is_whole(const rule_context& in, std::uint32_t at) {
  return in.code.what(at + 1) != bsl::lexeme::plus &&
         (at == 0 || in.code.what(at - 1) != bsl::lexeme::plus);
}

}  // namespace

void query_rules(const rule_context& in) {
  const auto& syntax = in.module.entry.syntax;
  const auto queries = syntax.queries_of(in.method == nullptr ? syntax.body : *in.method);
  thread_local std::vector<query_token> tokens;
  auto at = in.from;
  for (const auto& each : queries) {
    while (at < in.to && in.code.token(at).offset < each.literal.offset) ++at;
    read_query(in.module.text, each.literal.offset, each.literal.length, each.line, tokens);
    query_walk(in, tokens, is_whole(in, at)).walk();
  }
  if (tokens.capacity() > (1U << 16U)) tokens = {};
}

}  // namespace artel::analysis
