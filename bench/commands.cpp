// bench-commands: steps that are commands, of which each is a process: how many a second, beside
// posix_spawn and waitpid alone with as many at once, by turns. The command is /bin/true, so all of
// it is the cost of starting.
#include <atomic>

#include "bench/cluster.hpp"

namespace {

using namespace artel;

constexpr int rounds = 5;
constexpr int commands = 3'000;

/// Commands a second from so many threads, each with one at a time.
double spawned_alone(unsigned at_once) {
  std::atomic<int> left{commands};
  const auto begin = bench::clock_type::now();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < at_once; ++i)
    threads.emplace_back([&left] {
      std::string word = "/bin/true";
      char* argv[] = {word.data(), nullptr};
      while (left-- > 0) {
        pid_t pid = -1;
        if (::posix_spawn(&pid, word.c_str(), nullptr, nullptr, argv, environ) != 0) std::abort();
        ::waitpid(pid, nullptr, 0);
      }
    });
  for (auto& each : threads) each.join();
  return commands / bench::seconds_since(begin);
}

}  // namespace

int main(int argc, char** argv) {
  // As many processes at once on both sides; as with no-op steps, 1,000 in flight.
  const auto at_once = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1]))
                                : std::max(1U, std::thread::hardware_concurrency());
  bench::cluster nodes({"--slots", "1000", "--hosts", std::to_string(at_once)});
  bench::figures table("commands");
  const auto text = "pipeline: commands\nsteps:\n  s: {command: [/bin/true], instances: " +
                    std::to_string(commands) + ", resources: {cpu: 0}}\n";
  nodes.run(text);  // warm up: hosts have started
  std::vector<double> ours, alone, ratios;
  for (int i = 0; i < rounds; ++i) {
    alone.push_back(spawned_alone(at_once));
    ours.push_back(commands / nodes.run(text));
    ratios.push_back(ours.back() / alone.back() * 100);
  }
  const auto many = ", " + std::to_string(at_once) + " at once";
  table.add("posix_spawn and waitpid of /bin/true alone" + many, alone, "commands/s");
  table.add("as steps, durable" + many, ours, "commands/s");
  table.add("of what posix_spawn reaches alone", ratios, "%", {{}, 90});
  return table.finish();
}
