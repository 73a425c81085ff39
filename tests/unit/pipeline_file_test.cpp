#include <catch2/catch.hpp>

#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"
#include "config/quantities.hpp"
#include "config/step_catalog.hpp"

using namespace artel;

namespace {
std::string error_of(const std::string& yaml) {
  const auto plan = coordination::compile(yaml, "p.yaml");
  return plan ? "" : plan.error().text;
}
}  // namespace

TEST_CASE("every mistake in a pipeline file is named with its line, column and what was expected") {
  struct row {
    const char* yaml;
    const char* text;
  };
  const row table[] = {
      {"", "p.yaml: the file is empty"},
      {"pipeline: p\nsteps:\n  a: {use: core.noop\n", "p.yaml:4:1: not valid YAML"},
      {"steps:\n  a: {use: core.noop}\n", "p.yaml:1:1: 'pipeline: NAME' is missing"},
      {"pipeline: p\n", "p.yaml:1:1: 'steps:' is missing or empty"},
      {"pipeline: 1x\nsteps: {a: {use: core.noop}}\n",
       "p.yaml:1:11: pipeline name '1x': expected 1 to 64"},
      {"pipeline: p\nstpes: {}\n",
       "p.yaml:2:1: pipeline file: unknown key 'stpes'; did you mean 'steps'?"},
      {"pipeline: p\npipeline: q\n", "p.yaml:2:1: pipeline file: 'pipeline' appears twice"},
      {"pipeline: p\nsteps:\n  a: {use: core.noop}\n  a: {use: core.noop}\n",
       "p.yaml:4:3: steps: 'a' appears twice"},
      {"pipeline: p\nsteps:\n  a: {use: core.nop}\n",
       "p.yaml:3:12: step 'a': unknown native step 'core.nop'; did you mean 'core.noop'?"},
      {"pipeline: p\nsteps:\n  a: {use: core.sleep}\n",
       "p.yaml:3:3: step 'a': 'core.sleep' needs 'duration' under 'with'"},
      {"pipeline: p\nsteps:\n  a: {use: core.sleep, with: {duratoin: 1s}}\n",
       "knows no key 'duratoin'; did you mean 'duration'?"},
      {"pipeline: p\nsteps:\n  a: {}\n",
       "p.yaml:3:3: step 'a': expected exactly one of use, command and shell, found 0"},
      {"pipeline: p\nsteps:\n  a: {shell: x, command: [y]}\n", "found 2"},
      {"pipeline: p\nsteps:\n  a: {shell: x, timeout: 5}\n",
       "p.yaml:3:26: step 'a': timeout: expected a duration such as 250ms, 90s, 10m or 2h, found "
       "'5'"},
      {"pipeline: p\nsteps:\n  a: {shell: x, retries: -1}\n",
       "step 'a': retries: expected a whole number from 0 to 1000, found '-1'"},
      {"pipeline: p\nsteps:\n  a: {shell: x, allow_failure: yes}\n",
       "expected true or false, found 'yes'"},
      {"pipeline: p\nsteps:\n  a: {shell: x, needs: b}\n",
       "step 'a': needs: expected a list, found 'b'"},
      {"pipeline: p\nsteps:\n  a: {shell: x, needs: [b]}\n", "p.yaml:3:25: step 'a' needs 'b'"},
      {"pipeline: p\nsteps:\n  a: {shell: x, resources: {memory: lots}}\n",
       "expected a size such as 512MB"},
      {"pipeline: p\nsteps:\n  a: {shell: x, backoff: {min: 2s, max: 1s}}\n",
       "min is longer than max"},
      {"pipeline: p\nparams: {x: {type: strnig}}\nsteps: {a: {shell: x}}\n",
       "params.x.type: expected text, path, integer, number or boolean, found 'strnig'"},
      {"pipeline: p\nparams: {x: {required: true, default: 1}}\nsteps: {a: {shell: x}}\n",
       "a required parameter has no use for a default"},
      {"pipeline: p\nparams: {x: {type: integer, default: abc}}\nsteps: {a: {shell: x}}\n",
       "params.x.default: expected a whole number, found 'abc'"},
      {"pipeline: p\nparams: {day: mon}\nsteps: {a: {shell: 'echo ${params.dya}'}}\n",
       "p.yaml:3:9: step 'a': there is no parameter 'dya'; did you mean 'day'?"},
      {"pipeline: p\nsteps:\n  <<: {}\n  a: {shell: x}\n", "merge keys"},
      {"[1, 2]", "p.yaml:1:1: pipeline file: expected a mapping, found a list"},
  };
  for (const auto& row : table) {
    const auto text = error_of(row.yaml);
    INFO(row.yaml << "\n→ " << text);
    CHECK(text.find(row.text) != std::string::npos);
  }
}

