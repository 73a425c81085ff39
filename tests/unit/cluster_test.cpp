// The decisions of a cluster, without actors: commands in, facts and orders out.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::core;
using namespace artel::tests;

TEST_CASE("steps start when what they need has succeeded, and the run ends with the last") {
  world w;
  w.submit(diamond);
  CHECK(w.state("a") == step_state::running);
  CHECK(w.state("b") == step_state::waiting);
  w.report("a", ending::finished);
  CHECK(w.state("b") == step_state::running);
  CHECK(w.state("c") == step_state::running);
  w.report("b", ending::finished);
  CHECK(w.state("d") == step_state::waiting);
  w.report("c", ending::finished);
  w.report("d", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("a failed step is restarted after its backoff, up to its retries") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  CHECK(w.state("b") == step_state::backing_off);
  w.pass(99);
  CHECK(w.state("b") == step_state::backing_off);
  w.pass(1);
  CHECK(w.state("b") == step_state::running);
  w.report("b", ending::failed);
  CHECK(w.state("b") == step_state::failed);
}

TEST_CASE("what needs a failed step is skipped and the run fails, naming the step") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.report("b", ending::failed), w.pass(100), w.report("b", ending::failed);
  CHECK(w.state("d") == step_state::skipped);
  CHECK(w.only().state() == run_state::running);  // c still runs
  w.report("c", ending::finished);
  CHECK(w.only().state() == run_state::failed);
  CHECK(w.only().reason() == "step 'b' failed");
}

TEST_CASE("a step that may fail does not fail the run nor stop what needs it") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.report("c", ending::failed);
  w.report("b", ending::finished);
  CHECK(w.state("d") == step_state::running);
  w.report("d", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("crashes are counted apart from failures and poison the step beyond their limit") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.report("b", ending::failed), w.pass(100);
  w.report("b", ending::crashed), w.pass(100);
  CHECK(w.state("b") == step_state::running);  // one failure and one crash are within both limits
  w.report("b", ending::crashed);
  CHECK(w.state("b") == step_state::poisoned);
}

TEST_CASE(
    "a late report from an abandoned attempt changes nothing and its outputs are thrown away") {
  world w;
  w.join("n2", 22, 4);
  w.submit(diamond);
  w.report("a", ending::finished, 0, false, w.cluster_.nodes().at(w.only().at(0).node).name,
           w.cluster_.nodes().at(w.only().at(0).node).session);
  const auto instance = *find_instance(w.only(), "b");
  const auto holder = w.cluster_.nodes().at(w.only().at(instance).node).name;
  const session_no session = holder == "n1" ? 11 : 22;
  const auto other = holder == "n1" ? "n2" : "n1";
  w.ms_ += 1'001;
  w.cluster_.heard(w.cluster_.nodes().find(other), w.ms_);
  w.pass(0);  // the holder's lease ran out
  w.ms_ += 100;
  w.cluster_.heard(w.cluster_.nodes().find(other), w.ms_);
  w.pass(0);
  REQUIRE(w.only().at(instance).attempt == 2);
  const auto facts_before = w.facts.size();
  w.report("b", ending::finished, 1, true, holder, session);
  CHECK(w.facts.size() == facts_before);
  CHECK(w.orders(order::kind::discard) == 1);
  CHECK(w.state("b") == step_state::running);
}

TEST_CASE("the same report twice is recorded once") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished, 1);
  const auto facts_before = w.facts.size();
  w.report("a", ending::finished, 1);
  CHECK(w.facts.size() == facts_before);
}

TEST_CASE(
    "a step with outputs succeeds only when they are published, and what needs it waits for that") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished, 0, true);
  CHECK(w.state("a") == step_state::publishing);
  CHECK(w.orders(order::kind::publish) == 1);
  CHECK(w.state("b") == step_state::waiting);
  w.report("a", ending::published);
  CHECK(w.state("a") == step_state::succeeded);
  CHECK(w.state("b") == step_state::running);
}

