#include "actors/core/expression.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"
#include "actors/core/template_text.hpp"
#include "messages/dispatch.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::core;
using artel::tests::compiled;

namespace {

/// params.day is "monday", params.n is 3, params.list is [1, 2, 3], x.y is {"z": [10, 20]}.
class some_values : public lookup {
public:
  outcome<done> find(const reference& what, any_value& into) const override {
    if (what == reference{"params", "day"}) return into = "monday", done{};
    if (what == reference{"params as given", "day"}) return into = "monday", done{};
    if (what == reference{"params", "n"}) return into = 3, done{};
    if (what == reference{"params", "list"}) return into = {1, 2, 3}, done{};
    if (what == reference{"x", "y"}) return into = any_value::parse(R"({"z":[10,20]})"), done{};
    return trouble{trouble_code::not_found, "there is no " + what.root + "." + what.key};
  }
};

/// As JSON, or the error.
std::string value_of(const std::string& text) {
  const auto read = expression::parse(text);
  if (!read) return read.error().text;
  any_value made;
  const auto good = read->evaluate(some_values(), made);
  return good ? made.dump() : good.error().text;
}

std::string filled(const std::string& text) {
  const auto read = text_template::parse(text);
  if (!read) return read.error().text;
  std::vector<instance_value> per_instance;
  const auto made = read->fill(some_values(), per_instance);
  return made ? *made : made.error().text;
}

struct row {
  const char* text;
  const char* is;
};

}  // namespace

