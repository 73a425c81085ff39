// Subsystems as parts of the whole: what lies in each, and which needs which. An object belongs to
// the subsystems that list it; an edge between objects is an edge between their subsystems.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "actors/analysis/graph.hpp"

namespace artel::analysis {

struct subsystem_facts {
  std::uint32_t object = 0;            ///< the subsystem itself
  std::vector<std::uint32_t> objects;  ///< its content, sorted
  std::uint64_t methods = 0;
  std::uint64_t code_lines = 0;
  std::uint64_t fan_in = 0;                      ///< edges that come in from objects outside
  std::uint64_t fan_out = 0;                     ///< edges that go out
  std::map<std::uint32_t, std::uint64_t> needs;  ///< other subsystems (index of facts) → edges
  /// 0: only needed by others, 1: only needs others.
  double instability() const {
    return fan_in + fan_out == 0
               ? 0
               : static_cast<double>(fan_out) / static_cast<double>(fan_in + fan_out);
  }
};

/// In the order of ids. Edges of rights and of content do not count.
std::vector<subsystem_facts> subsystems_of(const model_index& index, const dependency_graph& graph);

}  // namespace artel::analysis
