// The decisions of a cluster, without actors: commands in, facts and orders out.
#include <catch2/catch.hpp>

#include "actors/coordination/compile.hpp"
#include "actors/core/cluster.hpp"
#include "actors/core/projection.hpp"

using namespace artel;
using namespace artel::core;

namespace {

std::shared_ptr<const graph> compiled(const std::string& yaml) {
  auto plan = coordination::compile(yaml, "test.yaml");
  INFO((plan ? "" : plan.error().text));
  REQUIRE(plan);
  return *plan;
}

constexpr const char* diamond = R"(
pipeline: diamond
steps:
  a: {use: core.noop}
  b: {use: core.noop, needs: [a], retries: 1, crash_limit: 1, backoff: {min: 100ms, max: 100ms, jitter: 0}}
  c: {use: core.noop, needs: [a], allow_failure: true}
  d: {use: core.noop, needs: [b, c]}
)";

/// A cluster with a clock and a diary of its facts.
class world {
public:
  explicit world(std::uint32_t slots = 4) { join("n1", 11, slots); }

  void join(const std::string& name, session_no session, std::uint32_t slots,
            std::vector<attempt_ref> attempts = {}) {
    hello what;
    what.kind = "analyzer";
    what.capacity = {slots, slots * 1'000, 0, 0};
    what.offers = {"core.noop"};
    what.attempts = std::move(attempts);
    decision out;
    cluster_.join(name, session, what, now(), out);
    cluster_.place(now(), out);
    take(out);
  }
  run_no submit(const std::string& yaml, std::uint64_t id = 1) {
    submission what;
    what.run = make_run_id(id, 0, id);
    decision out;
    const auto number = cluster_.submit(what, "packed", compiled(yaml), now(), out);
    REQUIRE(number);
    cluster_.place(now(), out);
    take(out);
    return *number;
  }
  void report(const std::string& step, ending how, attempt_no attempt = 0, bool staged = false,
              const std::string& node = "n1", session_no session = 11) {
    const auto& of = *cluster_.find(run_no{1});
    const auto instance = *find_instance(of, step);
    decision out;
    cluster_.report(cluster_.nodes().find(node), session,
                    {{of.submitted().run, instance,
                      attempt == 0 ? of.at(instance).attempt : attempt, how, staged, "text"}},
                    now(), out);
    cluster_.place(now(), out);
    take(out);
  }
  void cancel() {
    decision out;
    REQUIRE(cluster_.cancel(1, "because", now(), out));
    take(out);
  }
  void pass(std::int64_t ms) {
    ms_ += ms;
    decision out;
    cluster_.expire_leases(now(), out);
    cluster_.place(now(), out);
    take(out);
  }
  step_state state(const std::string& step) const {
    const auto& of = *cluster_.find(run_no{1});
    return of.at(*find_instance(of, step)).state;
  }
  const run& only() const { return *cluster_.find(run_no{1}); }
  moment now() const { return {ms_, ms_}; }
  std::size_t orders(order::kind what) const {
    return static_cast<std::size_t>(
        std::count_if(last_orders.begin(), last_orders.end(),
                      [&](const auto& each) { return each.what == what; }));
  }

  void take(const decision& out) {
    facts.insert(facts.end(), out.facts.begin(), out.facts.end());
    last_orders = out.orders;
  }

  cluster cluster_{{1'000, 100, 5}, 1};
  std::vector<fact> facts;
  std::vector<order> last_orders;
  std::int64_t ms_ = 1'000'000;
};

}  // namespace

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
  CHECK(w.state("a") == step_state::backing_off);
  CHECK(w.cluster_.nodes().at(0).state == node_state::lost);
}

TEST_CASE("a restarted node's attempts start again; a returning one keeps what it still runs") {
  world w;
  w.submit(diamond);
  w.join("n1", 11, 4, {{w.only().submitted().run, 0, 1}});
  CHECK(w.state("a") == step_state::running);
  CHECK(w.only().at(0).attempt == 1);
  CHECK(w.cluster_.nodes().at(0).running == 1);
  w.join("n1", 99, 4);  // a new process under the same name
  CHECK(w.state("a") == step_state::backing_off);
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
  CHECK(w.state("a") == step_state::backing_off);
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
  const auto said = explain(w.cluster_, w.only(), 0, w.ms_);
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

TEST_CASE("an attempt that is given back starts again without counting against the step") {
  world w;
  w.submit(diamond);
  w.report("a", ending::returned);
  CHECK(w.state("a") == step_state::running);
  CHECK(w.only().at(0).attempt == 2);
  CHECK(w.only().at(0).crashes == 0);
}

TEST_CASE("the same run id submitted twice is one run") {
  world w;
  CHECK(w.submit(diamond, 7) == 1);
  CHECK(w.submit(diamond, 7) == 1);
  CHECK(std::count_if(w.facts.begin(), w.facts.end(),
                      [](const auto& f) { return f.kind == fact_kind::run_submitted; }) == 1);
}

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
  CHECK(w.cluster_.runs().size() == 6);
}
