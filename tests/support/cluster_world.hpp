// A cluster's decisions with a clock and a diary of their facts: what the tests of the core play
// on.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>

#include "actors/coordination/compile.hpp"
#include "actors/core/cluster.hpp"
#include "actors/core/projection.hpp"

namespace artel::tests {

using namespace artel::core;

inline std::shared_ptr<const graph> compiled(const std::string& yaml) {
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
    what.capacity = {slots, slots * 1'000, 0, 0, {}};
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
    cluster_.forget_old_runs();
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

}  // namespace artel::tests