TEST_CASE("a pipeline file that uses every key is read as written") {
  const auto read = config::read_pipeline(R"(
pipeline: all
description: everything
params:
  short: value
  level: {type: integer, default: 3, choices: ["1", "3"], description: how much}
supervision: {max_restarts: 7, within: 2m}
steps:
  a:
    command: [prog, "${params.level}"]
    env: {A: b}
    cwd: /tmp
    output: /out
    allow_failure: true
    instances: 4
    resources: {cpu: 0.5, memory: 2GB, gpu: 1}
    labels: [big]
    timeout: 90s
    grace: 250ms
    retries: 2
    crash_limit: 1
    backoff: {min: 2s, max: 1m, factor: 3, jitter: 0.5}
)",
                                          "p.yaml");
  REQUIRE(read);
  const auto& step = read->steps.at(0);
  CHECK(step.command == std::vector<std::string>{"prog", "${params.level}"});
  CHECK(step.resources == resource_request{500, 2ULL << 30, 1, {}, {"big"}, false});
  CHECK(step.timeout_ms == 90'000);
  CHECK(step.grace_ms == 250);
  CHECK(step.backoff.max_ms == 60'000);
  CHECK(step.instances == 4);
  CHECK(read->intensity.max_restarts == 7);
  CHECK(read->intensity.within_ms == 120'000);
  CHECK(read->params[0].default_value == "value");
}

TEST_CASE("parameters are checked for name, type, choice and presence") {
  const auto read = config::read_pipeline(
      "pipeline: p\nparams:\n  path: {type: path, required: true}\n  n: {type: integer, default: "
      "1}\n  c: {choices: [x, y], default: x}\nsteps: {a: {shell: x}}\n",
      "p.yaml");
  REQUIRE(read);
  const auto error = [&](std::map<std::string, std::string> given) {
    const auto got = config::resolve_params(*read, given);
    return got ? "" : got.error().text;
  };
  CHECK(error({}).find("'path' of pipeline 'p' is required") != std::string::npos);
  CHECK(error({{"path", "/x"}, {"m", "1"}}).find("has no parameter 'm'") != std::string::npos);
  CHECK(error({{"path", "/x"}, {"n", "one"}}) ==
        "parameter 'n': expected a whole number, found 'one'");
  CHECK(error({{"path", "/x"}, {"c", "z"}}) == "parameter 'c': expected one of: x, y, found 'z'");
  CHECK(error({{"path", "x"}}).find("expected an absolute path") != std::string::npos);
  const auto good = config::resolve_params(*read, {{"path", "/x"}});
  REQUIRE(good);
  CHECK(good->at("n") == "1");
}

TEST_CASE("the shipped pipelines are valid") {
  for (const char* name : {"edt_analysis"}) {
    const auto path = std::string(ARTEL_SOURCE_FOLDER "/config/pipelines/") + name + ".yaml";
    const auto text = config::read_text_file(path);
    REQUIRE(text);
    const auto plan = coordination::compile(*text, path);
    INFO((plan ? "" : plan.error().text));
    CHECK(plan);
  }
}

TEST_CASE("aliases that make a small file expand beyond bounds are refused") {
  std::string yaml =
      "pipeline: p\nparams:\n  a: {description: &x \"" + std::string(1'000'000, 'x') + "\"}\n";
  for (int i = 0; i < 60; ++i) yaml += "  b" + std::to_string(i) + ": {description: *x}\n";
  yaml += "steps: {s: {shell: x}}\n";
  CHECK(error_of(yaml).find("the file expands to more than") != std::string::npos);
}

TEST_CASE("quantities are read as people write them, and nothing else is") {
  using namespace artel::config;
  CHECK(duration_ms("1500ms") == 1'500);
  CHECK(duration_ms("2h") == 7'200'000);
  for (const char* wrong : {"", "5", "5x", "-1s", "1.5s", "s", "99999999999999999999d"})
    CHECK_FALSE(duration_ms(wrong));
  CHECK(size_bytes("4GB") == 4ULL << 30);
  CHECK_FALSE(size_bytes("4gb"));
  CHECK(cores_milli("0.5") == 500);
  CHECK_FALSE(cores_milli("-1"));
  CHECK_FALSE(cores_milli("nan"));
}

TEST_CASE("a file that can not be read is an error with its name") {
  CHECK(config::read_text_file("/no/such/file.yaml")
            .error()
            .text.find("/no/such/file.yaml: can not be read") == 0);
  CHECK(config::read_text_file("/tmp").error().text.find("is a folder") != std::string::npos);
}
