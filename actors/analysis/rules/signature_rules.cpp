// Rules about a method's signature and measures.
#include <algorithm>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

bool is_directive(std::string_view name) {
  for (const std::string_view each :
       {"НаКлиенте", "НаСервере", "НаСервереБезКонтекста", "НаКлиентеНаСервере",
        "НаКлиентеНаСервереБезКонтекста", "AtClient", "AtServer", "AtServerNoContext",
        "AtClientAtServer", "AtClientAtServerNoContext"})
    if (same_name(each, name)) return true;
  return false;
}

void measures(const rule_context& in) {
  const auto& measure = in.method->metrics;
  const auto lines = in.method->line_end - in.method->line_start + 1;
  if (measure.cyclomatic > cyclomatic_max)
    in.add_number(rule_id::cyclomatic_complexity, measure.cyclomatic);
  if (measure.cognitive > cognitive_max)
    in.add_number(rule_id::cognitive_complexity, measure.cognitive);
  if (lines > method_lines_max) in.add_number(rule_id::method_too_long, lines);
  if (measure.max_nesting > nesting_max) in.add_number(rule_id::deep_nesting, measure.max_nesting);
  // An exported method that says what it is for is a place for others to write into.
  const bool is_hook = in.method->exported && !in.method->doc.empty();
  if (!is_hook && measure.statements == 0 && trimmed(in.method->body.in(in.module.text)).empty())
    in.add_at_name(rule_id::empty_method, in.name());
}

void parameters(const rule_context& in) {
  const auto all = in.parameters();
  if (all.size() > parameters_max) in.add_number(rule_id::too_many_parameters, all.size());
  const auto optional = [](const bsl::parameter& each) { return !each.default_value.empty(); };
  const auto with_default =
      static_cast<std::size_t>(std::count_if(all.begin(), all.end(), optional));
  if (with_default > optional_parameters_max)
    in.add_number(rule_id::too_many_optional_parameters, with_default);
  const auto first = std::find_if(all.begin(), all.end(), optional);
  const bool required_behind =
      std::any_of(first, all.end(), [&](const auto& each) { return !optional(each); });
  if (!required_behind) return;
  // The line is that of the parameter's lexeme: signatures go over several lines.
  for (auto i = in.head; i < in.from; ++i)
    if (in.code.token(i).offset == first->name.offset)
      return in.add(rule_id::optional_before_required, i, i, first->name.in(in.module.text));
}

void directives(const rule_context& in) {
  std::size_t found = 0;
  for (const auto& each : in.annotations()) found += is_directive(each.name.in(in.module.text));
  if (found > 1) in.add_at_name(rule_id::several_directives, in.name());
  // What a notification calls back has to be exported.
  if (in.is("CommandModule") && in.method->exported && !in.named_in_text)
    in.add_at_name(rule_id::command_module_export, in.name());
  if (found > 0 || !in.annotations().empty()) return;
  if (!in.is("FormModule") && !in.is("CommandModule")) return;
  // Ordinary forms know no directives at all.
  const auto& notes = in.module.entry.syntax.annotations;
  const bool managed = std::any_of(notes.begin(), notes.end(), [&](const auto& each) {
    return is_directive(each.name.in(in.module.text));
  });
  if (managed) in.add_at_name(rule_id::missing_directive, in.name());
}

}  // namespace

void signature_rules(const rule_context& in) {
  measures(in);
  parameters(in);
  directives(in);
}

}  // namespace artel::analysis
