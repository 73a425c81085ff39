// Who needs whom: edges between objects (through code, queries, types, handlers, rights,
// subsystems) and between methods (calls). Only names that resolve in this configuration become
// edges. The order is fixed by ids, never by hashing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/analysis/index.hpp"

namespace artel::analysis {

enum class edge_via : std::uint8_t {
  code,
  query,
  text,
  dynamic,
  metadata,
  handler,
  rights,
  subsystem
};
const char* name_of(edge_via via);
/// How sure an edge is: 1 for declared ones, less for names found in texts.
double confidence_of(edge_via via);

struct code_line {
  std::uint32_t module = 0;
  std::uint32_t line = 0;
};

inline constexpr std::size_t edge_locations_max = 5;  // first places of an edge; weight counts all

struct object_edge {
  std::uint32_t source = 0;  ///< node
  std::uint32_t target = 0;
  edge_via via = edge_via::code;
  bool calls = false;        ///< at least one place calls a method of the target
  std::uint32_t weight = 0;  ///< places
  std::vector<code_line> locations;
};

struct method_edge {
  method_place source;
  method_place target;
  std::uint32_t line = 0;    ///< of the first call, in the source's file
  std::uint32_t weight = 0;  ///< calls
};

/// A call of a common module's method that is not there or not exported.
struct unresolved_call {
  code_line where;
  std::string name;
};

struct dependency_graph {
  std::vector<std::string> nodes;  ///< ids: the objects in order, then "Configuration"
  std::vector<object_edge> edges;  ///< by source, target, via
  std::vector<method_edge> methods;
  std::vector<unresolved_call> unresolved;
  std::uint64_t resolved_call_sites =
      0;  ///< of the form Module.Method( that reach a common module's export method
};

dependency_graph build_graph(const model_index& index);

/// Groups of nodes that need each other in a circle (strongly connected, more than one), each
/// sorted, by first id.
std::vector<std::vector<std::uint32_t>> cycles_of(
    std::size_t nodes, const std::vector<object_edge>& edges,
    const std::function<bool(const object_edge&)>& counts);

}  // namespace artel::analysis
