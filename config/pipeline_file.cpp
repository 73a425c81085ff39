#include "config/pipeline_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/matrix.hpp"
#include "config/quantities.hpp"
#include "config/step_catalog.hpp"
#include "config/yaml_reader.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::uint64_t day_ms = 86'400'000;

backoff_policy read_backoff(const yaml_reader& in, const YAML::Node& map, const std::string& what) {
  backoff_policy policy;
  in.keys(map, what, {"min", "max", "factor", "jitter"},
          [&](const auto& key, const auto&, const auto& value) {
            if (key == "min")
              policy.min_ms = static_cast<std::uint32_t>(in.duration(value, what + ".min", day_ms));
            if (key == "max")
              policy.max_ms = static_cast<std::uint32_t>(in.duration(value, what + ".max", day_ms));
            if (key == "factor") policy.factor = in.real(value, what + ".factor", 1, 100);
            if (key == "jitter") policy.jitter = in.real(value, what + ".jitter", 0, 1);
          });
  if (policy.min_ms > policy.max_ms) in.mistake(map, what + ": min is longer than max");
  return policy;
}

parameter_type read_type(const yaml_reader& in, const YAML::Node& value, const std::string& what) {
  const std::vector<std::string> names{"text", "path", "integer", "number", "boolean"};
  const auto word = in.text(value, what);
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    in.mistake(value, what + ": expected text, path, integer, number or boolean, found '" + word +
                          "'" + did_you_mean(word, names));
  return static_cast<parameter_type>(found - names.begin());
}

/// "" when the value suits the parameter, else what was expected.
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

void read_resources(const yaml_reader& in, const YAML::Node& map, const std::string& what,
                    resource_request& to) {
  in.keys(map, what, {"cpu", "memory", "gpu"},
          [&](const auto& key, const auto&, const auto& value) {
            if (key == "cpu") {
              const auto cores = cores_milli(in.text(value, what + ".cpu"));
              if (!cores)
                in.mistake(value, what + ".cpu: expected a number of cores such as 1 or 0.5");
              to.cpu_milli = *cores;
            }
            if (key == "memory") to.memory_bytes = in.size(value, what + ".memory");
            if (key == "gpu")
              to.gpu = static_cast<std::uint32_t>(in.whole(value, what + ".gpu", 0, 1024));
          });
}

attempt_limits read_limits(const yaml_reader& in, const YAML::Node& map, const std::string& what) {
  attempt_limits to;
  in.keys(map, what, {"memory", "cpu", "cpu_time", "file_size", "processes", "open_files"},
          [&](const auto& key, const auto&, const auto& value) {
            const auto name = what + "." + key;
            if (key == "memory") to.memory_bytes = in.size(value, name);
            if (key == "cpu") {
              const auto cores = cores_milli(in.text(value, name));
              if (!cores || *cores == 0)
                in.mistake(value, name + ": expected a number of cores such as 1 or 0.5");
              to.cpu_milli = *cores;
            }
            if (key == "cpu_time") to.cpu_time_ms = in.duration(value, name, 365 * day_ms);
            if (key == "file_size") to.file_bytes = in.size(value, name);
            if (key == "processes")
              to.processes = static_cast<std::uint32_t>(in.whole(value, name, 1, 1'000'000));
            if (key == "open_files")
              to.open_files = static_cast<std::uint32_t>(in.whole(value, name, 16, 1'000'000));
          });
  return to;
}

void read_needs(const yaml_reader& in, const YAML::Node& value, const std::string& what,
                step_definition& to) {
  to.needs = in.texts(value, what);
  for (const auto& each : value) to.needs_places.push_back(yaml_reader::place_of(each));
}

trigger_rule read_trigger(const yaml_reader& in, const YAML::Node& value, const std::string& what) {
  const auto word = in.text(value, what);
  const auto found = std::find(std::begin(trigger_rule_names), std::end(trigger_rule_names), word);
  if (found == std::end(trigger_rule_names)) {
    std::string list;
    for (const auto& each : trigger_rule_names)
      list += (list.empty() ? "" : ", ") + std::string(each);
    in.mistake(value, what + ": expected one of " + list + ", found '" + word + "'" +
                          did_you_mean(word, trigger_rule_names));
  }
  return static_cast<trigger_rule>(found - std::begin(trigger_rule_names));
}

