// A pipeline compiled: needs resolved to indices, cycles refused, step instances numbered through
// the run. Immutable and shared by all runs of the same pipeline text.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/expression.hpp"
#include "messages/ids.hpp"
#include "messages/outcome.hpp"
#include "messages/pipeline.hpp"

namespace artel::core {

constexpr std::uint32_t instances_per_run_max = 1'100'000;  ///< a map of a million, and around it
constexpr std::size_t steps_per_pipeline_max = 10'000;

constexpr std::uint32_t no_group = ~0U;

/// A group's place in the graph.
struct graph_group {
  /// Each behind those that it needs, else in the file's order.
  std::vector<std::uint32_t> members;
  /// A restart of one member starts others anew. Then its members' ends count outside of it only
  /// when all of them have ended.
  bool is_whole = false;
};

/// An artifact of another step that a step finds when it begins.
struct graph_input {
  std::uint32_t step = 0;
  std::string name;  ///< below the attempt's inputs
  std::string artifact;
  bool own_instance = false;
};

/// A step's place in the graph. Indices are into graph::definition.steps.
struct graph_node {
  std::optional<expression> when;
  std::optional<expression> map;
  std::vector<expression> inputs;  ///< of its cache
  std::vector<graph_input> takes;
  instance_no first = 0;
  std::uint32_t count = 1;
  std::vector<std::uint32_t> needs;
  std::vector<std::uint32_t> dependents;
  std::uint32_t group = no_group;  ///< index into graph::groups
  std::uint32_t place = 0;         ///< among the group's members
};

struct graph {
  pipeline_definition definition;
  std::vector<graph_node> nodes;
  std::vector<graph_group> groups;                            ///< as definition.groups
  std::uint32_t instance_count = 0;                           ///< a mapped step counts as one
  std::map<std::string, std::uint32_t, std::less<>> by_name;  ///< index of each step
  std::vector<std::uint32_t> order;                           ///< each behind those that it needs

  /// The step that an instance belongs to. O(log steps).
  std::uint32_t step_of(instance_no instance) const;
  /// Of a step whose group is restarted as a whole; no_group for all others.
  std::uint32_t whole_group_of(std::uint32_t step) const {
    const auto group = nodes[step].group;
    return group != no_group && groups[group].is_whole ? group : no_group;
  }
};

/// Refuses needs that name no step, a step that needs itself, cycles (naming the steps on it),
/// groups that could not end, too many instances, and expressions and templates that can not be
/// read or read what no run has. The trouble begins with file:line:column. In the graph's
/// definition groups among the needs have made way for their members.
outcome<std::shared_ptr<const graph>> build_graph(pipeline_definition definition);

}  // namespace artel::core
