#include "actors/analysis/bsl/doc_comment.hpp"

#include <algorithm>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis::bsl {
namespace {

enum class section { description, parameters, returns, example, other };

bool is_title(std::string_view line, std::initializer_list<std::string_view> titles) {
  if (line.ends_with(':')) line.remove_suffix(1);
  for (const auto title : titles)
    if (same_name(trimmed(line), title)) return true;
  return false;
}

// True and moved on when the line begins a section.
bool begins_section(std::string_view line, section& to) {
  if (is_title(line, {"Параметры", "Parameters"}))
    to = section::parameters;
  else if (is_title(line, {"Возвращаемое значение", "Returns", "Return value", "Returned value"}))
    to = section::returns;
  else if (is_title(line, {"Пример", "Примеры", "Example", "Examples"}))
    to = section::example;
  else if (is_title(line, {"Варианты вызова", "Call options"}))
    to = section::other;
  else
    return false;
  return true;
}

void add_line(std::string& to, std::string_view line) {
  if (!to.empty()) to += '\n';
  to += line;
}

bool starts_folded(std::string_view line, std::string_view word) {
  return line.size() >= word.size() && same_name(line.substr(0, word.size()), word);
}

// "Name - Type - what it is", also with long dashes.
bool splits(std::string_view line, std::string_view& head, std::string_view& tail) {
  for (const std::string_view dash : {" - ", " – ", " — "}) {
    const auto at = line.find(dash);
    if (at == std::string_view::npos) continue;
    head = trimmed(line.substr(0, at));
    tail = trimmed(line.substr(at + dash.size()));
    return true;
  }
  return false;
}

bool is_one_name(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    if (!is_letter(point.value) && !(point.value >= U'0' && point.value <= U'9')) return false;
    at += point.size;
  }
  return !text.empty();
}

void parameter_line(std::string_view line, std::vector<doc_parameter>& to) {
  std::string_view name;
  std::string_view rest;
  if (splits(line, name, rest) && is_one_name(name)) {
    doc_parameter made{std::string(name), {}, {}};
    std::string_view types;
    std::string_view words;
    if (splits(rest, types, words))
      made.types = types, made.description = words;
    else
      made.types = rest;
    to.push_back(std::move(made));
  } else if (!to.empty()) {
    add_line(to.back().description, line);
  }
}

}  // namespace

doc_comment parse_doc_comment(std::string_view block) {
  doc_comment found;
  auto in = section::description;
  while (!block.empty()) {
    const auto end = line_end_at(block, 0);
    auto line = trimmed(block.substr(0, end));
    block.remove_prefix(std::min(end + 1, block.size()));
    if (!line.starts_with("//")) continue;
    line = trimmed(line.substr(2));
    if (begins_section(line, in)) continue;
    if (in == section::description &&
        (starts_folded(line, "Устарела") || starts_folded(line, "Deprecated") ||
         starts_folded(line, "Устаревшая"))) {
      found.is_deprecated = true;
      const auto dot = line.find_first_of(".: ");
      found.deprecated = dot == std::string_view::npos ? "" : trimmed(line.substr(dot + 1));
    }
    if (line.empty() && in != section::description) continue;
    switch (in) {
      case section::description:
        if (!line.empty() || !found.description.empty()) add_line(found.description, line);
        break;
      case section::parameters:
        parameter_line(line, found.parameters);
        break;
      case section::returns:
        add_line(found.returns, line);
        break;
      case section::example:
        add_line(found.example, line);
        break;
      case section::other:
        break;
    }
  }
  found.description = trimmed(found.description);
  return found;
}

}  // namespace artel::analysis::bsl
