// Rules about the comment above an exported method. Of a module with regions only the standard
// region of the interface is looked at: the rest is exported for the vendor's own use.
#include <algorithm>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

bool is_any(std::string_view name, std::initializer_list<std::string_view> of) {
  return std::any_of(of.begin(), of.end(),
                     [name](std::string_view each) { return same_name(name, each); });
}

bool is_interface(std::string_view region) {
  return is_any(region, {"ПрограммныйИнтерфейс", "Public", "ИнтерфейсДляВызоваИзДругихПодсистем"});
}

/// The method belongs to the module's published interface.
bool is_published(const rule_context& in) {
  if (!in.method->exported || (!in.is("CommonModule") && !in.is("ManagerModule"))) return false;
  const auto& regions = in.module.entry.syntax.regions;
  const bool marked = std::any_of(regions.begin(), regions.end(), [&](const auto& each) {
    return is_interface(each.name.in(in.module.text));
  });
  if (!marked) return regions.empty();
  for (auto at = in.method->region; at != 0; at = regions[at - 1].parent)
    if (is_interface(regions[at - 1].name.in(in.module.text))) return true;
  return false;
}

/// A method's comment, as far as these rules read it.
struct described {
  bool link = false;  ///< refers to another description
  bool parameters = false;
  bool returns = false;
  std::vector<std::string_view> names;  ///< what the lines of the parameters begin with
  std::vector<std::string_view> outer;  ///< those of them that are parameters by their indentation
};

bool starts_with_name(std::string_view line, std::string_view word) {
  return line.size() >= word.size() && same_name(line.substr(0, word.size()), word);
}

std::string_view first_name(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    const auto point = decode(line, at);
    const bool digit = point.value >= U'0' && point.value <= U'9';
    if (!is_letter(point.value) && !digit) break;
    at += point.size;
  }
  return line.substr(0, at);
}

described read_description(std::string_view block) {
  described found;
  std::size_t indent = 0;
  bool inside = false;
  while (!block.empty()) {
    const auto end = line_end_at(block, 0);
    auto line = trimmed(block.substr(0, end));
    block.remove_prefix(std::min(end + 1, block.size()));
    if (!line.starts_with("//")) continue;
    line.remove_prefix(2);
    const auto content = trimmed(line);
    const auto spaces = static_cast<std::size_t>(content.data() - line.data());
    if (content.empty()) continue;
    if (starts_with_name(content, "См.") || starts_with_name(content, "See")) found.link = true;
    const auto title = content.substr(0, content.find(':'));
    if (is_any(title, {"Параметры", "Parameters"})) {
      found.parameters = inside = true;
    } else if (is_any(title,
                      {"Возвращаемое значение", "Returns", "Return value", "Returned value"})) {
      found.returns = true, inside = false;
    } else if (is_any(title, {"Пример", "Примеры", "Example", "Examples", "Варианты вызова",
                              "Call options"})) {
      inside = false;
    } else if (inside) {
      const auto name = first_name(content);
      if (name.empty()) continue;
      const auto behind = trimmed(content.substr(name.size()));
      const bool dashed = behind.starts_with("-") || behind.starts_with("–") ||
                          behind.starts_with("—") || behind.empty();
      found.names.push_back(name);
      if (found.outer.empty()) indent = spaces;
      if (dashed && spaces == indent) found.outer.push_back(name);
    }
  }
  return found;
}

void parameters(const rule_context& in, const described& said) {
  const auto contains = [](const std::vector<std::string_view>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view each) { return same_name(each, name); });
  };
  std::vector<std::string_view> real;
  for (const auto& each : in.parameters()) real.push_back(each.name.in(in.module.text));
  std::string missing;
  for (const auto name : real) {
    if (contains(said.names, name)) continue;
    if (!missing.empty()) missing += ", ";
    missing += name;
  }
  if (!missing.empty()) return in.add_at_name(rule_id::doc_parameter_mismatch, missing);
  for (const auto name : said.outer)
    if (!contains(real, name)) return in.add_at_name(rule_id::doc_parameter_mismatch, name);
}

}  // namespace

void documentation_rules(const rule_context& in) {
  const auto& regions = in.module.entry.syntax.regions;
  if (!in.method->exported && in.method->region != 0 &&
      (in.is("CommonModule") || in.is("ManagerModule")) &&
      is_any(regions[in.method->region - 1].name.in(in.module.text),
             {"ПрограммныйИнтерфейс", "Public", "СлужебныйПрограммныйИнтерфейс", "Internal"}))
    in.add_at_name(rule_id::private_method_in_api, in.name());
  if (!is_published(in)) return;
  if (in.method->doc.empty()) return in.add_at_name(rule_id::missing_export_doc, in.name());
  const auto said = read_description(in.method->doc.in(in.module.text));
  if (said.link) return;
  if (!in.method->parameters.empty()) parameters(in, said);
  if (in.method->kind == bsl::method_kind::function && !said.returns)
    in.add_at_name(rule_id::missing_return_doc, in.name());
}

}  // namespace artel::analysis