/// Exactly one of use, command, shell; a native step must be known and get the keys that it knows.
void check_work(const yaml_reader& in, const YAML::Node& key, const YAML::Node& body,
                const step_definition& step) {
  const auto what = "step '" + step.name + "'";
  const int ways = int(!step.use.empty()) + int(!step.command.empty()) + int(!step.shell.empty());
  if (ways != 1)
    in.mistake(key, what + ": expected exactly one of use, command and shell, found " +
                        std::to_string(ways));
  if (step.use.empty()) return;
  if (!step.user.empty())
    in.mistake(body["user"], what +
                                 ": user: native steps run as the user of the node; only command "
                                 "and shell can have another");
  const auto* known = find_native_step(step.use);
  if (known == nullptr)
    in.mistake(body["use"], what + ": unknown native step '" + step.use + "'" +
                                did_you_mean(step.use, native_step_names()));
  for (const auto& [name, value] : step.with)
    if (std::find(known->keys.begin(), known->keys.end(), name) == known->keys.end())
      in.mistake(body["with"], what + ": '" + step.use + "' knows no key '" + name + "'" +
                                   did_you_mean(name, known->keys));
  for (const auto& name : known->required)
    if (!step.with.contains(name))
      in.mistake(key, what + ": '" + step.use + "' needs '" + name + "' under 'with'");
}

step_definition read_step(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                          const YAML::Node& body) {
  const auto what = "step '" + name + "'";
  in.check_name(key, name, "step name");
  step_definition step;
  step.name = name;
  step.place = yaml_reader::place_of(key);
  using handler = std::function<void(const YAML::Node&)>;
  const std::vector<std::pair<std::string, handler>> handlers{
      {"use", [&](const auto& v) { step.use = in.text(v, what + ": use"); }},
      {"command",
       [&](const auto& v) {
         step.command = in.texts(v, what + ": command");
         if (step.command.empty()) in.mistake(v, what + ": command: expected at least a program");
       }},
      {"shell", [&](const auto& v) { step.shell = in.text(v, what + ": shell"); }},
      {"with", [&](const auto& v) { step.with = in.text_map(v, what + ": with"); }},
      {"env", [&](const auto& v) { step.env = in.text_map(v, what + ": env"); }},
      {"cwd", [&](const auto& v) { step.cwd = in.text(v, what + ": cwd"); }},
      {"output", [&](const auto& v) { step.output = in.text(v, what + ": output"); }},
      {"needs", [&](const auto& v) { read_needs(in, v, what + ": needs", step); }},
      {"trigger", [&](const auto& v) { step.trigger = read_trigger(in, v, what + ": trigger"); }},
      {"when",
       [&](const auto& v) {
         step.when = in.text(v, what + ": when");
         step.when_place = yaml_reader::place_of(v);
         if (step.when.empty()) in.mistake(v, what + ": when: expected an expression");
       }},
      {"allow_failure",
       [&](const auto& v) { step.allow_failure = in.boolean(v, what + ": allow_failure"); }},
      {"instances",
       [&](const auto& v) {
         step.instances =
             static_cast<std::uint32_t>(in.whole(v, what + ": instances", 1, 1'000'000));
       }},
      {"matrix", [&](const auto& v) { read_matrix(in, v, what + ": matrix", step); }},
      {"resources",
       [&](const auto& v) { read_resources(in, v, what + ": resources", step.resources); }},
      {"limits", [&](const auto& v) { step.limits = read_limits(in, v, what + ": limits"); }},
      {"user", [&](const auto& v) { step.user = in.text(v, what + ": user"); }},
      {"labels", [&](const auto& v) { step.resources.labels = in.texts(v, what + ": labels"); }},
      {"timeout",
       [&](const auto& v) { step.timeout_ms = in.duration(v, what + ": timeout", 365 * day_ms); }},
      {"grace",
       [&](const auto& v) {
         step.grace_ms = static_cast<std::uint32_t>(in.duration(v, what + ": grace", day_ms));
       }},
      {"retries",
       [&](const auto& v) {
         step.retries = static_cast<std::uint32_t>(in.whole(v, what + ": retries", 0, 1000));
       }},
      {"crash_limit",
       [&](const auto& v) {
         step.crash_limit =
             static_cast<std::uint32_t>(in.whole(v, what + ": crash_limit", 0, 1000));
       }},
      {"backoff", [&](const auto& v) { step.backoff = read_backoff(in, v, what + ": backoff"); }},
  };
  std::vector<std::string> allowed;
  for (const auto& [each, handle] : handlers) allowed.push_back(each);
  in.keys(body, what, allowed, [&](const auto& k, const auto&, const auto& value) {
    std::find_if(handlers.begin(), handlers.end(), [&](const auto& each) {
      return each.first == k;
    })->second(value);
  });
  check_work(in, key, body, step);
  if (!step.matrix.empty() && body["instances"])
    in.mistake(body["instances"], what + ": instances: the matrix says how many there are");
  if (step.needs.empty() && step.trigger != trigger_rule::all_success)
    in.mistake(body["trigger"], what +
                                    ": trigger: a step that needs nothing starts at once; add "
                                    "'needs' or take 'trigger' away");
  return step;
}

