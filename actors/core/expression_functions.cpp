// The functions that expressions know.
#include <algorithm>
#include <cmath>

#include "actors/core/expression_operators.hpp"

namespace artel::core {
namespace {

using json = nlohmann::json;
using arguments = std::vector<json>;

double number(const json& value, const char* what) {
  if (!value.is_number())
    fail_expression(std::string(what) + ": expected a number, found " + shown(value));
  return value.get<double>();
}

std::string string(const json& value, const char* what) {
  if (!value.is_string())
    fail_expression(std::string(what) + ": expected a text, found " + shown(value));
  return value.get<std::string>();
}

const json& list(const json& value, const char* what) {
  if (!value.is_array())
    fail_expression(std::string(what) + ": expected a list, found " + shown(value));
  return value;
}

json to_number(const json& value, bool whole) {
  json made = value;
  if (value.is_boolean()) made = value.get<bool>() ? 1 : 0;
  if (value.is_string()) {
    made = json::parse(value.get_ref<const std::string&>(), nullptr, false);
    if (!made.is_number()) fail_expression("expected a number, found " + shown(value));
  }
  if (!made.is_number()) fail_expression("expected a number, found " + shown(value));
  if (!whole) return made.get<double>();
  if (made.is_number_integer()) return made;
  const double cut = std::trunc(made.get<double>());
  if (!(std::abs(cut) < 9.2e18)) fail_expression(shown(value) + " is beyond 64 bits");
  return static_cast<std::int64_t>(cut);
}

json split(const std::string& text, const std::string& by) {
  if (by.empty()) fail_expression("split: expected something to split by");
  json made = json::array();
  std::size_t from = 0;
  for (auto at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
    made.push_back(text.substr(from, at - from));
    from = at + by.size();
  }
  made.push_back(text.substr(from));
  return made;
}

json join(const json& items, const std::string& by) {
  std::string made;
  for (std::size_t i = 0; i < items.size(); ++i) made += (i == 0 ? "" : by) + text_of(items[i]);
  return bounded(std::move(made));
}

json replace(std::string text, const std::string& what, const std::string& by) {
  if (what.empty()) fail_expression("replace: expected something to replace");
  std::string made;
  std::size_t from = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, from)) {
    made += text.substr(from, at - from) + by;
    from = at + what.size();
    if (made.size() > expression_text_bytes_max) break;
  }
  return bounded(made + text.substr(from));
}

json range(const arguments& given) {
  std::int64_t from = 0;
  std::int64_t to = to_number(given[0], true).get<std::int64_t>();
  if (given.size() == 2) from = to, to = to_number(given[1], true).get<std::int64_t>();
  json made = json::array();
  if (to <= from) return made;
  bound_items(static_cast<std::size_t>(to) - static_cast<std::size_t>(from));
  for (auto i = from; i < to; ++i) made.push_back(i);
  return made;
}

/// min and max of a list, or of several values.
json extreme(const arguments& given, const char* name) {
  const arguments from =
      given.size() == 1 ? arguments(list(given[0], name).begin(), given[0].end()) : given;
  if (from.empty()) fail_expression(std::string(name) + ": the list is empty", true);
  json best = from[0];
  for (const auto& one : from)
    if (*name == 'm' && name[1] == 'i' ? less("<", one, best) : less("<", best, one)) best = one;
  return best;
}

json mapped(std::string text, int (*change)(int)) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 128) c = static_cast<char>(change(c));
  return text;
}

json trim(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

json length(const json& of) {
  if (of.is_array() || of.is_object()) return of.size();
  const auto text = string(of, "len");
  // Characters, not bytes: those that do not continue another.
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

json keys(const json& of) {
  if (!of.is_object()) fail_expression("keys: expected a map, found " + shown(of));
  json made = json::array();
  for (const auto& [name, value] : of.items()) made.push_back(name);
  return made;
}

json rounded(const arguments& given) {
  const double scale =
      given.size() == 2 ? std::pow(10, std::clamp(number(given[1], "round"), 0.0, 15.0)) : 1;
  const double made = std::round(number(given[0], "round") * scale) / scale;
  if (!std::isfinite(made)) fail_expression("round: no finite number");
  return given.size() == 2 ? json(made) : to_number(made, true);
}

json sum(const json& items) {
  json made = 0;
  for (const auto& one : list(items, "sum")) made = arithmetic("+", made, one);
  return made;
}

}  // namespace

const std::map<std::string_view, expression_function>& expression_functions() {
  constexpr std::size_t any = 1'000'000;
  static const std::map<std::string_view, expression_function> all = [] {
    std::map<std::string_view, expression_function> made;
    const auto add = [&](std::string_view name, std::size_t least, std::size_t most,
                         expression_function::worker run) {
      made[name] = {least, most, run};
    };
    add("abs", 1, 1,
        [](const arguments& a) { return less("abs", a[0], 0) ? arithmetic("-", 0, a[0]) : a[0]; });
    add("default", 2, 2, nullptr);
    add("ends_with", 2, 2, [](const arguments& a) {
      return json(string(a[0], "ends_with").ends_with(string(a[1], "ends_with")));
    });
    add("float", 1, 1, [](const arguments& a) { return to_number(a[0], false); });
    add("int", 1, 1, [](const arguments& a) { return to_number(a[0], true); });
    add("join", 2, 2,
        [](const arguments& a) { return join(list(a[0], "join"), string(a[1], "join")); });
    add("json", 1, 1, [](const arguments& a) { return bounded(a[0].dump()); });
    add("keys", 1, 1, [](const arguments& a) { return keys(a[0]); });
    add("len", 1, 1, [](const arguments& a) { return length(a[0]); });
    add("lower", 1, 1, [](const arguments& a) { return mapped(string(a[0], "lower"), ::tolower); });
    add("max", 1, any, [](const arguments& a) { return extreme(a, "max"); });
    add("min", 1, any, [](const arguments& a) { return extreme(a, "min"); });
    add("range", 1, 2, range);
    add("replace", 3, 3, [](const arguments& a) {
      return replace(string(a[0], "replace"), string(a[1], "replace"), string(a[2], "replace"));
    });
    add("round", 1, 2, rounded);
    add("split", 2, 2,
        [](const arguments& a) { return split(string(a[0], "split"), string(a[1], "split")); });
    add("starts_with", 2, 2, [](const arguments& a) {
      return json(string(a[0], "starts_with").starts_with(string(a[1], "starts_with")));
    });
    add("sum", 1, 1, [](const arguments& a) { return sum(a[0]); });
    add("text", 1, 1, [](const arguments& a) { return bounded(text_of(a[0])); });
    add("trim", 1, 1, [](const arguments& a) { return trim(string(a[0], "trim")); });
    add("upper", 1, 1, [](const arguments& a) { return mapped(string(a[0], "upper"), ::toupper); });
    return made;
  }();
  return all;
}

}  // namespace artel::core
