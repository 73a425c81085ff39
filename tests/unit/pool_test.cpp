// Pools over all nodes, and what a node has besides cores, memory and gpus.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

void limit_pool(world& w, std::optional<std::uint32_t> limit) {
  decision out;
  REQUIRE(w.cluster_.set_pool("db", limit, "by me", w.now(), out));
  w.cluster_.place(w.now(), out);
  w.take(out);
}

std::uint32_t taken(const world& w) { return w.cluster_.pools().all().at("db").used; }

const std::string asking =
    "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 5, pools: {db: 2}}\n";

}  // namespace

TEST_CASE("what is out takes of its pool, and gives it back however it ends") {
  world w(8);
  limit_pool(w, 5);
  w.submit(asking);
  CHECK(taken(w) == 4);
  CHECK(w.state("a[2]") == step_state::ready);
  CHECK(explain(w.cluster_, w.only(), 2, {}).reasons[0] ==
        "pool 'db' has 4 of 5 taken, the step asks for 2");
  w.report("a[0]", ending::finished);
  CHECK(w.state("a[2]") == step_state::running);
  w.report("a[1]", ending::crashed);
  CHECK(taken(w) == 4);
  decision out;
  w.cluster_.lose(0, "it is gone", w.now(), out);
  w.take(out);
  CHECK(taken(w) == 0);
}

TEST_CASE("a pool's limit may change, what is out is left alone, and recovery counts the same") {
  world w(8);
  limit_pool(w, 10);
  w.submit(asking);
  CHECK(taken(w) == 10);
  limit_pool(w, 3);
  CHECK(taken(w) == 10);
  for (const auto* one : {"a[0]", "a[1]", "a[2]"}) w.report(one, ending::failed);
  CHECK(taken(w) == 4);
  cluster again({1'000, 100, 5}, 1);
  for (const auto& one : w.facts) {
    if (one.kind == fact_kind::run_submitted)
      again.replay_submitted(one, w.only().submitted(), compiled(asking));
    else
      again.replay(one);
  }
  CHECK(again.pools().all().at("db").used == 4);
  CHECK(again.pools().all().at("db").limit == 3);
}

TEST_CASE("what asks for a pool that was removed waits until it is there again") {
  world w(8);
  limit_pool(w, 2);
  w.submit(asking);
  limit_pool(w, {});
  w.report("a[0]", ending::finished);
  CHECK(w.state("a[1]") == step_state::ready);
  CHECK(explain(w.cluster_, w.only(), 1, {}).reasons[0].find("there is no pool 'db'") == 0);
  limit_pool(w, 4);
  CHECK(w.state("a[2]") == step_state::running);
  decision out;
  CHECK_FALSE(w.cluster_.set_pool("none", {}, "by me", w.now(), out));
}

TEST_CASE("a step that asks for a counter goes to a node that has some, one after the other") {
  world w(8);
  const std::string yaml =
      "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 3, resources: {cpu: 0.1, counters: "
      "[licences]}}\n";
  w.submit(yaml);
  CHECK(w.state("a[0]") == step_state::ready);
  CHECK(explain(w.cluster_, w.only(), 0, {}).reasons[1] ==
        "node 'n1' has 0 licences in all, the step asks for 1");
  decision out;
  hello with{"trainer",     "", "", 1, {8, 8'000, 1 << 30, 0, {{"licences", 2}}}, {},
             {"core.noop"}, {}};
  w.cluster_.join("n2", 12, with, w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
  CHECK(w.state("a[1]") == step_state::running);
  CHECK(w.state("a[2]") == step_state::ready);
  CHECK(w.cluster_.nodes().at(1).free.counters.at("licences") == 0);
}
