#include "actors/core/expression_operators.hpp"

#include <algorithm>
#include <cmath>

#include "messages/spelling.hpp"

namespace artel::core {

using json = nlohmann::json;

void fail_expression(std::string text, bool missing) {
  throw expression_mistake{std::move(text),
                           missing ? trouble_code::not_found : trouble_code::bad_input};
}

std::string shown(const json& value) {
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "…";
  return text;
}

any_value bounded(std::string text) {
  if (text.size() > expression_text_bytes_max)
    fail_expression("a text of " + std::to_string(text.size()) + " bytes would be made; at most " +
                    std::to_string(expression_text_bytes_max) + " are allowed");
  return text;
}

void bound_items(std::size_t items) {
  if (items > expression_items_max)
    fail_expression("a list of " + std::to_string(items) + " items would be made; at most " +
                    std::to_string(expression_items_max) + " are allowed");
}

namespace {

bool both_whole(const json& a, const json& b) {
  return a.is_number_integer() && b.is_number_integer();
}

json real(double value, const std::string& sign) {
  if (!std::isfinite(value)) fail_expression("'" + sign + "' gives no finite number");
  return value;
}

json whole_arithmetic(const std::string& sign, std::int64_t a, std::int64_t b) {
  std::int64_t made = 0;
  bool over = false;
  if (sign == "+") over = __builtin_add_overflow(a, b, &made);
  if (sign == "-") over = __builtin_sub_overflow(a, b, &made);
  if (sign == "*") over = __builtin_mul_overflow(a, b, &made);
  if (sign == "%") {
    if (b == 0) fail_expression("division by zero");
    made = b == -1 ? 0 : a % b;
  }
  if (over) fail_expression("'" + sign + "' gives a number beyond 64 bits");
  return made;
}

bool contains(const json& where, const json& what) {
  if (where.is_array()) return std::find(where.begin(), where.end(), what) != where.end();
  if (where.is_object()) return what.is_string() && where.contains(what.get<std::string>());
  if (where.is_string() && what.is_string())
    return where.get_ref<const std::string&>().find(what.get_ref<const std::string&>()) !=
           std::string::npos;
  fail_expression("'in' looks into a list, a map or a text, found " + shown(where));
}

}  // namespace

json arithmetic(const std::string& sign, const json& a, const json& b) {
  if (sign == "+" && a.is_string() && b.is_string())
    return bounded(a.get<std::string>() + b.get<std::string>());
  if (sign == "+" && a.is_array() && b.is_array()) {
    bound_items(a.size() + b.size());
    auto made = a;
    made.insert(made.end(), b.begin(), b.end());
    return made;
  }
  if (!a.is_number() || !b.is_number())
    fail_expression(
        "'" + sign + "' does not go with " + shown(a) + " and " + shown(b) +
        (a.is_string() || b.is_string() ? "; text(…) and float(…) make one of the other" : ""));
  if (both_whole(a, b) && sign != "/")
    return whole_arithmetic(sign, a.get<std::int64_t>(), b.get<std::int64_t>());
  const double x = a.get<double>(), y = b.get<double>();
  if ((sign == "/" || sign == "%") && y == 0) fail_expression("division by zero");
  if (sign == "+") return real(x + y, sign);
  if (sign == "-") return real(x - y, sign);
  if (sign == "*") return real(x * y, sign);
  if (sign == "/") return real(x / y, sign);
  return real(std::fmod(x, y), sign);
}

bool less(const std::string& sign, const json& a, const json& b) {
  if (both_whole(a, b)) return a.get<std::int64_t>() < b.get<std::int64_t>();
  if (a.is_number() && b.is_number()) return a.get<double>() < b.get<double>();
  if (a.is_string() && b.is_string())
    return a.get_ref<const std::string&>() < b.get_ref<const std::string&>();
  fail_expression("'" + sign + "' compares two numbers or two texts, found " + shown(a) + " and " +
                  shown(b));
}

bool compare(const std::string& sign, const json& a, const json& b) {
  if (sign == "==") return a == b;
  if (sign == "!=") return a != b;
  if (sign == "in") return contains(b, a);
  if (sign == "not in") return !contains(b, a);
  if (sign == "<") return less(sign, a, b);
  if (sign == ">") return less(sign, b, a);
  if (sign == "<=") return !less(sign, b, a);
  return !less(sign, a, b);
}

const json& member(const json& of, const json& key) {
  if (of.is_object() && key.is_string()) {
    const auto found = of.find(key.get_ref<const std::string&>());
    if (found != of.end()) return *found;
    std::vector<std::string> names;
    for (const auto& [name, value] : of.items()) names.push_back(name);
    fail_expression("there is no '" + key.get<std::string>() + "' in " + shown(of) +
                        did_you_mean(key.get<std::string>(), names),
                    true);
  }
  if (of.is_array() && key.is_number_integer()) {
    auto at = key.get<std::int64_t>();
    if (at < 0) at += static_cast<std::int64_t>(of.size());
    if (at >= 0 && at < static_cast<std::int64_t>(of.size()))
      return of[static_cast<std::size_t>(at)];
    fail_expression("the list has " + std::to_string(of.size()) + " items; there is no [" +
                        std::to_string(key.get<std::int64_t>()) + "]",
                    true);
  }
  fail_expression(shown(of) + " has no member " + shown(key), of.is_null());
}

}  // namespace artel::core
