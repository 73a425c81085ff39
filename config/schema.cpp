#include "config/schema.hpp"

#include <nlohmann/json.hpp>

#include "config/step_catalog.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {
namespace {

using json = nlohmann::ordered_json;

template <class Names>
json one_of(const Names& names) {
  json all = json::array();
  for (const auto& name : names) all.push_back(std::string(name));
  return {{"enum", std::move(all)}};
}

json ref(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }
json means(json what, const char* description) {
  what["description"] = description;
  return what;
}
json number(std::int64_t low, std::int64_t high) {
  return {{"type", "integer"}, {"minimum", low}, {"maximum", high}};
}
json list_of(json what) { return {{"type", "array"}, {"items", std::move(what)}}; }
json map_of(json what) { return {{"type", "object"}, {"additionalProperties", std::move(what)}}; }
json object(json properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}
json any_of(std::initializer_list<json> all) { return {{"anyOf", json(all)}}; }

const json scalar{{"type", {"string", "number", "boolean", "null"}}};
const json text{{"type", {"string", "number"}}};
const json flag{{"type", "boolean"}};

json definitions() {
  json native = json::array();
  for (const auto& name : native_step_names()) native.push_back(name);
  const json failure{{"type", {"string", "integer"}},
                     {"description", "an exit code, several (64-78), timeout, limit or error"}};
  return {
      {"name", {{"type", "string"}, {"pattern", "^[A-Za-z][A-Za-z0-9_.-]*$"}}},
      {"names", list_of(ref("name"))},
      {"duration",
       {{"type", "string"}, {"pattern", "^[0-9]+(ms|s|m|h|d)$"}, {"examples", {"90s", "10m"}}}},
      {"size", {{"type", {"string", "integer"}}, {"pattern", "^[0-9]+(KB|MB|GB)?$"}}},
      {"cores", {{"type", {"number", "string"}}}},
      {"texts", list_of(text)},
      {"text_map", map_of(scalar)},
      {"counts", any_of({ref("names"), map_of(number(1, 1'000'000))})},
      {"native_step", {{"enum", native}}},
      {"parameter",
       any_of({scalar, object({{"type", one_of(std::initializer_list<const char*>{
                                            "text", "path", "integer", "number", "boolean"})},
                               {"required", flag},
                               {"default", scalar},
                               {"choices", list_of(scalar)},
                               {"description", text}})})},
      {"schedule",
       any_of({{{"type", "string"}},
               object({{"cron", means({{"type", "string"}}, "five fields, or @daily and the like")},
                       {"every", ref("duration")},
                       {"timezone", {{"type", "string"}, {"examples", {"Europe/Berlin"}}}},
                       {"jitter", ref("duration")},
                       {"misfire", one_of(misfire_names)},
                       {"within", ref("duration")},
                       {"overlap", one_of(overlap_names)},
                       {"params", ref("text_map")}})})},
      {"backoff", object({{"min", ref("duration")},
                          {"max", ref("duration")},
                          {"factor", {{"type", "number"}}},
                          {"jitter", {{"type", "number"}}}})},
      {"group", any_of({{{"type", "null"}},
                        object({{"strategy", one_of(group_strategy_names)},
                                {"max_restarts", number(0, 100'000)},
                                {"within", ref("duration")},
                                {"backoff", ref("backoff")},
                                {"needs", ref("texts")}})})},
      {"retries", any_of({number(0, 1'000), object({{"max", number(0, 1'000)},
                                                    {"on", list_of(failure)},
                                                    {"except", list_of(failure)}})})},
  };
}

