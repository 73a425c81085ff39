// on_success, on_failure, on_exit: steps that start when all others have ended.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

constexpr const char* handled = R"(
pipeline: p
steps:
  a: {use: core.noop}
  b: {use: core.noop, needs: [a]}
on_success:
  cheer: {use: core.noop, env: {B: "${steps.b.result.x}"}}
on_failure:
  mourn: {use: core.noop, env: {WHY: "${run.error}", STATE: "${run.state}"}}
  bury: {use: core.noop, needs: [mourn]}
on_exit:
  sweep: {use: core.noop, env: {STATE: "${run.state}"}}
)";

std::string given(const world& w, const std::string& name) {
  return w.last_orders.empty() ? "" : w.last_orders.back().plan->env.at(name);
}

}  // namespace

TEST_CASE("when all steps succeeded, on_success runs, then on_exit, and on_failure is skipped") {
  world w;
  w.submit(handled);
  w.report("a", ending::finished);
  CHECK(w.state("cheer") == step_state::waiting);
  decision out;
  w.cluster_.report(0, 11,
                    {{w.only().submitted().run, 1, 1, ending::finished, false, R"({"x": 3})"}},
                    w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
  CHECK(given(w, "B") == "3");
  CHECK(w.state("mourn") == step_state::skipped);
  CHECK(w.only().text_of(*find_instance(w.only(), "mourn")) == "it is for runs that fail");
  CHECK(w.state("bury") == step_state::skipped);
  CHECK(w.state("sweep") == step_state::waiting);
  w.report("cheer", ending::finished);
  CHECK(given(w, "STATE") == "succeeded");
  CHECK(w.only().state() == run_state::running);
  w.report("sweep", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("when a step failed, on_failure hears why, then on_exit runs, and the run has failed") {
  world w;
  w.submit(handled);
  w.report("a", ending::failed);
  CHECK(given(w, "WHY") == "step 'a' failed");
  CHECK(given(w, "STATE") == "failed");
  CHECK(w.state("cheer") == step_state::skipped);
  w.report("mourn", ending::finished);
  w.report("bury", ending::finished);
  w.report("sweep", ending::finished);
  CHECK(w.only().state() == run_state::failed);
  CHECK(w.only().reason() == "step 'a' failed");
}

TEST_CASE("a run that is cancelled runs on_exit alone, cancelled once more it stops that, too") {
  world w;
  w.submit(handled);
  w.cancel();
  CHECK(w.state("b") == step_state::cancelled);
  CHECK(w.state("sweep") == step_state::waiting);
  w.report("a", ending::cancelled);
  CHECK(w.state("mourn") == step_state::skipped);
  CHECK(given(w, "STATE") == "cancelled");
  w.cancel();
  CHECK(w.orders(order::kind::cancel) == 1);
  w.report("sweep", ending::cancelled);
  CHECK(w.only().state() == run_state::cancelled);
}

TEST_CASE("a run that was refused after all runs no handler either") {
  world w;
  w.submit(handled);
  decision out;
  REQUIRE(w.cluster_.cancel(1, "refused", w.now(), out, cluster::cancel_what::refused));
  w.take(out);
  w.report("a", ending::cancelled);
  CHECK(w.state("sweep") == step_state::cancelled);
  CHECK(w.only().state() == run_state::cancelled);
}

TEST_CASE("a handler that fails fails a run that had succeeded, unless it may") {
  for (const bool may : {false, true}) {
    world w;
    w.submit(
        std::string("pipeline: p\nsteps:\n  a: {use: core.noop}\non_exit:\n  x: {use: core.noop") +
        (may ? ", allow_failure: true" : "") + "}\n");
    w.report("a", ending::finished);
    w.report("x", ending::failed);
    CHECK(w.only().state() == (may ? run_state::succeeded : run_state::failed));
  }
}

TEST_CASE("a run that is out of time is handled as one that failed") {
  world w;
  w.submit(
      "pipeline: p\ntimeout: 500ms\nsteps:\n  a: {use: core.noop}\non_failure:\n  x: {use: "
      "core.noop}\n");
  w.pass(600);
  w.report("a", ending::cancelled);
  CHECK(w.state("x") == step_state::running);
  w.report("x", ending::finished);
  CHECK(w.only().state() == run_state::failed);
}

TEST_CASE("the timeout of a run is for its steps, handlers go on past it, also after recovery") {
  const std::string yaml =
      "pipeline: p\ntimeout: 500ms\nsteps:\n  a: {use: core.noop}\non_exit:\n  x: {use: "
      "core.noop}\n";
  world w;
  w.submit(yaml);
  w.report("a", ending::finished);
  w.pass(600);
  CHECK(w.state("x") == step_state::running);
  cluster again({1'000, 100, 5}, 1);
  again.replay_submitted(w.facts.front(), w.only().submitted(), compiled(yaml));
  for (std::size_t i = 1; i < w.facts.size(); ++i) again.replay(w.facts[i]);
  decision out;
  again.recovered(w.now(), out);
  again.place(w.now(), out);
  CHECK(out.facts.empty());
  w.report("x", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("mistakes in handlers name their place") {
  const auto error_of = [](const std::string& rest) {
    const auto made =
        coordination::compile("pipeline: p\nsteps:\n  a: {use: core.noop}\n" + rest, "p.yaml");
    return made ? "" : made.error().text;
  };
  CHECK(error_of("on_exit:\n  x: {use: core.noop, needs: [a]}\n") ==
        "p.yaml:5:31: step 'x' needs 'a', which stands under 'steps'; handlers start when all of "
        "'steps' has ended, and need only each other");
  CHECK(error_of("on_exit:\n  a: {use: core.noop}\n") ==
        "p.yaml:5:3: on_exit: there is a step 'a' under 'steps' already");
  CHECK(
      error_of("  b: {shell: \"${run.state}\"}\n") ==
      "p.yaml:4:3: step 'b': run.state is known when all of 'steps' has ended: to the steps under "
      "on_success, on_failure and on_exit");
  CHECK(error_of("on_failur:\n  b: {use: core.noop}\n").find("did you mean 'on_failure'?") !=
        std::string::npos);
}
