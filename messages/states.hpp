// The states a run and a step instance can be in, with the words that logs, screens and JSON use
// for them. The lifecycles are drawn in docs/LIFECYCLES.md. Numbers are on the wire and in the
// journal: never reuse one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace artel {

enum class run_state : std::uint8_t { running = 0, succeeded = 1, failed = 2, cancelled = 3 };
constexpr run_state enum_max(run_state) { return run_state::cancelled; }
constexpr std::string_view run_state_names[] = {"running", "succeeded", "failed", "cancelled"};
constexpr std::string_view to_text(run_state state) {
  return run_state_names[static_cast<std::size_t>(state)];
}

enum class step_state : std::uint8_t {
  waiting = 0,      ///< a step it needs has not ended
  ready = 1,        ///< may start as soon as a node has room
  backing_off = 2,  ///< waits for its restart time; holds nothing
  running = 3,      ///< an attempt is on a node
  publishing = 4,   ///< its report is accepted, its outputs are being moved into place
  succeeded = 5,
  failed = 6,
  poisoned = 7,  ///< crashed more often than its crash limit allows; stays so until a person acts
  skipped = 8,   ///< a step it needs did not succeed
  cancelled = 9
};
constexpr std::size_t step_state_count = 10;
constexpr step_state enum_max(step_state) { return step_state::cancelled; }
constexpr std::string_view step_state_names[] = {
    "waiting",   "ready",  "backing_off", "running", "publishing",
    "succeeded", "failed", "poisoned",    "skipped", "cancelled"};
constexpr std::string_view to_text(step_state state) {
  return step_state_names[static_cast<std::size_t>(state)];
}
constexpr bool is_terminal(step_state state) { return state >= step_state::succeeded; }

/// How an attempt ended, in the worker's words.
enum class ending : std::uint8_t {
  finished = 0,   ///< with a usable result
  failed = 1,     ///< the step said no, exited ≠ 0 or ran out of time
  crashed = 2,    ///< its process died
  cancelled = 3,  ///< stopped on request
  published = 4,  ///< the outputs of a finished attempt are in place
  returned = 5    ///< given back: the node stops in good order; no counter moves
};
constexpr ending enum_max(ending) { return ending::returned; }

/// What a failure or crash came from, as far as its node knows. Numbers are on the wire.
enum class failure_cause : std::uint8_t {
  other = 0,
  exit_code = 1,  ///< a command's, other than 0
  timeout = 2,    ///< of the attempt
  memory = 3,     ///< more than its limit
  limit = 4,      ///< more of something else than its limit: CPU time, processes, file size
  input = 5       ///< what it was to find could not be brought
};
constexpr failure_cause enum_max(failure_cause) { return failure_cause::input; }

}  // namespace artel
