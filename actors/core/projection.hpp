// From the cluster's state to what people are shown. Computed from state each time, never counted
// on the side, so no number on a screen can drift from the truth.
#pragma once

#include <unordered_map>

#include "actors/core/cluster.hpp"
#include "messages/admin.hpp"
#include "messages/operation.hpp"

namespace artel::core {

/// Latest word of each running attempt, by run and instance. Not durable.
using progress_board = std::unordered_map<run_no, std::unordered_map<instance_no, step_progress>>;

/// One state for all instances of a step: what a person wants to know first.
step_state overall(const step_tally& tally);
run_summary summarise(const run& of);
run_shown show(const run& of, const node_table& nodes, const progress_board& board);
std::vector<node_view> show(const node_table& nodes, std::int64_t steady_ms, bool with_lost);

/// Attempts that are out, the longest first.
attempts_listed show_attempts(const cluster& all, const progress_board& board,
                              const list_attempts& what);

/// "name" or "name[3]" to an instance; trouble says which names exist.
outcome<artifacts_listed> show_artifacts(const cluster& all, const run& of,
                                         const std::string& step);

outcome<instance_no> find_instance(const run& of, std::string_view name);
/// Why the instance is where it is, in sentences, the strongest reason first.
step_explained explain(const cluster& all, const run& of, instance_no instance, moment now);

/// All pools, or the one of that name.
pools_listed show(const pool_table& pools, const std::string& name);
/// Limits that people have set, of all pipelines or one.
limits_listed show(const limit_table& limits, const std::string& pipeline);

}  // namespace artel::core
