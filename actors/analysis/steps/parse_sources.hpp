// Reads a shard of a configuration from its sources: descriptors and modules, results in one fixed
// order, memory bounded by the metadata and a window of modules. What an earlier parse left and
// whose files have not changed since is taken over instead of being parsed again.
#pragma once

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/snapshot.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

inline constexpr std::uintmax_t module_bytes_max =
    64U << 20U;  // larger "modules" are noted and left out

struct parse_order {
  configuration_place place;
  std::string given_path;  ///< as the user wrote it
  shard which;
  unsigned threads = 1;
  const snapshot* before = nullptr;  ///< of the same shard; null: there is none
};

/// What was done, for the step's answer.
struct parse_work {
  std::uint64_t modules = 0;
  std::uint64_t modules_reused = 0;
  std::uint64_t objects = 0;
  std::uint64_t objects_reused = 0;
  std::uint64_t bytes = 0;  ///< of modules
};

/// Calls `open(tree)` for the sink once the configuration's descriptor is read.
outcome<parse_work> parse_sources(const parse_order& order, step_monitor& monitor,
                                  const std::function<model_sink&(std::uint64_t tree)>& open);

}  // namespace artel::analysis
