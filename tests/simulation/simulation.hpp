// One seed, one story: a cluster is set up, people submit runs, faults come and go, then the faults
// stop and every run must end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace artel::simulation {

struct story {
  std::uint64_t seed = 0;
  std::string broken;  ///< the invariant that did not hold; empty: all held
  std::vector<std::string> lines;
  // What was seen, for the sum over many seeds.
  std::uint64_t events = 0;
  std::uint64_t facts = 0;
  std::uint64_t runs = 0;
  std::uint64_t faults = 0;
  double virtual_s = 0;
};

story play(std::uint64_t seed, bool with_story);

/// One run of so many mapped instances over so many nodes, of which some are killed and cut off
/// meanwhile; the invariants of all instances together are looked at now and then.
story play_large(std::uint64_t seed, std::uint32_t nodes, std::uint32_t instances);

}  // namespace artel::simulation
