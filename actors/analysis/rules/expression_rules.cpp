// Rules about expressions: operands that repeat, conditions that say it in a roundabout way.
#include <string>
#include <vector>

#include "actors/analysis/rules/rule_context.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using kind = statement_kind;

/// How weakly an operator binds; 0 for what is no binary operator but ends an operand.
enum level : unsigned { edge, any_of, all_of, negation, comparison, sum, product, inside };

level level_of(lexeme what) {
  switch (what) {
    case lexeme::or_:
      return any_of;
    case lexeme::and_:
      return all_of;
    case lexeme::not_:
      return negation;
    case lexeme::equal:
    case lexeme::not_equal:
    case lexeme::less:
    case lexeme::greater:
    case lexeme::less_equal:
    case lexeme::greater_equal:
      return comparison;
    case lexeme::plus:
    case lexeme::minus:
      return sum;
    case lexeme::star:
    case lexeme::slash:
    case lexeme::percent:
      return product;
    case lexeme::name:
    case lexeme::number:
    case lexeme::string:
    case lexeme::date:
    case lexeme::dot:
    case lexeme::true_:
    case lexeme::false_:
    case lexeme::undefined:
    case lexeme::null:
    case lexeme::new_:
    case lexeme::await:
    case lexeme::question:
      return inside;
    default:
      return edge;
  }
}

class expressions {
public:
  explicit expressions(const rule_context& in) : in_(in), code_(in.code) {}

  void look() {
    statements();
    for (auto i = in_.from; i < in_.to; ++i) {
      while (!ternaries_.empty() && ternaries_.back() < i) ternaries_.pop_back();
      if (!code_.after_dot(i)) lexeme_at(i);
    }
  }

private:
  void statements() {
    for (const auto& each : code_.statements()) {
      if (each.kind == kind::assignment) {
        assignments_.push_back(each.assign);
        const auto length = each.assign - each.first;
        if (each.last - each.assign - 1 == length &&
            code_.same_run(each.first, each.assign + 1, length) && !is_explained(each))
          in_.add(rule_id::self_assignment, each.first, each.last - 1,
                  in_.module.text.substr(
                      code_.token(each.first).offset,
                      code_.token(each.assign - 1).end() - code_.token(each.first).offset));
      }
      if (each.kind == kind::if_ || each.kind == kind::elsif) condition(each);
    }
  }

  // `A = A; // CatalogRef.Goods` tells the editor a type, or sets the modified flag on purpose.
  bool is_explained(const statement& each) const {
    const auto from = code_.token(each.last - 1).end();
    const auto rest = in_.module.text.substr(from, in_.module.text.find('\n', from) - from);
    return rest.find("//") != std::string_view::npos;
  }

  void condition(const statement& each) {
    std::size_t parts = 1;
    for (auto i = each.first + 1; i < each.last; ++i)
      parts +=
          !code_.after_dot(i) && (code_.what(i) == lexeme::and_ || code_.what(i) == lexeme::or_);
    if (parts > condition_operands_max)
      in_.add(rule_id::complex_condition, each.first, each.first, std::to_string(parts));
  }

  void lexeme_at(std::uint32_t at) {
    switch (code_.what(at)) {
      case lexeme::equal:
        if (is_assignment(at)) break;
        [[fallthrough]];
      case lexeme::not_equal:
        boolean(at);
        [[fallthrough]];
      case lexeme::less:
      case lexeme::greater:
      case lexeme::less_equal:
      case lexeme::greater_equal:
      case lexeme::minus:
      case lexeme::slash:
      case lexeme::and_:
      case lexeme::or_:
        operands(at);
        break;
      case lexeme::plus:
        if (code_.what(at + 1) == lexeme::plus) in_.add(rule_id::unary_plus, at, at + 1);
        break;
      case lexeme::not_:
        negation_at(at);
        break;
      case lexeme::question:
        ternary(at);
        break;
      case lexeme::number:
        number(at);
        break;
      case lexeme::date:
        date(at);
        break;
      default:
        break;
    }
  }

  bool is_assignment(std::uint32_t at) {
    while (next_assignment_ < assignments_.size() && assignments_[next_assignment_] < at)
      ++next_assignment_;
    return next_assignment_ < assignments_.size() && assignments_[next_assignment_] == at;
  }

  /// One behind the operand that begins at `from` and belongs to an operator of this level.
  std::uint32_t operand_end(std::uint32_t from, level of) const {
    auto at = from;
    while (at < in_.to) {
      const bool word = code_.after_dot(at);
      const auto what = code_.what(at);
      if (!word && what != lexeme::left_paren && what != lexeme::left_bracket) {
        const auto here = level_of(what);
        const bool sign = at == from && here == sum;
        if (!sign && here <= of) break;
      }
      at = code_.match(at) > at ? code_.match(at) + 1 : at + 1;
    }
    return at;
  }