json step_properties() {
  return {
      {"use", means(ref("native_step"), "a native step; its parameters stand under 'with'")},
      {"command", means(ref("texts"), "program and arguments, no shell")},
      {"shell", means(text, "a line for /bin/sh -c")},
      {"with", means(ref("text_map"), "parameters of a native step")},
      {"env", means(ref("text_map"), "variables of a command")},
      {"secrets", means(any_of({ref("names"), map_of(ref("name"))}),
                        "variables with values that only the node knows")},
      {"cwd", means(text, "working folder of a command")},
      {"output", means(text, "folder that its outputs are published to")},
      {"artifacts", means(any_of({ref("texts"), ref("text_map")}),
                          "files and folders that it makes below $ARTEL_ARTIFACTS")},
      {"inputs",
       means(any_of({ref("texts"), ref("text_map")}),
             "artifacts of earlier steps, STEP/ARTIFACT, that it finds in $ARTEL_INPUTS")},
      {"user", means(text, "that a command runs as; the node must run as root")},
      {"resources", means(object({{"cpu", ref("cores")},
                                  {"memory", ref("size")},
                                  {"gpu", number(0, 1'024)},
                                  {"spare_cpu", flag},
                                  {"counters", ref("counts")}}),
                          "reserved on the node while an attempt runs")},
      {"pools", means(ref("counts"), "taken while an attempt is out, over all nodes")},
      {"limits", means(object({{"memory", ref("size")},
                               {"cpu", ref("cores")},
                               {"cpu_time", ref("duration")},
                               {"file_size", ref("size")},
                               {"processes", number(1, 1'000'000)},
                               {"open_files", number(16, 1'000'000)}}),
                       "what an attempt may use at most")},
      {"labels", means(ref("texts"), "the node must carry them all")},
      {"group", means(ref("name"), "that it is supervised in")},
      {"needs", means(ref("texts"), "steps or groups that must have ended as 'trigger' says")},
      {"trigger", means(one_of(trigger_rule_names), "when it starts, by what became of its needs")},
      {"when", means(scalar, "an expression; the step is skipped when it is false")},
      {"instances", number(1, 1'000'000)},
      {"matrix", means({{"type", "object"}}, "an instance for every combination of the values")},
      {"map", means(scalar, "an expression for a list: an instance for every item")},
      {"max_parallel", means(number(1, 1'000'000), "of its instances at once")},
      {"fail_fast", means(flag, "its first instance to fail stops the others")},
      {"cache", means(any_of({flag, object({{"version", text},
                                            {"inputs", ref("texts")},
                                            {"expires", ref("duration")}})}),
                      "takes the result of an earlier run when nothing has changed")},
      {"allow_failure", means(flag, "its failure neither fails the run nor stops what needs it")},
      {"timeout", means(ref("duration"), "of one attempt")},
      {"grace", means(ref("duration"), "between SIGTERM and SIGKILL")},
      {"retries", means(ref("retries"), "restarts after a failure")},
      {"wait_timeout", means(ref("duration"), "from when it may start to its first attempt")},
      {"on_oom", object({{"memory_factor", {{"type", "number"}}}, {"max", ref("size")}})},
      {"crash_limit", means(number(0, 1'000), "restarts after a crash; one more poisons the step")},
      {"backoff", means(ref("backoff"), "wait before a restart")},
  };
}

}  // namespace

std::string pipeline_schema() {
  auto defs = definitions();
  defs["step"] = object(step_properties());
  defs["step"]["oneOf"] = {
      {{"required", {"use"}}}, {{"required", {"command"}}}, {{"required", {"shell"}}}};
  defs["steps"] = map_of(ref("step"));
  auto schema = object({
      {"pipeline", means(ref("name"), "its name")},
      {"description", text},
      {"params", means(map_of(ref("parameter")), "parameters by name")},
      {"supervision",
       means(object({{"max_restarts", number(0, 100'000)}, {"within", ref("duration")}}),
             "restarts of all steps of a run together")},
      {"groups", means(map_of(ref("group")), "steps that are supervised together, by name")},
      {"timeout", means(ref("duration"), "of a run, for its steps")},
      {"priority", number(-std::int64_t{priority_max}, priority_max)},
      {"max_active_runs", number(1, 1'000'000)},
      {"schedule", means(ref("schedule"), "when it starts by itself")},
      {"schedules", map_of(ref("schedule"))},
      {"steps", means(ref("steps"), "by name, in any order")},
      {"on_success", ref("steps")},
      {"on_failure", ref("steps")},
      {"on_exit", ref("steps")},
  });
  schema["required"] = {"pipeline", "steps"};
  json whole{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
             {"title", "Artel pipeline"}};
  whole.update(schema);
  whole["$defs"] = std::move(defs);
  return whole.dump(2) + "\n";
}

}  // namespace artel::config
