// Rules about things that must end as they began: transactions, privileged mode, temporary files;
// and about handlers that must look at the reason they are called for.
#include <algorithm>
#include <string>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using kind = statement_kind;

/// The platform's method that the statement calls, as `BeginTransaction();` does.
word called(const rule_context& in, const statement& each) {
  const bool plain = each.kind == kind::call && in.code.is_call(each.first);
  return plain ? in.code.known(each.first) : word::none;
}

/// The method goes on elsewhere: what a transaction ends with inside of Try.
bool leaves(kind which) {
  return which == kind::return_ || which == kind::continue_ || which == kind::break_ ||
         which == kind::raise;
}

bool inside_try(const outline& code, const statement& each) {
  constexpr unsigned climbed_max = 32;
  unsigned climbed = 0;
  const auto& all = code.statements();
  for (auto open = each.open; open != none && climbed < climbed_max;
       open = all[open].open, ++climbed)
    if (all[open].kind == kind::try_) return true;
  return false;
}

bool is_loop(const outline& code, const statement& each) {
  return each.open != none && code.statements()[each.open].kind == kind::while_;
}

void transactions(const rule_context& in) {
  const auto& all = in.code.statements();
  std::uint32_t begun = none;
  std::uint32_t committed = none;
  std::uint32_t rolled_back = none;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const auto which = called(in, all[i]);
    const auto at = all[i].first;
    const auto next = i + 1 < all.size() ? all[i + 1].kind : kind::empty;
    if (which == word::begin_transaction) {
      if (begun == none) begun = at;
      if (next != kind::try_) in.add(rule_id::transaction_without_try, at, at);
    } else if (which == word::commit_transaction) {
      if (committed == none) committed = at;
      if (next != kind::except && !(leaves(next) && inside_try(in.code, all[i])))
        in.add(rule_id::commit_outside_try, at, at);
    } else if (which == word::rollback_transaction) {
      if (rolled_back == none) rolled_back = at;
      // Rolling back on purpose, before the method leaves Try, is as good as the first in Except.
      const bool on_purpose = (leaves(next) || next == kind::except) && inside_try(in.code, all[i]);
      if ((i == 0 || all[i - 1].kind != kind::except) && !on_purpose && !is_loop(in.code, all[i]))
        in.add(rule_id::rollback_outside_except, at, at);
    }
  }
  const auto unpaired = [&](std::uint32_t at) {
    in.add(rule_id::unpaired_transaction, at, at, in.code.word_text(at));
  };
  if (begun != none && committed == none && rolled_back == none) unpaired(begun);
  if (begun == none && committed != none) unpaired(committed);
  if (begun == none && committed == none && rolled_back != none) unpaired(rolled_back);
}

void privileged_mode(const rule_context& in) {
  std::uint32_t on = none;
  for (auto i = in.from; i < in.to; ++i) {
    if (in.code.known(i) != word::set_privileged_mode || !in.code.is_call(i)) continue;
    const auto value = in.code.what(i + 2);
    if (value == lexeme::true_) {
      if (on == none) on = i;
    } else {
      return;  // switched off, or restored from a variable
    }
  }
  if (on != none) in.add(rule_id::privileged_mode_left_on, on, in.code.match(on + 1));
}

bool says_removal(std::string_view name) {
  const auto folded = fold(name);
  for (const std::string_view each : {"удал", "перемест", "delete", "move", "remove", "очист"})
    if (folded.find(each) != std::string::npos) return true;
  return false;
}

/// Whether a statement takes the file's name over: returns it, stores it, or removes the file.
bool takes_over(const rule_context& in, const statement& each, std::uint32_t place) {
  if (each.kind == kind::return_) return true;
  if (each.kind == kind::assignment && place > each.assign &&
      (place == each.assign + 1 || each.first + 1 != each.assign))
    return true;
  for (auto i = each.first; i < each.last; ++i) {
    if (!in.code.is_name(i) || !in.code.is_call(i)) continue;
    const auto known = in.code.known(i);
    if (known == word::insert || known == word::add || known == word::delete_files) return true;
    if (says_removal(in.code.word_text(i))) return true;
  }
  return false;
}

