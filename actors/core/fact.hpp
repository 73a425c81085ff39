// A fact: something that happened, the only thing the journal keeps. One flat shape for all kinds
// keeps 100,000 of them a second cheap. State is the fold of facts; what `number` and `text` mean
// depends on the kind and stands beside it.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "messages/ids.hpp"

namespace artel::core {

using run_no = std::uint64_t;  ///< a run's number in this journal, counted from 1; 0: of no run

/// Numbers are in the journal: never reuse one.
enum class fact_kind : std::uint8_t {
  run_submitted = 1,   ///< text: packed core::submission
  step_started = 2,    ///< text: node name; number: session of the node's process
  step_finished = 3,   ///< text: result; number: 1 when outputs wait to be published
  step_published = 4,  ///< its outputs are in place
  step_failed = 5,     ///< text: error; number: when to restart, ms since 1970, 0 = never. Of no
                       ///< attempt when it could not be started
  step_crashed = 6,    ///< text: reason; number: when to restart, 0 = poisoned
  step_returned = 7,   ///< text: reason; the attempt had not begun, no counter moves
  step_skipped = 8,  ///< text: why; number: 1 by a condition or rule, 0 since what it needs failed
  step_cancelled = 9,
  run_cancel_requested = 10,  ///< text: reason; number: 1 when it ran out of its time,
                              ///< 2 when its submission was refused after all
  run_ended = 11,             ///< number: run_state; text: reason
  node_drained = 12,  ///< of no run; text: name, a line break, who and why (earlier releases:
                      ///< the name); number: 1 drained, 0 not any more
  step_ran_out_of_memory = 13,  ///< as step_crashed; the next attempt may get more
  run_paused = 14,              ///< text: who and why; number: 1 paused, 0 not any more
  pipeline_paused = 15,   ///< of no run; text: name, a line break, who and why; number as above
  step_marked = 16,       ///< a person ended it; text: who and why; number: the step_state
  step_taken_over = 17,   ///< succeeded in the run that this one retries; text: result
  schedule_passed = 18,   ///< of no run; text: name, rule and, on a third line, what became of it;
                          ///< number: planned times up to here (ms since 1970) are dealt with
  schedule_paused = 19,   ///< of no run; text and number as pipeline_paused
  pool_set = 20,          ///< of no run; text as pipeline_paused; number: its limit, -1 removed
  result_kept = 21,       ///< of no run; text: key, id of its run, output and result, a line each
  step_from_cache = 22,   ///< succeeded without an attempt; text: id of the run whose result it
                          ///< takes, a line break, the result
  group_restarted = 23,   ///< what its instance's failure or crash stopped starts anew; number: of
                          ///< how many instances an end is taken back
  artifacts_kept = 24,    ///< before its end; text: what the instance has made and where that lies
                          ///< (actors/core/artifacts.hpp)
  change_asked = 25,      ///< of no run, for the audit log only; text: who, from where, what was
                          ///< asked and what was answered, a line each; number: trouble_code
  step_rate_set = 26,     ///< of no run; text as pipeline_paused, the name being pipeline/step;
                          ///< number: attempts that may start in an hour, 0: any number
  step_timeout_set = 27,  ///< of no run; text as step_rate_set; number: ms that an attempt may take
                          ///< from now on, 0: as its pipeline says
};
constexpr fact_kind fact_kind_max = fact_kind::step_timeout_set;
/// "run_submitted" for 1, as docs/LIFECYCLES.md has them.
constexpr std::string_view name_of(fact_kind kind) {
  constexpr std::string_view names[] = {"",
                                        "run_submitted",
                                        "step_started",
                                        "step_finished",
                                        "step_published",
                                        "step_failed",
                                        "step_crashed",
                                        "step_returned",
                                        "step_skipped",
                                        "step_cancelled",
                                        "run_cancel_requested",
                                        "run_ended",
                                        "node_drained",
                                        "step_ran_out_of_memory",
                                        "run_paused",
                                        "pipeline_paused",
                                        "step_marked",
                                        "step_taken_over",
                                        "schedule_passed",
                                        "schedule_paused",
                                        "pool_set",
                                        "result_kept",
                                        "step_from_cache",
                                        "group_restarted",
                                        "artifacts_kept",
                                        "change_asked",
                                        "step_rate_set",
                                        "step_timeout_set"};
  static_assert(std::size(names) == static_cast<std::size_t>(fact_kind_max) + 1);
  const auto number = static_cast<std::size_t>(kind);
  return number < std::size(names) ? names[number] : std::string_view();
}
constexpr bool is_limit(fact_kind kind) {
  return kind == fact_kind::step_rate_set || kind == fact_kind::step_timeout_set;
}
/// About a node, a pipeline, a schedule, a pool, a limit or a result that is kept.
constexpr bool is_of_no_run(fact_kind kind) {
  return kind == fact_kind::node_drained || kind == fact_kind::pipeline_paused ||
         kind == fact_kind::schedule_passed || kind == fact_kind::schedule_paused ||
         kind == fact_kind::pool_set || kind == fact_kind::result_kept ||
         kind == fact_kind::change_asked || is_limit(kind);
}
/// About a step instance.
constexpr bool is_of_step(fact_kind kind) {
  return !is_of_no_run(kind) && kind != fact_kind::run_submitted &&
         kind != fact_kind::run_cancel_requested && kind != fact_kind::run_ended &&
         kind != fact_kind::run_paused;
}
constexpr bool is_crash(fact_kind kind) {
  return kind == fact_kind::step_crashed || kind == fact_kind::step_ran_out_of_memory;
}

struct fact {
  fact_kind kind = fact_kind::run_submitted;
  run_no run = 0;
  instance_no instance = 0;
  attempt_no attempt = 0;
  std::int64_t at_ms = 0;  ///< wall clock, ms since 1970; for people, never for deciding an order
  std::int64_t number = 0;
  std::string text;
  friend bool operator==(const fact&, const fact&) = default;
};

inline bool is_refusal(const fact& what) {
  return what.kind == fact_kind::run_cancel_requested && what.number == 2;
}

/// Of a fact of no run: whom it is about, and who said so and why.
inline std::string name_in(const fact& what) { return what.text.substr(0, what.text.find('\n')); }
inline std::string why_in(const fact& what) {
  const auto line = what.text.find('\n');
  return line == std::string::npos ? std::string() : what.text.substr(line + 1);
}

}  // namespace artel::core
