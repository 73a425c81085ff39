// Steps whose instances are known only when what they need has ended.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

/// Reports the end of an attempt with a text of its own.
void say(world& w, const std::string& step, ending how, const std::string& text) {
  const auto& of = w.only();
  const auto i = *find_instance(of, step);
  decision out;
  w.cluster_.report(w.cluster_.nodes().find("n1"), 11,
                    {{of.submitted().run, i, of.at(i).attempt, how, false, text}}, w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
}

std::string values_of(const world& w) {
  std::string all;
  for (const auto& one : w.last_orders)
    for (const auto& value : one.values) all += value + " ";
  return all;
}

constexpr const char* over_files = R"(
pipeline: p
steps:
  list: {use: core.noop}
  work: {use: core.noop, needs: [list], map: steps.list.result.files, env: {F: "${item.name}", N: "${instance}"}}
  join: {use: core.noop, needs: [work], env: {ALL: "${steps.work.results}"}}
)";

}  // namespace

TEST_CASE(
    "a mapped step has an instance for every item, and what follows sees all results in order") {
  world w;
  w.submit(over_files);
  CHECK(w.only().instance_count() == 3);
  say(w, "list", ending::finished, R"({"files": [{"name": "a"}, {"name": "b c"}]})");
  CHECK(values_of(w) == "a b c ");
  CHECK(w.only().instance_count() == 4);
  CHECK(w.only().instance_name(*find_instance(w.only(), "work[1]")) == "work[1]");
  say(w, "work[1]", ending::finished, R"({"rows": 2})");
  say(w, "work[0]", ending::finished, "");
  REQUIRE(w.last_orders.size() == 1);
  CHECK(w.last_orders[0].plan->env.at("ALL") == R"([null,{"rows":2}])");
  say(w, "join", ending::finished, "");
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("an empty list is no failure: the step has no instances and what needs it goes on") {
  world w;
  w.submit(over_files);
  say(w, "list", ending::finished, R"({"files": []})");
  CHECK(w.state("join") == step_state::running);
  CHECK(w.only().end_of(1) == step_end::succeeded);
  CHECK_FALSE(find_instance(w.only(), "work"));
  w.report("join", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("what maps over empty lists alone ends at once, down the graph") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop, map: '[]'}\n  b: {use: core.noop, needs: [a], "
      "map: "
      "steps.a.results}\n  c: {use: core.noop, needs: [b], trigger: any_failed}\n");
  CHECK(w.only().state() == run_state::succeeded);
  CHECK(w.state("c") == step_state::skipped);
}

TEST_CASE("a long chain of empty lists ends without a deep stack") {
  std::string yaml = "pipeline: p\nsteps:\n  s0: {use: core.noop, map: '[]'}\n";
  for (int i = 1; i < 9'000; ++i)
    yaml += "  s" + std::to_string(i) + ": {use: core.noop, map: '[]', needs: [s" +
            std::to_string(i - 1) + "]}\n";
  world w;
  w.submit(yaml);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("many paths through empty lists are not walked one by one") {
  std::string yaml = "pipeline: p\nsteps:\n";
  for (int layer = 0; layer < 40; ++layer)
    for (int k = 0; k < 2; ++k) {
      const auto before = std::to_string(layer - 1);
      yaml += "  s" + std::to_string(layer) + "_" + std::to_string(k) +
              ": {use: core.noop, map: '[]'" +
              (layer == 0 ? "" : ", needs: [s" + before + "_0, s" + before + "_1]") + "}\n";
    }
  world w;
  w.submit(yaml);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("a value that can not be computed stops the other instances where fail_fast says so") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop, map: '[[1], [2], []]', env: {B: \"${item[0]}\"}, "
      "max_parallel: 1, fail_fast: true, retries: 2}\n");
  w.report("a[0]", ending::failed);
  w.report("a[1]", ending::finished);
  CHECK(w.state("a[2]") == step_state::failed);
  CHECK(w.state("a[0]") == step_state::cancelled);
  CHECK(w.only().state() == run_state::failed);
}

TEST_CASE("each of many instances may read one result of a step with as many") {
  world w(64);
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 20000, resources: {cpu: 0}}\n  b: "
      "{use: core.noop, "
      "needs: [a], map: range(20000), resources: {cpu: 0}, env: {R: \"${steps.a.results[item].n + "
      "1}\"}}\n");
  const auto& of = w.only();
  std::uint64_t sum = 0;
  for (std::uint32_t step = 0; step < 2; ++step)
    for (std::uint32_t k = 0; k < 20'000; ++k) {
      const auto i = of.instances_of(step).first + k;
      REQUIRE(of.at(i).state == step_state::running);
      decision out;
      w.cluster_.report(0, 11,
                        {{of.submitted().run, i, 1, ending::finished, false,
                          step == 0 ? "{\"n\": " + std::to_string(k) + "}" : ""}},
                        w.now(), out);
      w.cluster_.place(w.now(), out);
      for (const auto& one : out.orders)
        if (!one.values.empty()) sum += std::stoull(one.values[0]);
    }
  CHECK(of.state() == run_state::succeeded);
  CHECK(sum == 20'000ULL * 20'001 / 2);
}

TEST_CASE("a step that maps over what is no list fails and says what it found") {
  world w;
  w.submit(over_files);
  say(w, "list", ending::finished, R"({"files": "none"})");
  CHECK(w.state("work") == step_state::failed);
  CHECK(w.only().text_of(*find_instance(w.only(), "work")) == "map: expected a list, found none");
  CHECK(w.only().state() == run_state::failed);
}

TEST_CASE("no more than max_parallel instances of a step are out at once") {
  world w(8);
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop, map: range(5), max_parallel: 2}\n");
  CHECK(w.only().tally(0).count(step_state::running) == 2);
  w.report("a[0]", ending::finished, 0, true);  // its outputs wait to be published: still out
  CHECK(w.only().tally(0).count(step_state::running) == 1);
  w.report("a[0]", ending::published);
  CHECK(w.only().tally(0).count(step_state::running) == 2);
}

