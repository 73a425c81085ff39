// Rules about calls of the platform's methods and constructors.
#include <string>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using kind = statement_kind;

class calls {
public:
  explicit calls(const rule_context& in) : in_(in), code_(in.code) {}

  void look() {
    for (auto i = in_.from; i < in_.to; ++i) {
      const auto what = code_.what(i);
      if (what == lexeme::execute) {
        if (code_.after_dot(i) && code_.is_call(i))
          query(i);
        else if (!code_.after_dot(i))
          in_.add(rule_id::dynamic_code, i, i);
        continue;
      }
      const auto known = code_.known(i);
      if (known == word::none) continue;
      const bool call = code_.is_call(i);
      if (i > 0 && code_.what(i - 1) == lexeme::new_)
        constructor(known, i, call);
      else if (code_.after_dot(i))
        member(known, i, call);
      else if (!in_.own(known))
        global(known, i, call);
    }
  }

private:
  void constructor(word known, std::uint32_t at, bool call) {
    const auto name = code_.word_text(at);
    if (known == word::style_type && call && code_.arguments(at + 1) > 0)
      in_.add(rule_id::style_constructor, at - 1, at, name);
    if (known == word::com_type) in_.add(rule_id::com_object, at - 1, at, name);
    if (known != word::network_type) return;
    in_.add(rule_id::internet_access, at - 1, at, name);
    if (call) {
      const auto [from, to] = code_.argument(at + 1, timeout_argument(name));
      if (from < to) return;
    }
    if (!sets_timeout()) in_.add(rule_id::missing_timeout, at - 1, at, name);
  }

  /// The method assigns the property of some object; looked for once.
  bool sets_timeout() {
    if (!timeout_known_)
      for (auto i = in_.from; i < in_.to && !timeout_; ++i)
        timeout_ = code_.known(i) == word::timeout && code_.after_dot(i);
    timeout_known_ = true;
    return timeout_;
  }

  static std::uint32_t timeout_argument(std::string_view name) {
    if (same_name(name, "FTPСоединение") || same_name(name, "FTPConnection")) return 6;
    if (same_name(name, "WSОпределения") || same_name(name, "WSDefinitions")) return 4;
    return 5;
  }

  void member(word known, std::uint32_t at, bool call) {
    if (!call) return;
    switch (known) {
      case word::execute_query:
        return query(at);
      case word::get_form:
        return in_.add(rule_id::get_form, at, at);
      case word::find_by_description: {
        const auto [from, to] = code_.argument(at + 1, 0);
        if (to == from + 1 && code_.what(from) == lexeme::string)
          in_.add(rule_id::find_by_text, at, code_.match(at + 1), code_.word_text(at));
        return;
      }
      case word::add:
      case word::insert:
        return insertion(at);
      default:
        return;
    }
  }

  // Collection.Add(Collection)
  void insertion(std::uint32_t at) {
    if (at < in_.from + 2 || code_.what(at - 2) != lexeme::name || code_.after_dot(at - 2)) return;
    for (std::uint32_t which = 0; which < 2; ++which) {
      const auto [from, to] = code_.argument(at + 1, which);
      if (to == from + 1 && code_.what(from) == lexeme::name && code_.same(from, at - 2))
        in_.add(rule_id::self_insertion, at - 2, code_.match(at + 1), code_.word_text(from));
    }
  }

  void global(word known, std::uint32_t at, bool call) {
    if (known == word::this_form && !call)
      return in_.add(rule_id::deprecated_form_name, at, at, code_.word_text(at));
    if (!call) return;
    const auto name = code_.word_text(at);
    switch (known) {
      case word::current_date:
        return in_.add(rule_id::current_date, at, at);
      case word::message:
        return in_.add(rule_id::message_to_user, at, at);
      case word::deprecated:
        return in_.add(rule_id::deprecated_function, at, at,
                       std::string(name) + " → " + std::string(successor_of(name)));
      case word::error_description:
        return in_.add(rule_id::error_description, at, at);
      case word::evaluate:
        return in_.add(rule_id::dynamic_code, at, at);
      case word::start_application:
        return in_.add(rule_id::external_application, at, at, name);
      case word::get_form:
        return in_.add(rule_id::get_form, at, at);
      case word::modal:
        return in_.add(rule_id::modal_call, at, at, name);
      case word::synchronous:
        if (in_.on_client()) in_.add(rule_id::synchronous_call, at, at, name);
        return;
      case word::temp_files_dir:
        return in_.add(rule_id::temporary_folder, at, at);
      case word::os_users:
        return in_.add(rule_id::os_users, at, at);
      default:
        return with_arguments(known, at);
    }
  }

  void with_arguments(word known, std::uint32_t at) {
    switch (known) {
      case word::is_in_role:
        return in_.add(rule_id::role_check, at, at);
      case word::form_data_to_value:
        return in_.add(rule_id::form_data_to_value, at, at);
      case word::set_safe_mode:
        if (code_.what(at + 2) == lexeme::false_) in_.add(rule_id::safe_mode_off, at, at + 3);
        return;
      case word::set_disable_safe_mode:
        if (code_.what(at + 2) == lexeme::true_) in_.add(rule_id::safe_mode_off, at, at + 3);
        return;
      case word::write_log_event:
        if (code_.arguments(at + 1) < 5)
          in_.add(rule_id::log_event_without_details, at, code_.match(at + 1));
        return;
      case word::type_function:
        return type_name(at);
      default:
        return;
    }
  }

  void type_name(std::uint32_t at) {
    if (code_.what(at + 2) != lexeme::string || code_.what(at + 3) != lexeme::right_paren) return;
    const auto name = unquoted(code_.word_text(at + 2));
    if (same_name(name, "УправляемаяФорма") || same_name(name, "ManagedForm"))
      in_.add(rule_id::deprecated_form_name, at + 2, at + 2, name);
  }

  /// Loops around a lexeme; lexemes come in the order of the text.
  std::uint32_t loops_at(std::uint32_t at) {
    const auto& all = code_.statements();
    while (statement_ + 1 < all.size() && all[statement_ + 1].first <= at) ++statement_;
    if (all.empty()) return 0;
    // The condition of While is looked at in every round, a collection only once.
    return all[statement_].loops + (all[statement_].kind == kind::while_ ? 1 : 0);
  }

  void query(std::uint32_t at) {
    if (!code_.balanced() || at < in_.from + 2 || loops_at(at) == 0) return;
    auto object = at - 2;
    if (code_.what(object) == lexeme::right_paren) {  // New Query(…).Execute()
      const auto open = code_.match(object);
      if (open < in_.from + 2 || code_.known(open - 1) != word::query_type ||
          code_.what(open - 2) != lexeme::new_)
        return;
      object = open - 1;
    } else if (!is_query(object)) {
      return;
    }
    in_.add(rule_id::query_in_loop, object, at, code_.word_text(object));
  }

  bool is_query(std::uint32_t at) const {
    if (code_.what(at) != lexeme::name) return false;
    const auto number = code_.symbol_at(at);
    if (number != none && code_.symbols()[number].query) return true;
    const auto name = fold(code_.word_text(at));
    if (name.find("http") != std::string::npos || name.find("интернет") != std::string::npos)
      return false;
    return name.find("запрос") != std::string::npos || name.find("query") != std::string::npos;
  }

  const rule_context& in_;
  const outline& code_;
  std::size_t statement_ = 0;
  bool timeout_known_ = false;
  bool timeout_ = false;
};

}  // namespace

void call_rules(const rule_context& in) { calls(in).look(); }

}  // namespace artel::analysis
