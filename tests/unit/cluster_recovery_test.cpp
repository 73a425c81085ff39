// Replaying facts, recovery, and what leaves memory.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::core;
using namespace artel::tests;

TEST_CASE("folding the facts again gives the same state, for any history") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    random_source chance(seed);
    world w(2);
    w.join("n2", 22, 1);
    w.submit(diamond);
    const std::vector<std::string> steps{"a", "b", "c", "d"};
    for (int turn = 0; turn < 40; ++turn) {
      const auto step = steps[chance.next() % 4];
      const auto node = chance.next() % 2 == 0 ? std::pair<const char*, session_no>{"n1", 11}
                                               : std::pair<const char*, session_no>{"n2", 22};
      switch (chance.next() % 12) {
        case 0:
          w.pass(static_cast<std::int64_t>(chance.next() % 1'200));
          break;
        case 1:
          w.join(node.first, node.second, 2);
          break;
        case 2:
          if (chance.next() % 8 == 0 && w.only().state() == run_state::running &&
              !w.only().cancel_requested())
            w.cancel();
          break;
        default:
          w.report(step, static_cast<ending>(chance.next() % 6), 0, chance.next() % 2 == 0,
                   node.first, node.second);
      }
    }
    cluster again({1'000, 100, 5}, 1);
    again.replay_submitted(w.facts[0], w.only().submitted(), compiled(diamond));
    for (std::size_t i = 1; i < w.facts.size(); ++i) again.replay(w.facts[i]);
    // backing_off → ready follows from time, not from a fact: let the same time pass.
    const auto& then = *again.find(run_no{1});
    for (instance_no i = 0; i < 4; ++i) {
      INFO("instance " << i);
      CHECK(then.at(i).attempt == w.only().at(i).attempt);
      CHECK(then.at(i).failures == w.only().at(i).failures);
      CHECK(then.at(i).crashes == w.only().at(i).crashes);
      if (then.at(i).state != step_state::backing_off)
        CHECK(then.at(i).state == w.only().at(i).state);
    }
    CHECK(then.state() == w.only().state());
  }
}

TEST_CASE("recovery waits one lease for the nodes of running attempts, then gives these up") {
  world w;
  w.submit(diamond);
  cluster again({1'000, 100, 5}, 1);
  again.replay_submitted(w.facts[0], w.only().submitted(), compiled(diamond));
  for (std::size_t i = 1; i < w.facts.size(); ++i) again.replay(w.facts[i]);
  decision out;
  again.recovered(w.now(), out);
  CHECK(out.facts.empty());
  again.expire_leases({w.ms_ + 1'000, w.ms_ + 1'000}, out);
  CHECK(out.facts.empty());
  again.expire_leases({w.ms_ + 1'001, w.ms_ + 1'001}, out);
  REQUIRE(out.facts.size() == 1);
  CHECK(out.facts[0].kind == fact_kind::step_crashed);
}

TEST_CASE("recovery misses no node that held nothing") {
  world w;
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop}\n");
  w.report("a", ending::finished);
  cluster again({1'000, 100, 5}, 1);
  again.replay_submitted(w.facts[0], w.only().submitted(),
                         compiled("pipeline: p\nsteps:\n  a: {use: core.noop}\n"));
  for (std::size_t i = 1; i < w.facts.size(); ++i) again.replay(w.facts[i]);
  decision out;
  again.recovered(w.now(), out);
  CHECK(again.expire_leases({w.ms_ + 60'000, w.ms_ + 60'000}, out).empty());
}

TEST_CASE("ended runs leave memory beyond the bound, active ones never") {
  world w(1);
  for (std::uint64_t id = 1; id <= 20; ++id)
    w.submit("pipeline: p\nsteps:\n  s: {use: core.noop}\n", id);
  for (int i = 0; i < 19; ++i) {
    decision out;
    const auto& first =
        *std::find_if(w.cluster_.runs().begin(), w.cluster_.runs().end(), [](const auto& each) {
           return each.second->tally(0).count(step_state::running) == 1;
         })->second;
    w.cluster_.report(0, 11, {{first.submitted().run, 0, 1, ending::finished, false, ""}}, w.now(),
                      out);
    w.cluster_.place(w.now(), out);
  }
  w.cluster_.forget_old_runs();
  CHECK(w.cluster_.runs().size() == 6);
}

TEST_CASE("a run that was submitted again when it had ended and left memory is not started again") {
  world w;
  const std::string skipped = "pipeline: p\nsteps:\n  a: {use: core.noop, when: false}\n";
  for (std::uint64_t id = 1; id <= 20; ++id) w.submit(skipped, id);  // five are kept
  REQUIRE(w.cluster_.find(make_run_id(1, 0, 1)) == nullptr);
  const auto before = w.facts.size();
  CHECK(w.submit(skipped, 1) == 1);
  CHECK(w.facts.size() == before);
  CHECK(w.cluster_.has_had(make_run_id(1, 0, 1)));
}

TEST_CASE("ended runs leave memory by their step instances, but for the last one") {
  cluster_limits limits;
  limits.ended_instances_kept = 10;
  cluster of(limits, 1);
  const auto end_run_of = [&](std::uint64_t id, int instances) {
    submission what;
    what.run = make_run_id(id, 0, id);
    decision out;
    const auto plan =
        compiled("pipeline: p\nsteps:\n  a: {use: core.noop, when: false, instances: " +
                 std::to_string(instances) + "}\n");
    REQUIRE(of.submit(what, "packed", plan, {1, 1}, out));
    of.place({1, 1}, out);
    of.forget_old_runs();
  };
  end_run_of(1, 5), end_run_of(2, 5);
  CHECK(of.runs().size() == 2);
  end_run_of(3, 1);
  CHECK(of.runs().size() == 2);
  CHECK(of.find(make_run_id(1, 0, 1)) == nullptr);
  end_run_of(4, 100);
  CHECK(of.runs().size() == 1);
  CHECK(of.find(make_run_id(4, 0, 4)) != nullptr);
}

TEST_CASE(
    "what ended last is kept rather than what was submitted last, and so is what may not go yet") {
  world w;
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop}\n", 1);  // goes on while others end
  const std::string skipped = "pipeline: p\nsteps:\n  a: {use: core.noop, when: false}\n";
  for (std::uint64_t id = 2; id <= 9; ++id) w.submit(skipped, id);  // five are kept
  w.report("a", ending::finished);
  w.cluster_.forget_old_runs();
  CHECK(w.cluster_.find(make_run_id(1, 0, 1)) != nullptr);
  CHECK(w.cluster_.find(make_run_id(5, 0, 5)) == nullptr);
  w.cluster_.forget_old_runs([](const run&) { return false; });
  CHECK(w.cluster_.runs().size() == 5);
}