restart_intensity read_supervision(const yaml_reader& in, const YAML::Node& map,
                                   restart_intensity to) {
  in.keys(map, "supervision", {"max_restarts", "within"},
          [&](const auto& key, const auto&, const auto& value) {
            if (key == "max_restarts")
              to.max_restarts = static_cast<std::uint32_t>(
                  in.whole(value, "supervision.max_restarts", 0, 100'000));
            if (key == "within")
              to.within_ms = in.duration(value, "supervision.within", 365 * day_ms);
          });
  if (to.within_ms == 0) in.mistake(map, "supervision.within: expected a duration longer than 0");
  return to;
}

}  // namespace

std::string_view to_text(parameter_type type) {
  constexpr std::string_view words[] = {"text", "path", "integer", "number", "boolean"};
  return words[static_cast<std::size_t>(type)];
}

outcome<pipeline_definition> read_pipeline(const std::string& text, const std::string& file) {
  try {
    const yaml_reader in(file);
    const auto root = in.parse(text);
    if (root.IsNull())
      return bad_input(file + ": the file is empty; expected 'pipeline:' and 'steps:'");
    pipeline_definition pipeline;
    pipeline.file = file;
    in.keys(root, "pipeline file", {"pipeline", "description", "params", "supervision", "steps"},
            [&](const auto& key, const auto& key_node, const auto& value) {
              if (key == "pipeline") {
                pipeline.name = in.text(value, "pipeline");
                in.check_name(value, pipeline.name, "pipeline name");
              }
              if (key == "description") pipeline.description = in.text(value, "description");
              if (key == "supervision")
                pipeline.intensity = read_supervision(in, value, pipeline.intensity);
              if (key == "params" && !value.IsNull())
                in.each_key(value, "params", [&](const auto& k, const auto& kn, const auto& v) {
                  pipeline.params.push_back(read_param(in, k, kn, v));
                });
              if (key == "steps") {
                if (value.IsNull())
                  in.mistake(key_node, "steps: expected a mapping of step names, found nothing");
                in.each_key(value, "steps", [&](const auto& k, const auto& kn, const auto& v) {
                  pipeline.steps.push_back(read_step(in, k, kn, v));
                });
              }
            });
    if (pipeline.name.empty()) return bad_input(file + ":1:1: 'pipeline: NAME' is missing");
    if (pipeline.steps.empty())
      return bad_input(file +
                       ":1:1: 'steps:' is missing or empty; a pipeline has at least one step");
    return pipeline;
  } catch (const yaml_mistake& wrong) {
    return bad_input(wrong.text);
  } catch (const YAML::Exception& e) {
    return bad_input(file + ": " + e.what());
  }
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

outcome<std::string> read_text_file(const std::string& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem))
    return bad_input(path + ": is a folder; expected a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return trouble{trouble_code::io_error,
                   path + ": can not be read (" + std::strerror(errno) + ")"};
  std::ostringstream all;
  all << in.rdbuf();
  if (in.bad())
    return trouble{trouble_code::io_error,
                   path + ": reading failed (" + std::strerror(errno) + ")"};
  return all.str();
}

}  // namespace artel::config
