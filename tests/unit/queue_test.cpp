// Whose turn it is: priorities, and how many runs of a pipeline are active at once.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

std::string named(const std::string& name, const std::string& top = "") {
  return "pipeline: " + name + "\n" + top + "steps:\n  a: {use: core.noop}\n";
}

step_state state_of(const world& w, run_no number) { return w.cluster_.find(number)->at(0).state; }

void finish(world& w, run_no number) {
  const auto& of = *w.cluster_.find(number);
  decision out;
  w.cluster_.report(0, 11, {{of.submitted().run, 0, of.at(0).attempt, ending::finished, false, ""}},
                    w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
}

}  // namespace

TEST_CASE("a run of higher priority goes first, and a point is worth a minute of waiting") {
  world w(1);
  w.submit(named("busy"));
  w.submit(named("low", "priority: -1\n"), 2);
  w.submit(named("plain"), 3);
  w.ms_ += 59'000;
  w.cluster_.heard(0, w.now().steady_ms);
  w.submit(named("high", "priority: 1\n"), 4);
  w.ms_ += 2'000;
  w.cluster_.heard(0, w.now().steady_ms);
  w.submit(named("late", "priority: 1\n"), 5);  // plain has waited longer than a minute
  std::string order;
  for (run_no running = 1; running != 0;) {
    finish(w, running);
    running = 0;
    for (run_no each = 2; each <= 5; ++each)
      if (state_of(w, each) == step_state::running) running = each;
    if (running != 0) order += std::to_string(running);
  }
  CHECK(order == "4352");
}

TEST_CASE("no more than max_active_runs of a pipeline begin, the others wait their turn") {
  world w(8);
  for (std::uint64_t id = 1; id <= 3; ++id) w.submit(named("p", "max_active_runs: 2\n"), id);
  w.submit(named("q"), 4);
  CHECK(state_of(w, 2) == step_state::running);
  CHECK(state_of(w, 3) == step_state::ready);
  CHECK(state_of(w, 4) == step_state::running);
  CHECK(w.cluster_.queue_of(*w.cluster_.find(run_no{3})) ==
        "as many runs of its pipeline have begun as max_active_runs allows (2)");
  finish(w, 1);
  CHECK(state_of(w, 3) == step_state::running);
}

TEST_CASE("a run that is paused while it waits its turn does not hold up those behind it") {
  world w;
  const auto yaml = named("p", "max_active_runs: 1\n");
  for (std::uint64_t id = 1; id <= 3; ++id) w.submit(yaml, id);
  decision out;
  REQUIRE(w.cluster_.pause_run(2, false, "by me", w.now(), out));
  w.report("a", ending::finished);
  CHECK_FALSE(w.cluster_.find(run_no{2})->begun());
  CHECK(w.cluster_.find(run_no{3})->begun());
}

TEST_CASE("a run that waits its turn can be cancelled") {
  world w(8);
  for (std::uint64_t id = 1; id <= 2; ++id) w.submit(named("p", "max_active_runs: 1\n"), id);
  decision out;
  CHECK(w.cluster_.cancel(2, "enough", w.now(), out));
  CHECK(w.cluster_.find(run_no{2})->state() == run_state::cancelled);
}

TEST_CASE("the key of a submission that was refused after all is free, also after recovery") {
  world w;
  const auto submit = [&](std::uint64_t id) {
    submission what;
    what.run = make_run_id(id, 0, id);
    what.origin = {{"key", "monday"}};
    decision out;
    REQUIRE(w.cluster_.submit(what, "packed", compiled(named("p")), w.now(), out));
    w.take(out);
  };
  submit(1);
  CHECK(w.cluster_.find_by_key("monday") != nullptr);
  decision out;
  REQUIRE(w.cluster_.cancel(1, "refused", w.now(), out, cluster::cancel_what::refused));
  w.take(out);
  CHECK(w.cluster_.find_by_key("monday") == nullptr);
  submit(2);
  cluster again({1'000, 100, 5}, 1);
  for (const auto& one : w.facts) {
    if (one.kind == fact_kind::run_submitted)
      again.replay_submitted(one, w.cluster_.find(one.run)->submitted(), compiled(named("p")));
    else
      again.replay(one);
  }
  REQUIRE(again.find_by_key("monday") != nullptr);
  CHECK(again.find_by_key("monday")->number() == 2);
}

TEST_CASE("mistakes in priority and max_active_runs name their place") {
  const auto error_of = [](const std::string& top) {
    const auto made = coordination::compile(named("p", top), "p.yaml");
    return made ? "" : made.error().text;
  };
  CHECK(error_of("priority: high\n") ==
        "p.yaml:2:11: priority: expected a whole number from -1000 to 1000, found 'high'");
  CHECK(error_of("priority: -1001\n").find("found '-1001'") != std::string::npos);
  CHECK_FALSE(error_of("max_active_runs: 0\n").empty());
}
