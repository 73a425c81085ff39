#include "config/step_reader.hpp"

#include <algorithm>
#include <functional>

#include "config/artifact_reader.hpp"
#include "config/matrix.hpp"
#include "config/quantities.hpp"
#include "config/step_catalog.hpp"
#include "messages/spelling.hpp"

namespace artel::config {

void read_needs(const yaml_reader& in, const YAML::Node& value, const std::string& what,
                std::vector<std::string>& needs, std::vector<file_place>& places) {
  needs = in.texts(value, what);
  for (const auto& each : value) places.push_back(yaml_reader::place_of(each));
}

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

namespace {

/// {NAME: how many}, or a list of names, one of each.
std::map<std::string, std::uint32_t> read_counts(const yaml_reader& in, const YAML::Node& value,
                                                 const std::string& what) {
  std::map<std::string, std::uint32_t> counts;
  if (!value.IsMap()) {
    for (const auto& name : in.texts(value, what)) {
      in.check_name(value, name, what);
      counts[name] = 1;
    }
    return counts;
  }
  in.each_key(value, what, [&](const auto& name, const auto& node, const auto& count) {
    in.check_name(node, name, what);
    counts[name] = static_cast<std::uint32_t>(in.whole(count, what + "." + name, 1, 1'000'000));
  });
  return counts;
}

void read_resources(const yaml_reader& in, const YAML::Node& map, const std::string& what,
                    resource_request& to) {
  in.keys(map, what, {"cpu", "memory", "gpu", "counters", "spare_cpu"},
          [&](const auto& key, const auto&, const auto& value) {
            if (key == "cpu") {
              const auto cores = cores_milli(in.text(value, what + ".cpu"));
              if (!cores)
                in.mistake(value, what + ".cpu: expected a number of cores such as 1 or 0.5");
              to.cpu_milli = *cores;
            }
            if (key == "memory") to.memory_bytes = in.size(value, what + ".memory");
            if (key == "spare_cpu") to.spare_cpu = in.boolean(value, what + ".spare_cpu");
            if (key == "counters") to.counters = read_counts(in, value, what + ".counters");
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

/// `timeout`, `limit`, `error`, an exit code or two with a dash between them.
failure_pattern read_failure(const yaml_reader& in, const YAML::Node& at, const std::string& word,
                             const std::string& what) {
  if (word == "timeout") return {failure_cause::timeout, 0, 0};
  if (word == "limit") return {failure_cause::limit, 0, 0};
  if (word == "error") return {failure_cause::other, 0, 0};
  const auto dash = word.find('-');
  const auto low = whole_number(word.substr(0, dash));
  const auto high = dash == std::string::npos ? low : whole_number(word.substr(dash + 1));
  if (!low || !high || *low < 1 || *low > *high || *high > 255)
    in.mistake(at, what +
                       ": expected an exit code such as 75, several such as 64-78, timeout, "
                       "limit or error, found '" +
                       word + "'" +
                       did_you_mean(word, std::vector<std::string>{"timeout", "limit", "error"}));
  return {failure_cause::exit_code, static_cast<std::int32_t>(*low),
          static_cast<std::int32_t>(*high)};
}

/// A number, or {max, on, except}.
void read_retries(const yaml_reader& in, const YAML::Node& value, const std::string& what,
                  step_definition& to) {
  const auto count = [&](const YAML::Node& node, const std::string& name) {
    to.retries = static_cast<std::uint32_t>(in.whole(node, name, 0, 1000));
  };
  if (!value.IsMap()) return count(value, what);
  const auto failures = [&](const YAML::Node& node, const std::string& name,
                            std::vector<failure_pattern>& into) {
    for (const auto& word : in.texts(node, name))
      into.push_back(read_failure(in, node, word, name));
    if (into.empty()) in.mistake(node, name + ": expected at least one kind of failure");
  };
  in.keys(value, what, {"max", "on", "except"}, [&](const auto& key, const auto&, const auto& v) {
    if (key == "max") count(v, what + ".max");
    if (key == "on") failures(v, what + ".on", to.retry_on);
    if (key == "except") failures(v, what + ".except", to.retry_except);
  });
  if (!value["max"]) in.mistake(value, what + ": 'max' is missing: how many restarts at most");
}

void read_on_oom(const yaml_reader& in, const YAML::Node& value, const std::string& what,
                 step_definition& to) {
  in.keys(value, what, {"memory_factor", "max"}, [&](const auto& key, const auto&, const auto& v) {
    if (key == "memory_factor") to.memory_factor = in.real(v, what + ".memory_factor", 1.01, 100);
    if (key == "max") to.memory_bytes_max = in.size(v, what + ".max");
  });
  if (to.memory_factor == 0)
    in.mistake(value, what + ": 'memory_factor' is missing: how much more memory, such as 1.5");
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
  if (!step.secrets.empty())
    in.mistake(body["secrets"],
               what + ": secrets: native steps get none; they are variables of a command");
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

/// {VARIABLE: secret}, or a list of names that are both.
std::map<std::string, std::string> read_secrets(const yaml_reader& in, const YAML::Node& value,
                                                const std::string& what) {
  std::map<std::string, std::string> secrets;
  if (value.IsMap())
    secrets = in.text_map(value, what);
  else
    for (const auto& name : in.texts(value, what)) secrets[name] = name;
  for (const auto& [variable, name] : secrets) {
    in.check_name(value, variable, what);
    in.check_name(value, name, what);
  }
  return secrets;
}

cache_rule read_cache(const yaml_reader& in, const YAML::Node& value, const std::string& what) {
  cache_rule rule;
  rule.place = yaml_reader::place_of(value);
  if (!value.IsMap()) {
    rule.on = in.boolean(value, what);
    return rule;
  }
  rule.on = true;
  in.keys(value, what, {"version", "inputs", "expires"},
          [&](const auto& key, const auto&, const auto& v) {
            if (key == "version") rule.version = in.text(v, what + ".version");
            if (key == "inputs") rule.inputs = in.texts(v, what + ".inputs");
            if (key == "expires") rule.expires_ms = in.duration(v, what + ".expires", 365 * day_ms);
          });
  return rule;
}

/// What a key of a step does with its value.
using key_reader = std::pair<std::string, std::function<void(const YAML::Node&)>>;

/// What is run.
std::vector<key_reader> keys_of_work(const yaml_reader& in, const std::string& what,
                                     step_definition& step) {
  return {
      {"use", [&](const auto& v) { step.use = in.text(v, what + ": use"); }},
      {"command",
       [&](const auto& v) {
         step.command = in.texts(v, what + ": command");
         if (step.command.empty()) in.mistake(v, what + ": command: expected at least a program");
       }},
      {"shell", [&](const auto& v) { step.shell = in.text(v, what + ": shell"); }},
      {"with", [&](const auto& v) { step.with = in.text_map(v, what + ": with"); }},
      {"env", [&](const auto& v) { step.env = in.text_map(v, what + ": env"); }},
      {"secrets", [&](const auto& v) { step.secrets = read_secrets(in, v, what + ": secrets"); }},
      {"cwd", [&](const auto& v) { step.cwd = in.text(v, what + ": cwd"); }},
      {"output", [&](const auto& v) { step.output = in.text(v, what + ": output"); }},
      {"artifacts",
       [&](const auto& v) { step.artifacts = read_artifacts(in, v, what + ": artifacts"); }},
      {"inputs", [&](const auto& v) { step.inputs = read_inputs(in, v, what + ": inputs"); }},
      {"user", [&](const auto& v) { step.user = in.text(v, what + ": user"); }},
      {"resources",
       [&](const auto& v) { read_resources(in, v, what + ": resources", step.resources); }},
      {"pools", [&](const auto& v) { step.pools = read_counts(in, v, what + ": pools"); }},
      {"limits", [&](const auto& v) { step.limits = read_limits(in, v, what + ": limits"); }},
      {"labels", [&](const auto& v) { step.resources.labels = in.texts(v, what + ": labels"); }},
  };
}

/// When it starts, and how often.
std::vector<key_reader> keys_of_shape(const yaml_reader& in, const std::string& what,
                                      step_definition& step) {
  const auto expression = [&](const YAML::Node& v, const std::string& name, std::string& text,
                              file_place& place) {
    text = in.text(v, what + ": " + name);
    place = yaml_reader::place_of(v);
    if (text.empty()) in.mistake(v, what + ": " + name + ": expected an expression");
  };
  const auto whole = [&](const YAML::Node& v, const std::string& name) {
    return static_cast<std::uint32_t>(in.whole(v, what + ": " + name, 1, 1'000'000));
  };
  return {
      {"needs",
       [&](const auto& v) { read_needs(in, v, what + ": needs", step.needs, step.needs_places); }},
      {"group",
       [&](const auto& v) {
         step.group = in.text(v, what + ": group");
         step.group_place = yaml_reader::place_of(v);
       }},
      {"trigger", [&](const auto& v) { step.trigger = read_trigger(in, v, what + ": trigger"); }},
      {"when",
       [&, expression](const auto& v) { expression(v, "when", step.when, step.when_place); }},
      {"instances", [&, whole](const auto& v) { step.instances = whole(v, "instances"); }},
      {"matrix", [&](const auto& v) { read_matrix(in, v, what + ": matrix", step); }},
      {"map", [&, expression](const auto& v) { expression(v, "map", step.map, step.map_place); }},
      {"max_parallel", [&, whole](const auto& v) { step.max_parallel = whole(v, "max_parallel"); }},
      {"fail_fast", [&](const auto& v) { step.fail_fast = in.boolean(v, what + ": fail_fast"); }},
  };
}

/// What follows when it does not go well.
std::vector<key_reader> keys_of_failure(const yaml_reader& in, const std::string& what,
                                        step_definition& step) {
  const auto whole = [&](const YAML::Node& v, const std::string& name) {
    return static_cast<std::uint32_t>(in.whole(v, what + ": " + name, 0, 1000));
  };
  return {
      {"cache", [&](const auto& v) { step.cache = read_cache(in, v, what + ": cache"); }},
      {"allow_failure",
       [&](const auto& v) { step.allow_failure = in.boolean(v, what + ": allow_failure"); }},
      {"timeout",
       [&](const auto& v) { step.timeout_ms = in.duration(v, what + ": timeout", 365 * day_ms); }},
      {"grace",
       [&](const auto& v) {
         step.grace_ms = static_cast<std::uint32_t>(in.duration(v, what + ": grace", day_ms));
       }},
      {"retries", [&](const auto& v) { read_retries(in, v, what + ": retries", step); }},
      {"wait_timeout",
       [&](const auto& v) {
         step.wait_timeout_ms = in.duration(v, what + ": wait_timeout", 365 * day_ms);
       }},
      {"on_oom", [&](const auto& v) { read_on_oom(in, v, what + ": on_oom", step); }},
      {"crash_limit", [&, whole](const auto& v) { step.crash_limit = whole(v, "crash_limit"); }},
      {"backoff",
       [&](const auto& v) {
         step.backoff = read_backoff(in, v, what + ": backoff");
         step.own_backoff = true;
       }},
  };
}

/// Keys that do not go together.
void check_shape(const yaml_reader& in, const YAML::Node& body, const step_definition& step) {
  const auto what = "step '" + step.name + "': ";
  const auto refuse = [&](std::initializer_list<const char*> keys, const std::string& why) {
    for (const auto* key : keys)
      if (body[key]) in.mistake(body[key], what + key + ": " + why);
  };
  if (!step.matrix.empty()) refuse({"instances"}, "the matrix says how many there are");
  if (!step.map.empty())
    refuse({"instances", "matrix"}, "the list of 'map' says how many there are");
  if (step.map.empty() && step.matrix.empty() && step.instances == 1)
    refuse({"max_parallel", "fail_fast"},
           "the step has one instance; it goes with 'map', 'matrix' or 'instances'");
  if (step.resources.memory_bytes == 0 && step.limits.memory_bytes == 0)
    refuse({"on_oom"}, "the step has no memory to begin with; add 'resources: {memory: …}'");
  if (step.cache.on && !step.inputs.empty() && !waits_for_all(step.trigger))
    refuse({"cache"},
           "with 'inputs' it goes with a trigger that waits for all needs: what the step finds "
           "would hang on the moment");
  if (step.needs.empty() && step.trigger != trigger_rule::all_success)
    refuse({"trigger"},
           "a step that needs nothing starts at once; add 'needs' or take 'trigger' away");
}

}  // namespace

step_definition read_step(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                          const YAML::Node& body) {
  const auto what = "step '" + name + "'";
  in.check_name(key, name, "step name");
  step_definition step;
  step.name = name;
  step.place = yaml_reader::place_of(key);
  std::vector<key_reader> readers;
  for (const auto keys : {keys_of_work, keys_of_shape, keys_of_failure})
    for (auto& one : keys(in, what, step)) readers.push_back(std::move(one));
  std::vector<std::string> allowed;
  for (const auto& [each, read] : readers) allowed.push_back(each);
  in.keys(body, what, allowed, [&](const auto& k, const auto&, const auto& value) {
    std::find_if(readers.begin(), readers.end(), [&](const auto& each) {
      return each.first == k;
    })->second(value);
  });
  check_work(in, key, body, step);
  check_shape(in, body, step);
  return step;
}

}  // namespace artel::config