TEST_CASE("a silent node loses its attempts when its lease runs out, not before") {
  world w;
  w.submit(diamond);
  w.pass(1'000);
  CHECK(w.state("a") == step_state::running);
  w.pass(1);
  CHECK(w.state("a") == step_state::ready);
  CHECK(w.only().at(0).crashes == 1);
  CHECK(w.cluster_.nodes().at(0).state == node_state::lost);
}

TEST_CASE("an attempt that dies with its node starts again at once, the second time it backs off") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.join("n1", 12, 4);
  CHECK(w.state("b") == step_state::running);
  CHECK(w.only().at(1).crashes == 1);
  w.join("n1", 13, 4);
  CHECK(w.state("c") == step_state::backing_off);
  CHECK(w.state("b") == step_state::poisoned);  // its crash_limit is 1
}

TEST_CASE("a wall clock that is set back holds up no restart") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  REQUIRE(w.state("b") == step_state::backing_off);
  decision out;
  w.cluster_.place({w.ms_ - 3'600'000, w.ms_ + 99}, out);
  CHECK(w.state("b") == step_state::backing_off);
  w.cluster_.place({w.ms_ - 3'600'000, w.ms_ + 100}, out);
  CHECK(w.state("b") == step_state::running);
}

TEST_CASE("a restarted node's attempts start again, a returning one keeps what it still runs") {
  world w;
  w.submit(diamond);
  w.join("n1", 11, 4, {{w.only().submitted().run, 0, 1}});
  CHECK(w.state("a") == step_state::running);
  CHECK(w.only().at(0).attempt == 1);
  CHECK(w.cluster_.nodes().at(0).running == 1);
  w.join("n1", 99, 4);  // a new process under the same name
  CHECK(w.only().at(0).attempt == 2);
  CHECK(w.only().at(0).crashes == 1);
}

TEST_CASE(
    "an order that did not reach its node before the supervisor node died is given again and "
    "counts as nothing") {
  world w;
  w.submit(diamond);
  w.join("n1", 11, 4);  // the same process, which knows of no attempt
  CHECK(w.state("a") == step_state::running);
  CHECK(w.only().at(0).attempt == 2);
  CHECK(w.only().at(0).crashes == 0);
}