TEST_CASE("expressions compute what a reader of Python or JavaScript expects") {
  const row rows[] = {
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * 3", "9"},
      {"7 / 2", "3.5"},
      {"7 % 4", "3"},
      {"10 - 2 - 3", "5"},
      {"-2 - -3", "1"},
      {"1.5e2", "150.0"},
      {"'a' + \"b\\n\"", "\"ab\\n\""},
      {"[1, 2] + [params.n]", "[1,2,3]"},
      {"1 < 2 and 2 <= 2 and not (3 > 4)", "true"},
      {"1 == 1.0", "true"},
      {"'1' == 1", "false"},
      {"!false && true || false", "true"},
      {"null or 'fallback'", "\"fallback\""},
      {"params.day == 'monday' ? 'yes' : 'no'", "\"yes\""},
      {"2 in params.list", "true"},
      {"'on' in params.day", "true"},
      {"9 not in params.list", "true"},
      {"x.y.z[1] + x['y'].z[-2]", "30"},
      {"len('дата')", "4"},
      {"default(x.q, 5) + default(x.y.w, 1) + default(null, 1)", "7"},
      {"join([1, 'a', true], '-')", "\"1-a-true\""},
      {"split('a,b,,c', ',')", R"(["a","b","","c"])"},
      {"int('12') + int(3.9) + int(true)", "16"},
      {"round(2.345, 2)", "2.35"},
      {"round(2.5)", "3"},
      {"min(params.list) + max(1, 5, 2) + sum(params.list)", "12"},
      {"range(3)", "[0,1,2]"},
      {"range(2, 4)", "[2,3]"},
      {"keys(x.y)", R"(["z"])"},
      {"replace(upper(trim(' ab ')), 'A', 'x')", "\"xB\""},
      {"starts_with(params.day, 'mon') and ends_with(params.day, 'day')", "true"},
      {"abs(-4)", "4"},
      {"json(x.y)", R"("{\"z\":[10,20]}")"},
      {"inner", "there is no inner."},
  };
  for (const auto& one : rows) {
    INFO(one.text);
    CHECK(value_of(one.text) == one.is);
  }
}

TEST_CASE("what is no expression is refused with the column, what can not be computed with why") {
  const row rows[] = {
      {"", "'', column 1: expected a value, found the end"},
      {"1 +", "'1 +', column 4: expected a value, found the end"},
      {"a.", "'a.', column 3: expected a name, found the end"},
      {"1 2", "'1 2', column 3: expected an operator or the end, found '2'"},
      {"lenn('a')", "'lenn('a')', column 1: unknown function 'lenn'; did you mean 'len'?"},
      {"len()", "'len()', column 1: len() takes 1 values, found 0"},
      {"'open", "'' open"},
      {"1 = 2", "'1 = 2', column 3: expected an operator or the end, found '= 2'"},
      {"1 / 0", "division by zero"},
      {"1 + 'a'", "'+' does not go with 1 and \"a\"; text(…) and float(…) make one of the other"},
      {"1 < 'a'", "'<' compares two numbers or two texts, found 1 and \"a\""},
      {"x.y.w", "there is no 'w' in {\"z\":[10,20]}; did you mean 'z'?"},
      {"x.y.z[5]", "the list has 2 items; there is no [5]"},
      {"9223372036854775807 + 1", "'+' gives a number beyond 64 bits"},
      {"int('abc')", "expected a number, found \"abc\""},
      {"range(2000000)", "a list of 2000000 items would be made; at most 1000000 are allowed"},
      {"default(1 / 0, 5)", "division by zero"},
  };
  for (const auto& one : rows) {
    INFO(one.text);
    if (std::string(one.text) == "'open")
      CHECK(value_of(one.text).find("closing quote is missing") != std::string::npos);
    else
      CHECK(value_of(one.text) == one.is);
  }
}

TEST_CASE("an expression as deep or long as anybody can make it is refused, not followed") {
  for (const auto* piece : {"(", "[", "-", "not ", "!", "len(", "1+", "a.b.c.d.e.", "1?"}) {
    std::string text;
    while (text.size() < 4'000) text += piece;
    CHECK_FALSE(expression::parse(text + "1"));
  }
  CHECK_FALSE(expression::parse(std::string(5'000, ' ')));
}

TEST_CASE("templates are filled, escapes kept, mistakes refused") {
  CHECK(filled("x ${params.day} ${instance}") == "x monday " + std::string(instance_marker));
  CHECK(filled("$${instance} $5 {}") == "${instance} $5 {}");
  CHECK(filled("${ 'a}' + \"}\" }b") == "a}}b");
  CHECK(filled("${params.n + 1} ${params.list + []} ${null}|${true}") == "4 [1,2,3] |true");
  CHECK(filled("${params.day").find("without '}'") != std::string::npos);
  CHECK(filled("${params.nothing + 1}") == "${params.nothing + 1}: there is no params.nothing");
}

TEST_CASE("a pipeline's expressions may read parameters, the run and steps that are needed") {
  const auto error_of = [](const std::string& b) {
    const auto made = coordination::compile(
        "pipeline: p\nparams: {day: x}\nsteps:\n"
        "  a: {use: core.noop}\n  c: {use: core.noop}\n  b: " +
            b + "\n",
        "p.yaml");
    return made ? "" : made.error().text;
  };
  CHECK(error_of("{shell: \"${steps.a.result.n} ${run.submitted} ${params.day}\", needs: [a]}") ==
        "");
  const row rows[] = {
      {"{shell: x, when: \"steps.a.state == 'failed'\"}",
       "p.yaml:6:23: step 'b': when: step 'a' is read but not needed; add it to 'needs'"},
      {"{shell: x, when: params.dya}",
       "p.yaml:6:23: step 'b': when: there is no parameter 'dya'; did you mean 'day'?"},
      {"{shell: x, when: 1 +}",
       "p.yaml:6:23: step 'b': when: '1 +', column 4: expected a value, found the end"},
      {"{shell: \"${run.ip}\"}",
       "p.yaml:6:3: step 'b': there is no value of the run 'ip'; did you mean 'id'?"},
      {"{shell: \"${parms.day}\"}",
       "p.yaml:6:3: step 'b': there is no value 'parms'; did you mean 'params'?"},
      {"{shell: \"${steps.d.state}\", needs: [a]}",
       "p.yaml:6:3: step 'b': there is no step 'd'; did you mean 'a'?"},
      {"{shell: x, trigger: any_failed}",
       "p.yaml:6:26: step 'b': trigger: a step that needs nothing starts at once; add 'needs' or "
       "take 'trigger' away"},
      {"{shell: x, needs: [a], trigger: all_sucess}",
       "p.yaml:6:38: step 'b': trigger: expected one of all_success, all_done, all_failed, "
       "any_success, any_failed, none_failed, none_skipped, always, found 'all_sucess'; did you "
       "mean 'all_success'?"},
  };
  for (const auto& one : rows) {
    INFO(one.text);
    CHECK(error_of(one.text) == one.is);
  }
}

TEST_CASE("a matrix has an instance for every combination that is not excluded, last key fastest") {
  const auto plan = compiled(
      "pipeline: p\nsteps:\n  a:\n    command: [train, \"${matrix.model}\", \"${matrix.depth * "
      "2}\", "
      "\"${instance + 1}\", \"${run.id}\"]\n    matrix:\n      model: [tree, forest]\n      depth: "
      "[2, 3, 4]\n"
      "      exclude: [{model: tree, depth: 3}]\n");
  REQUIRE(plan->instance_count == 5);
  const submission said{make_run_id(1, 2, 3), "p", 5, {}, {}, {}, {}};
  const auto made = render(*plan, 0, said.run, run_values(*plan, said, 0, 0));
  REQUIRE(made);
  CHECK(made->plan.command[4] == to_text(said.run));
  std::string all;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const auto values = values_of_instance(*made, run_values(*plan, said, 0, 0, i));
    REQUIRE(values);
    all += (*values)[0] + (*values)[1] + "#" + (*values)[2] + " ";
  }
  CHECK(all == "tree4#1 tree8#2 forest4#3 forest6#4 forest8#5 ");
}

TEST_CASE("a parameter whose name holds a dash or a dot is read as ${params.NAME}") {
  const auto plan = compiled(
      "pipeline: p\nparams: {out-dir: x, a.b: y}\nsteps:\n  a: {command: [\"${params.out-dir}\", "
      "\"${params.a.b}\", \"${params['out-dir'] + '!'}\"]}\n");
  const submission said{{}, "p", 1, {}, {}, {{"out-dir", "x"}, {"a.b", "y"}}, {}};
  const auto made = render(*plan, 0, said.run, run_values(*plan, said, 0, 0));
  REQUIRE(made);
  CHECK(made->plan.command == std::vector<std::string>{"x", "y", "x!"});
}

TEST_CASE("an output that a matrix makes relative is refused") {
  const auto plan = compiled(
      "pipeline: p\nsteps:\n  a: {use: core.noop, matrix: {place: [/a, b]}, output: "
      "\"${matrix.place}/x\"}\n");
  const submission said{{}, "p", 2, {}, {}, {}, {}};
  const auto made = render(*plan, 0, said.run, run_values(*plan, said, 0, 0));
  REQUIRE(made);
  CHECK(values_of_instance(*made, run_values(*plan, said, 0, 0, 0)));
  const auto wrong = values_of_instance(*made, run_values(*plan, said, 0, 0, 1));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text == "step 'a': output: expected an absolute path, found 'b'");
}

TEST_CASE("mistakes in a matrix name their place") {
  const auto error_of = [](const std::string& step) {
    const auto made = coordination::compile("pipeline: p\nsteps:\n  a: " + step + "\n", "p.yaml");
    return made ? "" : made.error().text;
  };
  const row rows[] = {
      {"{shell: x, matrix: {}}",
       "p.yaml:3:25: step 'a': matrix: expected at least one key with a list of values"},
      {"{shell: x, matrix: {m: []}}",
       "p.yaml:3:29: step 'a': matrix.m: expected at least one value"},
      {"{shell: x, matrix: {m: [1, 1]}}",
       "p.yaml:3:29: step 'a': matrix.m: '1' stands there twice"},
      {"{shell: x, matrix: {m: [1]}, instances: 2}",
       "p.yaml:3:46: step 'a': instances: the matrix says how many there are"},
      {"{shell: x, matrix: {m: [tree], exclude: [{m: trie}]}}",
       "p.yaml:3:51: step 'a': matrix.exclude.m: 'trie' is not a value of it; did you mean "
       "'tree'?"},
      {"{shell: x, matrix: {m: [1], exclude: [{m: 1}]}}",
       "p.yaml:3:43: step 'a': matrix.exclude: nothing is left to run"},
      {"{shell: \"${matrix.k}\", matrix: {m: [1]}}",
       "p.yaml:3:3: step 'a': there is no key of the step's matrix 'k'; did you mean 'm'?"},
      {"{shell: x, matrix: {m: [1]}, when: matrix.m == 1}",
       "p.yaml:3:41: step 'a': when: it is decided once for all instances of the step and can not "
       "read 'matrix', 'item' or 'instance'; leave combinations out with matrix.exclude"},
  };
  for (const auto& one : rows) {
    INFO(one.text);
    CHECK(error_of(one.text) == one.is);
  }
}
