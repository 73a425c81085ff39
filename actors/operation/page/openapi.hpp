// OpenAPI operations from the field lists of messages.
#pragma once

#include "actors/operation/page/routes.hpp"

namespace artel::operation {

template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;
template <class T>
constexpr bool is_map = false;
template <class T>
constexpr bool is_map<std::map<std::string, T>> = true;
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <std::size_t Count>
json words_schema(const std::string_view (&names)[Count]) {
  json made{{"type", "string"}, {"enum", json::array()}};
  for (const auto& each : names) made["enum"].push_back(each);
  return made;
}

template <class T>
json schema_of() {
  if constexpr (std::is_same_v<T, bool>)
    return {{"type", "boolean"}};
  else if constexpr (std::is_integral_v<T> || std::is_same_v<T, trouble_code>)
    return {{"type", "integer"}};
  else if constexpr (std::is_floating_point_v<T>)
    return {{"type", "number"}};
  else if constexpr (std::is_same_v<T, run_state>)
    return words_schema(run_state_names);
  else if constexpr (std::is_same_v<T, step_state>)
    return words_schema(step_state_names);
  else if constexpr (std::is_same_v<T, shutdown_kind>)
    return words_schema(shutdown_kind_names);
  else if constexpr (std::is_same_v<T, log_level>)
    return words_schema(log_level_names);
  else if constexpr (std::is_same_v<T, alert_state>)
    return words_schema(alert_state_names);
  else if constexpr (is_vector<T>)
    return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
  else if constexpr (is_map<T>)
    return {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}};
  else if constexpr (is_optional<T>)
    return schema_of<typename T::value_type>();
  else if constexpr (has_fields<T>) {
    json made{{"type", "object"}, {"properties", json::object()}};
    T example{};
    for_each_field(example, [&](std::string_view name, const auto& member) {
      made["properties"][std::string(name)] = schema_of<std::decay_t<decltype(member)>>();
    });
    return made;
  } else {
    return {{"type", "string"}};
  }
}

/// Answers of every operation that can be refused.
json refusals();

template <class Request, class Answer>
json describe_as(const route& of) {
  json made{{"summary", of.summary}, {"operationId", of.request}, {"parameters", json::array()}};
  json body = json::object();
  Request example{};
  for_each_field(example, [&](std::string_view field, const auto& member) {
    const std::string name(field);
    auto schema = schema_of<std::decay_t<decltype(member)>>();
    if (of.path.find("{" + name + "}") != of.path.npos)
      made["parameters"].push_back(
          {{"name", name}, {"in", "path"}, {"required", true}, {"schema", schema}});
    else if (of.method == "GET")
      made["parameters"].push_back({{"name", name},
                                    {"in", "query"},
                                    {"style", "form"},
                                    {"explode", false},
                                    {"schema", schema}});
    else if (name != "by")  // who asks is known
      body[name] = schema;
  });
  if (of.method != "GET")
    made["requestBody"]["content"]["application/json"]["schema"] = {{"type", "object"},
                                                                    {"properties", body}};
  made["responses"] = refusals();
  made["responses"]["200"] = {{"description", of.answer}};
  made["responses"]["200"]["content"]["application/json"]["schema"] = schema_of<Answer>();
  return made;
}

}  // namespace artel::operation
