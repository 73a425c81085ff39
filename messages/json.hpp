// Messages as JSON, from their field lists: what `--json` prints and what the page's API speaks.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "messages/access.hpp"
#include "messages/bytes.hpp"
#include "messages/fields.hpp"
#include "messages/ids.hpp"
#include "messages/log.hpp"
#include "messages/operation.hpp"
#include "messages/outcome.hpp"
#include "messages/states.hpp"

namespace artel {

using json = nlohmann::ordered_json;

inline json to_json(const std::string& value) { return value; }
inline json to_json(const run_id& value) { return to_text(value); }
inline json to_json(run_state value) { return to_text(value); }
inline json to_json(step_state value) { return to_text(value); }
inline json to_json(log_level value) { return to_text(value); }
inline json to_json(alert_state value) { return to_text(value); }
inline json to_json(shutdown_kind value) { return to_text(value); }
inline json to_json(trouble_code value) { return static_cast<unsigned>(value); }
inline json to_json(const bytes& value) { return value.data; }
template <class T>
requires std::is_arithmetic_v<T> json to_json(T value) { return value; }
template <class T>
json to_json(const std::optional<T>& value) {
  return value ? json(*value) : json();
}
template <class T>
json to_json(const std::vector<T>& all);
template <class T>
json to_json(const std::map<std::string, T>& all);
/// Every field of a message under its own name.
template <has_fields T>
json to_json(const T& value) {
  json object = json::object();
  for_each_field(value, [&](std::string_view name, const auto& member) {
    object[std::string(name)] = to_json(member);
  });
  return object;
}
template <class T>
json to_json(const std::vector<T>& all) {
  json array = json::array();
  for (const auto& each : all) array.push_back(to_json(each));
  return array;
}
template <class T>
json to_json(const std::map<std::string, T>& all) {
  json object = json::object();
  for (const auto& [key, each] : all) object[key] = to_json(each);
  return object;
}

/// Names the field and says what was expected.
struct json_mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
struct from_json_to;

/// Fields that are absent keep their defaults; others than those of T are a mistake.
template <has_fields T>
void from_json(const json& from, T& to, const std::string& where = {}) {
  if (!from.is_object())
    throw json_mistake((where.empty() ? "the body" : where) + ": expected an object");
  std::size_t met = 0;
  for_each_field(to, [&](std::string_view name, auto& member) {
    const auto found = from.find(std::string(name));
    if (found == from.end()) return;
    ++met;
    if (!found->is_null())
      from_json_to<std::decay_t<decltype(member)>>::read(
          *found, member, (where.empty() ? "" : where + ".") + std::string(name));
  });
  if (met == from.size()) return;
  for (const auto& [key, value] : from.items()) {
    bool known = false;
    for_each_field(to, [&](std::string_view name, auto&) { known = known || name == key; });
    if (!known)
      throw json_mistake((where.empty() ? "" : where + ".") + key + ": is not known here");
  }
}

/// The word's place among those of an enum.
template <class Enum, std::size_t Count>
Enum enum_from(const json& from, const std::string_view (&names)[Count], const std::string& where) {
  for (std::size_t i = 0; i < Count; ++i)
    if (from.is_string() && from.get_ref<const std::string&>() == names[i])
      return static_cast<Enum>(i);
  std::string all;
  for (const auto& each : names) all += (all.empty() ? "" : ", ") + std::string(each);
  throw json_mistake(where + ": expected one of " + all);
}

template <class T>
struct from_json_to {
  static void read(const json& from, T& to, const std::string& where) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!from.is_string()) throw json_mistake(where + ": expected a string");
      to = from.get<std::string>();
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!from.is_boolean()) throw json_mistake(where + ": expected true or false");
      to = from.get<bool>();
    } else if constexpr (std::is_integral_v<T>) {
      const bool good = from.is_number_integer() &&
                        (from.is_number_unsigned()
                             ? from.get<std::uint64_t>() <=
                                   static_cast<std::uint64_t>(std::numeric_limits<T>::max())
                             : std::is_signed_v<T> &&
                                   from.get<std::int64_t>() >=
                                       static_cast<std::int64_t>(std::numeric_limits<T>::min()));
      if (!good) throw json_mistake(where + ": expected a whole number that fits");
      to = from.get<T>();
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!from.is_number()) throw json_mistake(where + ": expected a number");
      to = from.get<T>();
    } else if constexpr (std::is_same_v<T, run_id>) {
      const auto id = from.is_string() ? run_id_from(from.get<std::string>()) : std::nullopt;
      if (!id) throw json_mistake(where + ": expected the id of a run (26 letters and digits)");
      to = *id;
    } else if constexpr (std::is_same_v<T, step_state>) {
      to = enum_from<step_state>(from, step_state_names, where);
    } else if constexpr (std::is_same_v<T, shutdown_kind>) {
      to = enum_from<shutdown_kind>(from, shutdown_kind_names, where);
    } else {
      from_json(from, to, where);
    }
  }
};
template <class T>
struct from_json_to<std::optional<T>> {
  static void read(const json& from, std::optional<T>& to, const std::string& where) {
    from_json_to<T>::read(from, to.emplace(), where);
  }
};
template <class T>
struct from_json_to<std::vector<T>> {
  static void read(const json& from, std::vector<T>& to, const std::string& where) {
    if (!from.is_array()) throw json_mistake(where + ": expected a list");
    for (const auto& each : from)
      from_json_to<T>::read(each, to.emplace_back(), where + "[" + std::to_string(to.size()) + "]");
  }
};
template <class T>
struct from_json_to<std::map<std::string, T>> {
  static void read(const json& from, std::map<std::string, T>& to, const std::string& where) {
    if (!from.is_object()) throw json_mistake(where + ": expected an object");
    for (const auto& [key, value] : from.items())
      from_json_to<T>::read(value, to[key], where + "." + key);
  }
};

}  // namespace artel