const statement* statement_at(const rule_context& in, std::uint32_t place) {
  const auto& all = in.code.statements();
  auto found = std::upper_bound(all.begin(), all.end(), place,
                                [](std::uint32_t at, const auto& each) { return at < each.first; });
  return found == all.begin() ? nullptr : &*--found;
}

void temporary_files(const rule_context& in) {
  constexpr unsigned places_max = 16;
  for (const auto& each : in.code.statements()) {
    if (each.kind != kind::assignment || each.assign != each.first + 1) continue;
    if (in.code.known(each.assign + 1) != word::temp_file_name) continue;
    const auto number = in.code.symbol_at(each.first);
    if (number == none || in.method == nullptr) continue;
    const auto name = in.code.word_text(each.first);
    const auto given_here = in.parameters();
    bool kept = std::any_of(given_here.begin(), given_here.end(), [&](const auto& given) {
      return same_name(given.name.in(in.module.text), name);
    });
    unsigned looked_at = 0;
    for (auto place = in.code.next_place(each.first); place != none && !kept;
         place = in.code.next_place(place)) {
      const auto* user = statement_at(in, place);
      kept = ++looked_at > places_max || (user != nullptr && takes_over(in, *user, place));
    }
    if (!kept) in.add(rule_id::temporary_file_left, each.first, each.last - 1, name);
  }
}

bool is_any(std::string_view name, std::initializer_list<std::string_view> of) {
  return std::any_of(of.begin(), of.end(),
                     [name](std::string_view each) { return same_name(name, each); });
}

void data_exchange(const rule_context& in) {
  if (in.method == nullptr || in.method->exported || in.method->metrics.statements == 0) return;
  if (!in.is("ObjectModule") && !in.is("RecordSetModule") && !in.is("ValueManagerModule")) return;
  const std::string_view owner = in.module.entry.owner;
  if (owner.starts_with("DataProcessor.") || owner.starts_with("Report.")) return;
  if (!is_any(in.name(), {"ПередЗаписью", "ПриЗаписи", "ПередУдалением", "BeforeWrite", "OnWrite",
                          "BeforeDelete"}))
    return;
  for (auto i = in.from; i < in.to; ++i)
    if (in.code.known(i) == word::load && in.code.after_dot(i) && i >= 2 &&
        in.code.known(i - 2) == word::data_exchange)
      return;
  // Also a comment that explains why it is not checked here.
  const auto body = in.method->body.in(in.module.text);
  for (const std::string_view each : {"ОбменДанными.Загрузка", "DataExchange.Load"})
    if (body.find(each) != std::string_view::npos) return;
  in.add_at_name(rule_id::data_exchange_load, in.name());
}

// A conversion is meant when the block has little else.
void numbers_in_tries(const rule_context& in) {
  constexpr std::uint32_t statements_of_conversion_max = 2;
  const auto& all = in.code.statements();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const auto open = all[i].open;
    if (open == none || all[open].kind != kind::try_ || i >= all[open].next) continue;
    if (all[open].next - open > statements_of_conversion_max + 1) continue;
    for (auto at = all[i].first; at < all[i].last; ++at)
      if (in.code.known(at) == word::number && in.code.is_call(at) && !in.code.after_dot(at))
        in.add(rule_id::number_in_try, at, at);
  }
}

void cancel(const rule_context& in) {
  if (in.method == nullptr) return;
  const auto given = in.parameters();
  const bool has = std::any_of(given.begin(), given.end(), [&](const auto& each) {
    return is_any(each.name.in(in.module.text), {"Отказ", "Cancel"});
  });
  if (!has) return;
  for (const auto& each : in.code.statements())
    if (each.kind == kind::assignment && each.assign == each.first + 1 &&
        in.code.known(each.first) == word::cancel && each.last == each.assign + 2 &&
        in.code.what(each.assign + 1) == lexeme::false_)
      in.add(rule_id::cancel_reset, each.first, each.last - 1, in.code.word_text(each.first));
}

}  // namespace

void transaction_rules(const rule_context& in) {
  transactions(in);
  privileged_mode(in);
  temporary_files(in);
  data_exchange(in);
  numbers_in_tries(in);
  cancel(in);
}

}  // namespace artel::analysis
