// artel-sim: plays the cluster's story for many seeds. A seed that breaks an invariant is printed
// with the command that plays it again and its story.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "tests/simulation/simulation.hpp"

namespace artel::simulation {
namespace {

std::uint64_t playing = 0;  // NOLINT: for the signal handler

/// An assertion of the product ends the process; the seed must be known even so.
void on_abort(int) {
  char text[128];
  const int size = std::snprintf(text, sizeof text,
                                 "seed %llu: an assertion failed; again: artel-sim --seeds 1 "
                                 "--start %llu\n",
                                 static_cast<unsigned long long>(playing),
                                 static_cast<unsigned long long>(playing));
  if (size > 0 && ::write(STDOUT_FILENO, text, static_cast<std::size_t>(size)) < 0) ::_exit(2);
  ::_exit(1);
}

void print_story(const story& told, std::size_t lines) {
  const auto from = told.lines.size() > lines ? told.lines.size() - lines : 0;
  for (std::size_t i = from; i < told.lines.size(); ++i) std::cout << told.lines[i] << '\n';
}

int run_large(std::uint64_t seed, std::uint32_t nodes, std::uint32_t instances) {
  std::signal(SIGABRT, on_abort);
  playing = seed;
  const auto began = std::chrono::steady_clock::now();
  const auto told = play_large(seed, nodes, instances);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (!told.broken.empty()) {
    std::cout << "seed " << seed << ": " << told.broken << '\n';
    return 1;
  }
  std::cout << "artel-sim: all invariants held: " << nodes << " nodes, " << instances
            << " instances, " << told.facts << " facts, " << told.faults << " faults, "
            << told.events << " events, " << told.virtual_s << " simulated s in " << took.count()
            << " s, " << took.count() / instances * 1e6 << " µs an instance\n";
  return 0;
}

int run(std::uint64_t start, std::uint64_t seeds, std::size_t lines, bool tell) {
  std::signal(SIGABRT, on_abort);
  story sum;
  const auto began = std::chrono::steady_clock::now();
  for (auto seed = start; seed < start + seeds; ++seed) {
    playing = seed;
    auto told = play(seed, tell);
    if (tell) print_story(told, lines);
    if (seed % 100 == 0 && play(seed, false).events != told.events) {
      std::cout << "seed " << seed << " went two ways: something in it is not from the seed\n";
      return 1;
    }
    if (!told.broken.empty()) {
      if (!tell) {
        told = play(seed, true);
        print_story(told, lines);
      }
      std::cout << "\nseed " << seed << ": " << told.broken << "\nafter " << seed - start + 1
                << " seeds; again: artel-sim --seeds 1 --start " << seed << " --tell\n";
      return 1;
    }
    sum.events += told.events, sum.facts += told.facts, sum.runs += told.runs;
    sum.faults += told.faults, sum.virtual_s += told.virtual_s;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << "artel-sim: all invariants held: " << seeds << " seeds from " << start << ", "
            << sum.runs << " runs, " << sum.facts << " facts, " << sum.faults << " faults, "
            << sum.events << " events, " << static_cast<std::uint64_t>(sum.virtual_s / 3600)
            << " simulated hours in " << took.count() << " s\n";
  return 0;
}

}  // namespace
}  // namespace artel::simulation

int main(int argc, char** argv) {
  std::uint64_t start = 1, seeds = 2'000;
  std::size_t lines = 120;
  bool tell = false;
  CLI::App app{"artel-sim: a whole cluster on one thread, with virtual time and every fault"};
  app.add_option("--start", start, "first seed")->capture_default_str();
  app.add_option("--seeds", seeds, "how many")->capture_default_str();
  app.add_option("--lines", lines, "of a story, at most")->capture_default_str();
  app.add_flag("--tell", tell, "print each story");
  std::uint32_t nodes = 0, instances = 1'000'000;
  app.add_option("--nodes", nodes, "instead: one run over so many nodes (see --instances)");
  app.add_option("--instances", instances, "of that run")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (nodes != 0) return artel::simulation::run_large(start, nodes, instances);
  return artel::simulation::run(start, seeds, lines, tell);
}
