// bench-core: the way of a no-op step through the supervisor node's own code, without disk or
// network: the codec, placement on few and many nodes, and the coordinator with its packing of
// orders. `bench-core PATH STEPS` walks one of them once, for tools that count instructions.
#include <cstring>
#include <functional>
#include <map>

#include "actors/coordination/compile.hpp"
#include "actors/coordination/coordinator_core.hpp"
#include "bench/figures.hpp"
#include "messages/wire/envelope.hpp"

namespace {

using namespace artel;

constexpr std::uint32_t slots = 1'000;

run_id some_run(std::uint64_t number) { return make_run_id(1'700'000'000'000 + number, 1, number); }

std::string noop_pipeline(std::uint32_t instances) {
  return "pipeline: noop\nsteps:\n  noop: {use: core.noop, instances: " +
         std::to_string(instances) + ", resources: {cpu: 0}}\n";
}

hello node_of(std::uint32_t free_slots) {
  hello what;
  what.kind = "trainer";
  what.capacity = {free_slots, free_slots * 1'000, 0, 0, {}};
  what.offers = {"core.noop"};
  return what;
}

/// Orders and reports of so many steps to frames and back, in full batches. Called by name by who
/// counts instructions.
__attribute__((noinline)) void walk_codec(std::uint32_t steps) {
  run_steps orders;
  steps_reported reports;
  orders.plans.push_back({some_run(1), "noop", "core.noop"});
  for (std::uint32_t i = 0; i < steps_per_batch_max; ++i) {
    orders.orders.push_back({0, i, 1});
    reports.reports.push_back({some_run(1), i, 1, ending::finished, false, {}});
  }
  wire::envelope head;
  head.sender = "supervisor";
  head.session = 1;
  std::size_t seen = 0;
  for (std::uint32_t done = 0; done < steps; done += steps_per_batch_max)
    for (const auto& frame : {wire::seal(head, orders), wire::seal(head, reports)}) {
      const auto opened = wire::open(frame);
      static_cast<void>(wire::open_body(*opened, [&](auto&& message) {
        if constexpr (requires { message.reports; }) seen += message.reports.size();
      }));
    }
  if (seen < steps) std::abort();
}

/// So many steps over so many nodes: placed, reported, placed again.
__attribute__((noinline)) void walk_placement(std::uint32_t nodes, std::uint32_t steps) {
  core::cluster cluster({}, 1);
  const core::moment now{1'700'000'000'000, 1'000'000};
  core::decision out;
  for (std::uint32_t i = 0; i < nodes; ++i)
    cluster.join("node" + std::to_string(i), i + 1, node_of(std::max(1U, slots / nodes)), now, out);
  core::submission what;
  what.run = some_run(1);
  const auto plan = coordination::compile(noop_pipeline(steps), "bench.yaml");
  static_cast<void>(cluster.submit(what, {}, *plan, now, out));
  std::uint32_t ended = 0;
  while (ended < steps) {
    out = {};
    cluster.place(now, out);
    std::map<std::uint32_t, std::vector<step_report>> reports;
    for (const auto& one : out.orders)
      reports[one.node].push_back(
          {one.ref.run, one.ref.instance, one.ref.attempt, ending::finished, false, {}});
    if (reports.empty()) std::abort();
    for (auto& [node, all] : reports) {
      ended += static_cast<std::uint32_t>(all.size());
      out = {};
      cluster.report(node, node + 1, std::move(all), now, out);
    }
  }
}

/// The coordinator with one node: facts to a journal that takes them at once, orders to a bridge,
/// reports back in batches.
class one_node {
public:
  one_node() : core_({{}, 500, 1, 1, "supervisor", false}, doors()) {
    core_.recover({});
    node_hello said{"node", 7, node_of(slots), 1, 1};
    core_.on_hello(said);
    settle();
  }
  void run(std::uint32_t steps) {
    submit_run what;
    what.run = some_run(++runs_);
    what.pipeline = noop_pipeline(steps);
    what.file = "bench.yaml";
    what.by = "bench";
    core_.submit(what, [](const admin_answer&) {});
    settle();
    for (std::uint32_t ended = 0; ended < steps;) {
      auto orders = std::exchange(orders_, {});
      if (orders.empty()) std::abort();
      for (const auto& each : orders) {
        node_reported said{"node", 7, ++sequence_, {}};
        for (const auto& one : each.orders)
          said.what.reports.push_back(
              {each.plans[one.plan].run, one.instance, one.attempt, ending::finished, false, {}});
        ended += static_cast<std::uint32_t>(said.what.reports.size());
        core_.on_reported(said);
        settle();
      }
    }
  }

private:
  coordination::coordinator_doors doors() {
    coordination::coordinator_doors made;
    made.journal = [this](append_facts what) { batch_ = what.batch; };
    made.bridge = [this](to_bridge what) {
      if (auto* order = std::get_if<send_order>(&what))
        if (auto* steps = std::get_if<run_steps>(&order->what))
          orders_.push_back(std::move(*steps));
    };
    made.knows_run = [](const knows_run&, coordination::coordinator_doors::known_then then) {
      then(std::optional<run_id>());
    };
    made.now = [] { return core::moment{1'700'000'000'000, 1'000'000}; };
    return made;
  }
  void settle() { core_.on_durable({1, batch_}); }

  std::vector<run_steps> orders_;
  std::uint64_t batch_ = 0, runs_ = 0, sequence_ = 0;
  coordination::coordinator_core core_;
};

__attribute__((noinline)) void walk_coordinator(one_node& with, std::uint32_t steps) {
  with.run(steps);
}

double nanoseconds(std::uint32_t steps, const std::function<void()>& walk) {
  const auto begin = bench::clock_type::now();
  walk();
  return bench::seconds_since(begin) * 1e9 / steps;
}

int walk_once(const char* path, std::uint32_t steps) {
  if (std::strcmp(path, "codec") == 0) return walk_codec(steps), 0;
  if (std::strcmp(path, "placement") == 0) return walk_placement(1, steps), 0;
  if (std::strcmp(path, "coordinator") == 0) {
    one_node with;
    return walk_coordinator(with, steps), 0;
  }
  std::fprintf(stderr, "bench-core: no path '%s'; there are codec, placement, coordinator\n", path);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2) return walk_once(argv[1], static_cast<std::uint32_t>(std::atol(argv[2])));
  constexpr int rounds = 7;
  bench::figures table("core");
  const auto measure = [&](const std::string& name, std::uint32_t steps,
                           const std::function<void()>& walk) {
    std::vector<double> all;
    for (int i = 0; i < rounds; ++i) all.push_back(nanoseconds(steps, walk));
    return table.add(name, all, "ns a step");
  };
  measure("codec: an order and a report, to a frame and back", 500'000,
          [] { walk_codec(500'000); });
  for (const std::uint32_t nodes : {1U, 64U, 1'000U})
    measure("placement and report, " + std::to_string(nodes) + " nodes of " +
                std::to_string(slots / nodes) + " slots",
            100'000, [nodes] { walk_placement(nodes, 100'000); });
  one_node with;
  measure("coordinator: report, facts, placement, orders packed", 200'000,
          [&with] { walk_coordinator(with, 200'000); });
  return table.finish();
}
