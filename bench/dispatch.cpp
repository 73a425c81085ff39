// bench-dispatch: no-op native steps through the whole way — supervisor node, journal, ZeroMQ over
// TCP loopback, worker node, step host and back — each started and finished fact durable before
// anyone is told. Real programs, one machine. There is no shorter way: native steps run in step
// hosts, so "in the node" and "through step hosts" are one figure.
#include "bench/cluster.hpp"

namespace {

using namespace artel;

constexpr int rounds = 5;
constexpr std::uint32_t steps_per_run = 100'000;
constexpr int chain_length = 1'000;
constexpr int singles_per_round = 1'000;

std::string chain() {
  std::string text = "pipeline: chain\nsteps:\n";
  for (int i = 0; i < chain_length; ++i)
    text += "  s" + std::to_string(i) + ": {use: core.noop, resources: {cpu: 0}" +
            (i == 0 ? "" : ", needs: [s" + std::to_string(i - 1) + "]") + "}\n";
  return text;
}

}  // namespace

int main() {
  bench::cluster nodes({"--slots", "1000", "--hosts", "1"});
  bench::figures table("dispatch");
  const auto wide = "pipeline: noop\nsteps:\n  noop: {use: core.noop, instances: " +
                    std::to_string(steps_per_run) + ", resources: {cpu: 0}}\n";
  const std::string tiny = "pipeline: one\nsteps:\n  s: {use: core.noop, resources: {cpu: 0}}\n";
  nodes.run(wide);  // warm up
  std::vector<double> rates, links, middles, tails;
  for (int i = 0; i < rounds; ++i) {
    rates.push_back(steps_per_run / nodes.run(wide));
    links.push_back(nodes.run(chain()) * 1000 / chain_length);
    std::vector<double> singles;
    for (int n = 0; n < singles_per_round; ++n) singles.push_back(nodes.run(tiny) * 1000);
    middles.push_back(bench::quantile(singles, 0.5));
    tails.push_back(bench::quantile(singles, 0.99));
  }
  table.add("no-op steps, 1,000 in flight, one supervisor, one worker node", rates, "steps/s",
            {{}, 100'000});
  table.add("submit to durable result, one at a time, p50", middles, "ms", {0.8, {}});
  table.add("submit to durable result, one at a time, p99", tails, "ms", {2.5, {}});
  table.add("one step after the other, a chain of 1,000", links, "ms a step");
  table.add("supervisor node after all these, resident", {bench::resident_mb(nodes.supervisor())},
            "MB");
  table.add("worker node after all these, resident", {bench::resident_mb(nodes.worker())}, "MB");
  table.add("its step host, resident", {bench::resident_mb(bench::child_of(nodes.worker()))}, "MB");
  return table.finish();
}
