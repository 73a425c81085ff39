// Follows a run until it ends: a bar per step on a terminal, a plain line per change otherwise.
#pragma once

#include <functional>

#include "nodes/artel/context.hpp"

namespace artel::cli {

enum class watch_end { run_ended, interrupted, cluster_gone };

struct watched {
  watch_end how = watch_end::run_ended;
  run_shown last;
  trouble why;  ///< when the cluster is gone
};

/// `interrupted` is asked between looks; `health` says what is wrong with the nodes that we started
/// ("" = nothing).
watched watch_run(const context& cli, const run_id& run, bool bars,
                  const std::function<bool()>& interrupted,
                  const std::function<std::string()>& health);

/// Headline numbers and where the results lie.
void print_summary(const context& cli, const run_shown& run);

}  // namespace artel::cli