  void operands(std::uint32_t at) {
    const auto of = level_of(code_.what(at));
    // Signs are no binary operators.
    if (of == sum && (at == in_.from || (level_of(code_.what(at - 1)) != inside &&
                                         code_.what(at - 1) != lexeme::right_paren &&
                                         code_.what(at - 1) != lexeme::right_bracket)))
      return;
    const auto end = operand_end(at + 1, of);
    const auto length = end - at - 1;
    if (length == 0 || at < in_.from + length) return;
    const auto from = at - length;
    // Operands longer than that are no slip of the hand, and nested ones would be compared again
    // and again.
    constexpr std::uint32_t operand_lexemes_max = 200;
    if (length > operand_lexemes_max) return;
    if (code_.what(at + 1) == lexeme::number || !code_.same_run(from, at + 1, length)) return;
    // What stands before the left operand must bind weaker, else it is only the operand's end.
    if (from > in_.from) {
      const auto before = code_.what(from - 1);
      const bool member = before == lexeme::dot || code_.after_dot(from - 1);
      const auto binds = level_of(before);
      if (member || before == lexeme::right_paren || before == lexeme::right_bracket) return;
      if (binds >= of || binds == negation || before == lexeme::new_) return;
    }
    in_.add(rule_id::identical_operands, from, end - 1, code_.word_text(at));
  }

  void boolean(std::uint32_t at) {
    const auto is_boolean = [&](std::uint32_t where) {
      return code_.what(where) == lexeme::true_ || code_.what(where) == lexeme::false_;
    };
    if (is_boolean(at + 1) || (at > in_.from && is_boolean(at - 1)))
      in_.add(rule_id::compare_with_boolean, at, at + 1 < code_.size() ? at + 1 : at);
  }

  // Not binds weaker than a comparison: Not A <> B says A = B.
  void negation_at(std::uint32_t at) {
    if (code_.what(at + 1) == lexeme::not_) return in_.add(rule_id::double_negative, at, at + 1);
    const auto end = operand_end(at + 1, comparison);
    if (end < in_.to && code_.what(end) == lexeme::not_equal)
      return in_.add(rule_id::double_negative, at, end);
    if (code_.what(at + 1) != lexeme::left_paren || code_.match(at + 1) + 1 != end) return;
    const auto inner = operand_end(at + 2, comparison);  // Not (A <> B)
    if (code_.what(inner) == lexeme::not_equal && operand_end(inner + 1, comparison) + 1 == end)
      in_.add(rule_id::double_negative, at, end - 1);
  }

  void ternary(std::uint32_t at) {
    in_.add(rule_id::ternary_operator, at, at);
    if (!ternaries_.empty()) in_.add(rule_id::nested_ternary, at, at);
    const auto close = code_.what(at + 1) == lexeme::left_paren ? code_.match(at + 1) : at;
    if (close <= at + 1) return;
    ternaries_.push_back(close);
    const auto is_boolean = [&](std::uint32_t where) {
      return code_.what(where) == lexeme::true_ || code_.what(where) == lexeme::false_;
    };
    if (close > at + 6 && is_boolean(close - 1) && code_.what(close - 2) == lexeme::comma &&
        is_boolean(close - 3) && code_.what(close - 4) == lexeme::comma)
      in_.add(rule_id::useless_ternary, at, close);
  }

  void number(std::uint32_t at) {
    const auto text = code_.word_text(at);
    if (text == "0" || text == "1" || at == in_.from) return;
    const auto before = code_.what(at - 1);
    const bool binds =
        (level_of(before) >= comparison && level_of(before) <= product &&
         !(before == lexeme::equal && is_plain_assignment(at - 1))) ||
        (level_of(code_.what(at + 1)) >= comparison && level_of(code_.what(at + 1)) <= product);
    if (binds) in_.add(rule_id::magic_number, at, at, text);
  }

  bool is_plain_assignment(std::uint32_t at) const {
    return next_assignment_ < assignments_.size() && assignments_[next_assignment_] == at &&
           code_.what(at + 2) == lexeme::semicolon;
  }

  void date(std::uint32_t at) {
    const auto text = code_.word_text(at);
    if (text.find_first_of("23456789") == std::string_view::npos) return;  // '00010101'
    if (at > in_.from && code_.what(at - 1) == lexeme::equal && is_plain_assignment(at - 1)) return;
    in_.add(rule_id::magic_date, at, at, text);
  }

  const rule_context& in_;
  const outline& code_;
  std::vector<std::uint32_t> assignments_;  ///< their equal signs
  std::size_t next_assignment_ = 0;
  std::vector<std::uint32_t> ternaries_;  ///< where those that are open close
};

}  // namespace

void expression_rules(const rule_context& in) { expressions(in).look(); }

}  // namespace artel::analysis