TEST_CASE("a node that returns with attempts that were given up is told to stop them") {
  world w;
  w.submit(diamond);
  w.pass(1'001);
  w.join("n1", 11, 4, {{w.only().submitted().run, 0, 1}});
  CHECK(w.orders(order::kind::cancel) == 1);
  CHECK(w.orders(order::kind::discard) == 1);
}

TEST_CASE(
    "cancelling stops what runs, drops what waits, and ends the run when the last has stopped") {
  world w;
  w.submit(diamond);
  w.cancel();
  CHECK(w.orders(order::kind::cancel) == 1);
  CHECK(w.state("b") == step_state::cancelled);
  CHECK(w.only().state() == run_state::running);
  w.report("a", ending::cancelled);
  CHECK(w.only().state() == run_state::cancelled);
  decision out;
  CHECK_FALSE(w.cluster_.cancel(1, "again", w.now(), out));
}

TEST_CASE("a failure above many paths to the same steps is worked off at once") {
  std::string yaml = "pipeline: ladder\nsteps:\n";
  for (int layer = 0; layer < 60; ++layer)
    for (const char* side : {"a", "b"}) {
      yaml += "  " + (side + std::to_string(layer)) + ": {use: core.noop";
      const auto above = std::to_string(layer - 1);
      if (layer > 0) yaml += ", needs: [a" + above + ", b" + above + "]";
      yaml += "}\n";
    }
  world w;
  w.submit(yaml);
  w.report("a0", ending::failed);
  w.report("b0", ending::finished);
  CHECK(w.only().state() == run_state::failed);
  CHECK(w.state("b59") == step_state::skipped);
}

TEST_CASE(
    "a node that comes back smaller than what it holds loses the attempt, not the supervisor "
    "node") {
  world w;
  w.submit(diamond);
  w.join("n1", 11, 0, {{w.only().submitted().run, 0, 1}});
  CHECK(w.state("a") == step_state::ready);
  CHECK(w.only().at(0).crashes == 1);
  CHECK(w.orders(order::kind::cancel) == 1);
}

TEST_CASE("a pause of the supervisor node itself costs no node its lease") {
  world w;
  w.submit(diamond);
  w.ms_ += 60'000;
  w.cluster_.excuse_silence(60'000);
  w.pass(0);
  CHECK(w.state("a") == step_state::running);
}

TEST_CASE("no more is placed on a node than it has slots, and an end makes room for the next") {
  world w(2);
  w.submit("pipeline: p\nsteps:\n  s: {use: core.noop, instances: 5}\n");
  CHECK(w.only().tally(0).count(step_state::running) == 2);
  w.report("s[0]", ending::finished);
  CHECK(w.only().tally(0).count(step_state::running) == 2);
  CHECK(w.only().tally(0).count(step_state::succeeded) == 1);
}

TEST_CASE("a step waits for a node that carries its labels and offers its native step") {
  world w;
  w.submit("pipeline: p\nsteps:\n  s: {use: core.sleep, with: {duration: 1s}, labels: [gpu]}\n");
  CHECK(w.state("s") == step_state::ready);
  const auto said = explain(w.cluster_, w.only(), 0, w.now());
  REQUIRE(said.reasons.size() == 2);
  CHECK(said.reasons[0].find("no node can ever take it") != std::string::npos);
  CHECK(said.reasons[1] == "node 'n1' does not offer 'core.sleep'");
}

TEST_CASE("over the run's restart budget a failure is final and says so") {
  world w;
  w.submit(
      "pipeline: p\nsupervision: {max_restarts: 1, within: 1h}\nsteps:\n  s: {use: core.noop, "
      "retries: 9, backoff: {min: 1ms, max: 1ms}}\n");
  w.report("s", ending::failed);
  w.pass(10);
  w.report("s", ending::failed);
  CHECK(w.state("s") == step_state::failed);
  CHECK(w.only().text_of(0).find("max_restarts_exceeded") != std::string::npos);
}

TEST_CASE(
    "an attempt that is given back starts again on another node, without counting against the "
    "step") {
  world w;
  w.submit(diamond);
  w.report("a", ending::returned);
  CHECK(w.state("a") == step_state::ready);  // its node is leaving
  w.join("n2", 22, 1);
  CHECK(w.state("a") == step_state::running);
  CHECK(w.only().at(0).attempt == 2);
  CHECK(w.only().at(0).crashes == 0);
}

TEST_CASE(
    "a drained node keeps what it runs, gets nothing more, and stays drained when it joins again") {
  world w;
  w.submit(diamond);
  decision out;
  CHECK(w.cluster_.drain("nowhere", false, "why", w.now(), out).error().code ==
        trouble_code::not_found);
  REQUIRE(w.cluster_.drain("n1", false, "why", w.now(), out));
  REQUIRE(w.cluster_.drain("n1", false, "why", w.now(), out));  // once more says nothing new
  REQUIRE(out.facts.size() == 1);
  CHECK(w.state("a") == step_state::running);
  w.report("a", ending::finished);
  CHECK(w.state("b") == step_state::ready);
  w.join("n1", 12, 4);
  CHECK(w.state("b") == step_state::ready);
  cluster again({1'000, 100, 5}, 1);
  again.replay(out.facts[0]);
  CHECK(again.nodes().at(again.nodes().find("n1")).drained);
  REQUIRE(w.cluster_.drain("n1", true, "why", w.now(), out));
  w.pass(0);
  CHECK(w.state("b") == step_state::running);
}

TEST_CASE("the same run id submitted twice is one run") {
  world w;
  CHECK(w.submit(diamond, 7) == 1);
  CHECK(w.submit(diamond, 7) == 1);
  CHECK(std::count_if(w.facts.begin(), w.facts.end(),
                      [](const auto& f) { return f.kind == fact_kind::run_submitted; }) == 1);
}
