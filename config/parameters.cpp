#include "config/parameters.hpp"

#include <algorithm>

#include "config/pipeline_file.hpp"
#include "config/quantities.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

parameter_type read_type(const yaml_reader& in, const YAML::Node& value, const std::string& what) {
  const std::vector<std::string> names{"text", "path", "integer", "number", "boolean"};
  const auto word = in.text(value, what);
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    in.mistake(value, what + ": expected text, path, integer, number or boolean, found '" + word +
                          "'" + did_you_mean(word, names));
  return static_cast<parameter_type>(found - names.begin());
}

}  // namespace

std::string unsuitable(const parameter_definition& param, const std::string& value) {
  if (!param.choices.empty() &&
      std::find(param.choices.begin(), param.choices.end(), value) == param.choices.end()) {
    std::string list;
    for (const auto& each : param.choices) list += (list.empty() ? "" : ", ") + each;
    return "expected one of: " + list;
  }
  const bool negative = !value.empty() && value[0] == '-';
  switch (param.type) {
    case parameter_type::integer:
      return whole_number(std::string_view(value).substr(negative ? 1 : 0))
                 ? ""
                 : "expected a whole number";
    case parameter_type::number:
      return real_number(value) ? "" : "expected a number";
    case parameter_type::boolean:
      return value == "true" || value == "false" ? "" : "expected true or false";
    default:
      return "";
  }
}

parameter_definition read_param(const yaml_reader& in, const std::string& name,
                                const YAML::Node& key, const YAML::Node& body) {
  const auto what = "params." + name;
  in.check_name(key, name, "parameter name");
  parameter_definition param;
  param.name = name;
  if (!body.IsMap()) {  // short form: name: default
    param.default_value = in.text(body, what);
    return param;
  }
  YAML::Node given_default;
  in.keys(body, what, {"type", "required", "default", "choices", "description"},
          [&](const auto& k, const auto&, const auto& value) {
            if (k == "type") param.type = read_type(in, value, what + ".type");
            if (k == "required") param.required = in.boolean(value, what + ".required");
            if (k == "default")
              param.default_value = in.text(value, what + ".default"), given_default = value;
            if (k == "choices") param.choices = in.texts(value, what + ".choices");
            if (k == "description") param.description = in.text(value, what + ".description");
          });
  if (given_default.IsDefined() && !given_default.IsNull()) {
    if (param.required)
      in.mistake(given_default,
                 what + ": a required parameter has no use for a default; remove one of the two");
    if (const auto why = unsuitable(param, param.default_value); !why.empty())
      in.mistake(given_default,
                 what + ".default: " + why + ", found '" + param.default_value + "'");
  }
  return param;
}

std::string_view to_text(parameter_type type) {
  constexpr std::string_view words[] = {"text", "path", "integer", "number", "boolean"};
  return words[static_cast<std::size_t>(type)];
}

outcome<std::map<std::string, std::string>> resolve_params(
    const pipeline_definition& pipeline, const std::map<std::string, std::string>& given) {
  std::vector<std::string> names;
  for (const auto& param : pipeline.params) names.push_back(param.name);
  for (const auto& [name, value] : given)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return bad_input("pipeline '" + pipeline.name + "' has no parameter '" + name + "'" +
                       did_you_mean(name, names));
  std::map<std::string, std::string> all;
  for (const auto& param : pipeline.params) {
    const auto found = given.find(param.name);
    if (found == given.end() && param.required)
      return bad_input("parameter '" + param.name + "' of pipeline '" + pipeline.name +
                       "' is required; give it with -p " + param.name + "=…");
    const auto& value = found == given.end() ? param.default_value : found->second;
    if (const auto why = found == given.end() ? std::string() : unsuitable(param, value);
        !why.empty())
      return bad_input("parameter '" + param.name + "': " + why + ", found '" + value + "'");
    if (param.type == parameter_type::path && !value.empty() && value[0] != '/')
      return bad_input("parameter '" + param.name + "': expected an absolute path, found '" +
                       value + "'");
    all[param.name] = value;
  }
  return all;
}

}  // namespace artel::config
