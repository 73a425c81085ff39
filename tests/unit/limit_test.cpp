// Rates and times that people set for steps while pipelines run.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

const std::string five = "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 5, timeout: 1m}\n";

void limit(world& w, std::optional<std::uint64_t> per_hour,
           std::optional<std::uint64_t> timeout_ms = {}) {
  decision out;
  w.cluster_.limit_step("p", "a", per_hour, timeout_ms, "by me", w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
}

/// Time passes, in which the node is heard.
void wait(world& w, std::int64_t ms) {
  w.cluster_.heard(0, w.ms_ + ms);
  w.pass(ms);
}

std::ptrdiff_t started(const world& w) {
  return std::count_if(w.facts.begin(), w.facts.end(),
                       [](const auto& one) { return one.kind == fact_kind::step_started; });
}

cluster told_again(const world& w, const std::string& yaml = five) {
  cluster again({1'000, 100, 5}, 1);
  for (const auto& one : w.facts) {
    if (one.kind == fact_kind::run_submitted)
      again.replay_submitted(one, w.only().submitted(), compiled(yaml));
    else
      again.replay(one);
  }
  return again;
}

}  // namespace

TEST_CASE("a limited step starts one attempt after the other, as its rate says") {
  world w(8);
  limit(w, 60);
  w.submit(five);
  CHECK(started(w) == 1);
  CHECK(explain(w.cluster_, w.only(), 1, w.now()).reasons[0] ==
        "its rate is limited to 1/m; the next one is due in 59900 ms (by me)");
  wait(w, 59'899);
  CHECK(started(w) == 1);
  wait(w, 1);
  CHECK(started(w) == 2);
  wait(w, 60'000);
  CHECK(started(w) == 3);
  limit(w, 0);
  CHECK(started(w) == 5);
  CHECK(show(w.cluster_.limits_of_steps(), "").limits.empty());
}

TEST_CASE("what a coarse clock made late is made good, and what nobody wanted is not saved up") {
  world w(100);
  limit(w, 72'000);  // one every 50 ms
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop, instances: 90}\n");
  const auto first = started(w);
  CHECK(first == 3);  // the one that is due, and those of a tenth of a second
  wait(w, 100);
  CHECK(started(w) == first + 2);
  wait(w, 60'000);
  CHECK(started(w) == first + 2 + 3);
}

TEST_CASE("a rate does not concern other steps, nor another pipeline's step of that name") {
  world w(8);
  limit(w, 1);
  w.submit("pipeline: q\nsteps:\n  a: {use: core.noop, instances: 3}\n  b: {use: core.noop}\n");
  CHECK(started(w) == 4);
}

TEST_CASE("a recovered cluster lets nothing start before its rate would have") {
  world w(8);
  limit(w, 60, 5'000);
  w.submit(five);
  auto again = told_again(w);
  decision out;
  again.recovered(w.now(), out);
  again.join("n1", 11,
             {"analyzer",
              "",
              "",
              1,
              {8, 8'000, 0, 0, {}},
              {},
              {"core.noop"},
              {{w.only().submitted().run, 0, 1}}},
             w.now(), out);
  again.place(w.now(), out);
  CHECK(again.find(run_no{1})->at(1).state == step_state::ready);
  again.place({w.ms_ + 60'000, w.ms_ + 60'000}, out);
  CHECK(again.find(run_no{1})->at(1).state == step_state::running);
  CHECK(again.limits_of_steps().all().at("p/a").timeout_ms == 5'000);
}

TEST_CASE("attempts that start after a time was set may take that long") {
  world w(1);
  w.submit(five);
  REQUIRE(w.last_orders.size() == 1);
  CHECK(w.last_orders[0].plan->timeout_ms == 60'000);
  limit(w, {}, 7'000);
  w.report("a[0]", ending::finished);
  REQUIRE(w.orders(order::kind::run) == 1);
  CHECK(w.last_orders.back().plan->timeout_ms == 7'000);
  limit(w, {}, 0);
  w.report("a[1]", ending::finished);
  CHECK(w.last_orders.back().plan->timeout_ms == 60'000);
}

TEST_CASE("a rate that is taken back and set again goes on where it was") {
  world w(1);
  limit(w, 60);
  w.submit(five);
  w.report("a[0]", ending::failed);
  REQUIRE(started(w) == 1);
  decision out;
  w.cluster_.limit_step("p", "a", 0, {}, "by me", w.now(), out);
  w.cluster_.limit_step("p", "a", 60, {}, "by me", w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
  CHECK(started(w) == 1);
}