TEST_CASE("with fail_fast the first instance that fails stops the others, without it they go on") {
  for (const bool fast : {true, false}) {
    world w(2);
    w.submit(std::string("pipeline: p\nsteps:\n  a: {use: core.noop, instances: 4, fail_fast: ") +
             (fast ? "true" : "false") +
             "}\n  b: {use: core.noop, needs: [a], trigger: all_done}\n");
    w.report("a[0]", ending::failed);
    CHECK(w.state("a[3]") == (fast ? step_state::cancelled : step_state::ready));
    CHECK(w.orders(order::kind::cancel) == (fast ? 1 : 0));
    if (!fast) continue;
    CHECK(w.state("b") == step_state::waiting);
    w.report("a[1]", ending::cancelled);
    CHECK(w.state("a[1]") == step_state::cancelled);
    CHECK(w.state("b") == step_state::running);
    w.report("b", ending::finished);
    CHECK(w.only().state() == run_state::failed);
  }
}

TEST_CASE(
    "an instance that waits for its restart is not started again when another stops them all") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 2, fail_fast: true, retries: 1, "
      "backoff: {min: 100ms, max: 100ms, jitter: 0}}\n");
  w.report("a[0]", ending::failed);
  w.pass(200);
  w.report("a[1]", ending::failed);
  CHECK(w.state("a[1]") == step_state::backing_off);
  w.report("a[0]", ending::failed);
  CHECK(w.state("a[1]") == step_state::cancelled);
  CHECK(w.only().state() == run_state::failed);
}

TEST_CASE("mistakes in a map name their place") {
  const auto error_of = [](const std::string& step) {
    const auto made = coordination::compile("pipeline: p\nsteps:\n  a: " + step + "\n", "p.yaml");
    return made ? "" : made.error().text;
  };
  CHECK(error_of("{shell: x, map: range(2), instances: 2}") ==
        "p.yaml:3:43: step 'a': instances: the list of 'map' says how many there are");
  CHECK(error_of("{shell: x, max_parallel: 2}") ==
        "p.yaml:3:31: step 'a': max_parallel: the step has one instance; it goes with 'map', "
        "'matrix' or 'instances'");
  CHECK(error_of("{shell: \"${item}\"}") ==
        "p.yaml:3:3: step 'a': 'item' is a value of steps with 'map', which this one has not");
  CHECK(error_of("{shell: x, map: steps.b.result}") ==
        "p.yaml:3:22: step 'a': map: there is no step 'b'; did you mean 'a'?");
  CHECK(error_of("{shell: x, map: 'range('}").find("p.yaml:3:22: step 'a': map: ") == 0);
}
