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

constexpr std::uint32_t instances_per_run_max = 1'000'000;
constexpr std::size_t steps_per_pipeline_max = 10'000;

/// A step's place in the graph. Indices are into graph::definition.steps.
struct graph_node {
  std::optional<expression> when;
  std::optional<expression> map;
  std::vector<expression> inputs;  ///< of its cache
  instance_no first = 0;
  std::uint32_t count = 1;
  std::vector<std::uint32_t> needs;
  std::vector<std::uint32_t> dependents;
};

struct graph {
  pipeline_definition definition;
  std::vector<graph_node> nodes;
  std::uint32_t instance_count = 0;                           ///< a mapped step counts as one
  std::map<std::string, std::uint32_t, std::less<>> by_name;  ///< index of each step
  std::vector<std::uint32_t> order;                           ///< each behind those that it needs

  /// The step that an instance belongs to. O(log steps).
  std::uint32_t step_of(instance_no instance) const;
};

/// Refuses needs that name no step, a step that needs itself, cycles (naming the steps on it), too
/// many instances, and expressions and templates that can not be read or read what no run has. The
/// trouble begins with file:line:column.
outcome<std::shared_ptr<const graph>> build_graph(pipeline_definition definition);

}  // namespace artel::core
