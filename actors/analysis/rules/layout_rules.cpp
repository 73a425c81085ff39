// Rules about a module as a whole: syntax, regions, lines, its variables.
#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

/// Walks lines that end in CRLF or LF, and in a lone CR where the module has one.
template <class Visit>
void each_line(const module_view& module, Visit visit) {
  const auto text = module.text;
  const bool lone = module.entry.line_ends == "cr" || module.entry.line_ends == "mixed";
  std::uint32_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto feed = std::min(text.find('\n', at), text.size());
    auto end = feed;
    if (lone) end = at + std::min(text.substr(at, feed - at).find('\r'), feed - at);
    if (end > at && text[end - 1] == '\r') --end;
    visit(++line, at, end);
    at = end + 1;
    if (end < text.size() && text[end] == '\r' && at < text.size() && text[at] == '\n') ++at;
  }
}

// An error knows its line and column; its place is found in one more walk, if there are errors.
void syntax_errors(const rule_context& in) {
  const auto& errors = in.module.entry.syntax.errors;
  if (errors.empty()) return;
  const auto text = in.module.text;
  std::multimap<std::uint32_t, const bsl::syntax_error*> by_line;
  for (const auto& each : errors) by_line.emplace(each.line, &each);
  each_line(in.module, [&](std::uint32_t line, std::size_t from, std::size_t end) {
    const auto [first, last] = by_line.equal_range(line);
    for (auto each = first; each != last; ++each) {
      auto at = from;
      for (std::uint32_t column = 1; column < each->second->column && at < end; ++column)
        at += decode(text, at).size;
      const bsl::span where{static_cast<std::uint32_t>(at), at < end ? 1U : 0U};
      in.add(rule_id::syntax_error, where, line, line, each->second->message);
    }
    by_line.erase(first, last);
  });
  const auto end = static_cast<std::uint32_t>(text.size());
  for (const auto& [line, each] : by_line)
    in.add(rule_id::syntax_error, {end, 0}, line, line, each->message);
}

/// Characters of a line, eight bytes at a time: nearly every line in Cyrillic has more bytes than
/// the longest line has characters.
std::size_t characters_of(std::string_view line) {
  std::size_t continued = 0;
  std::size_t at = 0;
  for (; at + 8 <= line.size(); at += 8) {
    std::uint64_t piece = 0;
    std::memcpy(&piece, line.data() + at, 8);
    const auto ends = (piece & ~(piece << 1U) & 0x8080808080808080ULL) >> 7U;  // 10xxxxxx
    continued += (ends * 0x0101010101010101ULL) >> 56U;
  }
  return at - continued + code_points(line.substr(at));
}

bool is_standard(std::string_view name) {
  static const std::set<std::string, std::less<>> names = [] {
    std::set<std::string, std::less<>> made;
    for (const std::string_view each : {"ПрограммныйИнтерфейс",
                                        "СлужебныйПрограммныйИнтерфейс",
                                        "СлужебныеПроцедурыИФункции",
                                        "ОбработчикиСобытий",
                                        "ОбработчикиСобытийФормы",
                                        "ОбработчикиСобытийЭлементовШапкиФормы",
                                        "ОбработчикиКомандФормы",
                                        "ОписаниеПеременных",
                                        "Инициализация",
                                        "УстаревшиеПроцедурыИФункции",
                                        "ДляВызоваИзДругихПодсистем",
                                        "Public",
                                        "Internal",
                                        "Private",
                                        "EventHandlers",
                                        "FormEventHandlers",
                                        "FormHeaderItemsEventHandlers",
                                        "FormCommandsEventHandlers",
                                        "Variables",
                                        "Initialize",
                                        "Deprecated"})
      made.insert(fold(each));
    return made;
  }();
  const auto folded = fold(name);
  return names.contains(folded) || folded.starts_with("обработчикисобытийэлементовтаблицыформы") ||
         folded.starts_with("formtableitemseventhandlers");
}

void regions(const rule_context& in) {
  const auto& all = in.module.entry.syntax.regions;
  const auto& tokens = in.module.log.tokens;
  std::vector<bool> has_inner(all.size() + 1);
  for (const auto& each : all) has_inner[each.parent] = true;
  std::set<std::pair<std::uint32_t, std::string>> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& each = all[i];
    const auto name = each.name.in(in.module.text);
    const auto add = [&](rule_id which) {
      in.add(which, each.name, each.line_start, each.line_start, name);
    };
    if (each.line_end == 0) {
      add(rule_id::unclosed_region);
      continue;
    }
    const auto inside = std::upper_bound(
        tokens.begin(), tokens.end(), each.name.offset,
        [](std::uint32_t at, const bsl::token& token) { return at < token.offset; });
    if (!has_inner[i + 1] && (inside == tokens.end() || inside->line > each.line_end))
      add(rule_id::empty_region);
    if (!seen.emplace(each.parent, fold(name)).second) add(rule_id::duplicate_region);
    if (each.parent == 0 && !is_standard(name)) add(rule_id::non_standard_region);
  }
  const auto& syntax = in.module.entry.syntax;
  if (all.empty() && syntax.counts.lines > lines_without_regions_max && !syntax.methods.empty())
    in.add(rule_id::missing_regions, {0, 0}, 1, 1);
  if (all.empty()) return;
  for (const auto& each : syntax.methods)
    if (each.region == 0)
      in.add(rule_id::code_outside_region, each.name, each.line_start, each.line_start,
             each.name.in(in.module.text));
}

void lines(const rule_context& in) {
  const auto text = in.module.text;
  std::uint32_t empty = 0;
  std::size_t first_empty = 0;
  each_line(in.module, [&](std::uint32_t line, std::size_t from, std::size_t end) {
    const auto size = end - from;
    if (size == 0) {
      if (empty++ == 0) first_empty = from;
      return;
    }
    if (empty > empty_lines_max)
      in.add(rule_id::consecutive_empty_lines, {static_cast<std::uint32_t>(first_empty), 0},
             line - empty, line - 1, std::to_string(empty));
    empty = 0;
    if (size <= line_length_max) return;
    const auto characters = characters_of(text.substr(from, size));
    if (characters > line_length_max)
      in.add(rule_id::line_too_long,
             {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(size)}, line, line,
             std::to_string(characters));
  });
}

void variables(const rule_context& in) {
  constexpr std::size_t variables_max = 1000;  // of more only the exported ones are looked at
  const auto& all = in.module.entry.syntax.variables;
  const bool few = !all.empty() && all.size() <= variables_max;
  std::unordered_map<std::string, std::uint32_t> places;  // folded name → lexemes that say it
  std::vector<bool> hashes(few ? 1024 : 0);
  for (const auto& each : all) {
    const auto name = each.name.in(in.module.text);
    if (few) hashes[name_hash(name) % hashes.size()] = true;
    if (each.exported) in.add(rule_id::exported_variable, each.name, each.line, each.line, name);
  }
  if (!few) return;
  for (std::uint32_t i = 0; i < in.code.size(); ++i)
    if (in.code.what(i) == bsl::lexeme::name && hashes[in.code.hash(i) % hashes.size()])
      ++places[fold(in.code.word_text(i))];
  for (const auto& each : all) {
    const auto name = each.name.in(in.module.text);
    if (!each.exported && places[fold(name)] < 2)
      in.add(rule_id::unused_module_variable, each.name, each.line, each.line, name);
  }
}

}  // namespace

void layout_rules(const rule_context& in) {
  syntax_errors(in);
  regions(in);
  lines(in);
  variables(in);
}

}  // namespace artel::analysis
