// A pipeline as read from its YAML file: what docs/PIPELINES.md describes, one member per key. The
// config room reads it, the core validates and runs it. Places are kept so that a mistake found
// later still names its line and column.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/fields.hpp"
#include "messages/schedule.hpp"
#include "messages/states.hpp"

namespace artel {

/// 1-based position in the pipeline file; 0 when it came from elsewhere.
struct file_place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const file_place&, const file_place&) = default;
};

/// Wait before restart n (0-based): min·factorⁿ up to max, then ± jitter·wait.
struct backoff_policy {
  std::uint32_t min_ms = 1'000;
  std::uint32_t max_ms = 60'000;
  double factor = 2.0;
  double jitter = 0.1;  ///< 0 … 1
};

/// At most max_restarts within the sliding window; one more ends the group.
struct restart_intensity {
  std::uint32_t max_restarts = 3;
  std::uint64_t within_ms = 60'000;
};

/// What one attempt asks of a node.
struct resource_request {
  std::uint32_t cpu_milli = 1'000;  ///< thousandths of a core
  std::uint64_t memory_bytes = 0;
  std::uint32_t gpu = 0;
  std::map<std::string, std::uint32_t> counters;  ///< of what the node has besides, by name
  std::vector<std::string> labels;                ///< the node must carry all of them
  bool spare_cpu = false;  ///< it uses cores of its node that nobody has reserved, while so
  friend bool operator==(const resource_request&, const resource_request&) = default;
};

/// What one attempt, with all processes that it starts, may use at most; 0: no limit of its own.
/// How each is enforced stands in docs/PIPELINES.md.
struct attempt_limits {
  std::uint64_t memory_bytes = 0;
  std::uint32_t cpu_milli = 0;    ///< thousandths of a core, at any time
  std::uint64_t cpu_time_ms = 0;  ///< in all
  std::uint64_t file_bytes = 0;   ///< of a single file
  std::uint32_t processes = 0;    ///< at once, threads not counted
  std::uint32_t open_files = 0;   ///< of a single process
  ARTEL_FIELDS(attempt_limits, memory_bytes, cpu_milli, cpu_time_ms, file_bytes, processes,
               open_files);
};

/// When a step starts, by what has become of the steps that it needs. docs/PIPELINES.md has the
/// table.
enum class trigger_rule : std::uint8_t {
  all_success,   ///< all succeeded
  all_done,      ///< all ended, in whatever way
  all_failed,    ///< all failed
  any_success,   ///< one has succeeded; does not wait for the others
  any_failed,    ///< one has failed; does not wait for the others
  none_failed,   ///< all ended, none failed
  none_skipped,  ///< all ended, none was skipped
  always         ///< at once, whatever they do
};
constexpr std::string_view trigger_rule_names[] = {"all_success",  "all_done",   "all_failed",
                                                   "any_success",  "any_failed", "none_failed",
                                                   "none_skipped", "always"};
constexpr std::string_view to_text(trigger_rule rule) {
  return trigger_rule_names[static_cast<std::size_t>(rule)];
}

/// It says nothing before all needs have ended, unless that they will not let it start.
constexpr bool waits_for_all(trigger_rule rule) {
  return rule != trigger_rule::any_success && rule != trigger_rule::any_failed &&
         rule != trigger_rule::always;
}

enum class parameter_type : std::uint8_t { text, path, integer, number, boolean };

struct parameter_definition {
  std::string name;
  parameter_type type = parameter_type::text;
  bool required = false;
  std::string default_value;
  std::vector<std::string> choices;
  std::string description;
};

/// One key of a matrix: the step has an instance for every combination of the axes' values.
struct matrix_axis {
  std::string name;
  std::vector<std::string> values;  ///< as given
};

/// The part of the pipeline file that a step stands in. Handlers start when all of `steps` has
/// ended: first on_success or on_failure, then on_exit.
enum class step_section : std::uint8_t { steps, on_success, on_failure, on_exit };
constexpr std::string_view to_text(step_section section) {
  constexpr std::string_view words[] = {"steps", "on_success", "on_failure", "on_exit"};
  return words[static_cast<std::size_t>(section)];
}

/// What is started anew with a member of a group that failed or crashed. The words are those of
/// supervision trees.
enum class group_strategy : std::uint8_t {
  one_for_one,  ///< nothing else
  one_for_all,  ///< all of the group
  rest_for_one  ///< those of the group that come after it
};
constexpr std::string_view group_strategy_names[] = {"one_for_one", "one_for_all", "rest_for_one"};
constexpr std::string_view to_text(group_strategy strategy) {
  return group_strategy_names[static_cast<std::size_t>(strategy)];
}

/// Steps that are supervised together.
struct group_definition {
  std::string name;
  group_strategy strategy = group_strategy::one_for_one;
  restart_intensity intensity{20, 600'000};  ///< over all its restarts in a run
  backoff_policy backoff;                    ///< of members that have none of their own
  std::vector<std::string> needs;            ///< of members that need no other member
  std::vector<file_place> needs_places;
  file_place place;
};

/// Failures of one kind; exit codes from `low` to `high`.
struct failure_pattern {
  failure_cause cause = failure_cause::other;
  std::int32_t low = 0;
  std::int32_t high = 0;
};

/// Is a step to run again when nothing that goes into it has changed?
struct cache_rule {
  bool on = false;
  std::string version;              ///< another one makes all earlier results unfit
  std::vector<std::string> inputs;  ///< expressions, beside all that the step is told anyway
  std::uint64_t expires_ms = 0;     ///< 0: never
  file_place place;
};

/// An artifact of an earlier step that a step finds when it begins.
struct input_definition {
  std::string name;  ///< below ARTEL_INPUTS
  std::string step;  ///< that makes it
  std::string artifact;
  bool own_instance = false;  ///< of the instance with its own number alone, not of all
  file_place place;
};

struct step_definition {
  std::string name;
  step_section section = step_section::steps;
  std::string use;                   ///< a native step, or …
  std::vector<std::string> command;  ///< … argv, or …
  std::string shell;                 ///< … a line for /bin/sh -c
  std::map<std::string, std::string> with;
  std::map<std::string, std::string> env;
  std::map<std::string, std::string> secrets;  ///< variable of a command → name of a secret
  std::string cwd;
  std::string output;  ///< folder that the step's outputs are published to; empty: it has none
  std::string group;   ///< empty: it is in none
  file_place group_place;
  std::vector<std::string> needs;  ///< steps, or groups for all that is in them
  std::vector<file_place> needs_places;
  trigger_rule trigger = trigger_rule::all_success;
  std::string when;  ///< an expression; the step is skipped when it is false; empty: there is none
  file_place when_place;
  std::vector<artifact_place> artifacts;
  std::vector<input_definition> inputs;
  bool allow_failure = false;
  cache_rule cache;
  std::uint32_t instances = 1;  ///< the step expands into so many step instances
  std::vector<matrix_axis> matrix;
  /// Combinations, by their number with the last axis counting fastest, in instance order; empty:
  /// all of them.
  std::vector<std::uint32_t> combinations;
  std::string map;  ///< an expression for a list: an instance for every item; empty: there is none
  file_place map_place;
  std::uint32_t max_parallel = 0;  ///< of its instances at once; 0: as many as there is room for
  bool fail_fast = false;          ///< the first of its instances to fail stops the others
  resource_request resources;
  std::map<std::string, std::uint32_t> pools;  ///< how much it takes of which, over all nodes
  attempt_limits limits;
  std::string user;                       ///< that a command runs as; empty: that of the node
  std::uint64_t timeout_ms = 0;           ///< 0: none
  std::uint32_t grace_ms = 5'000;         ///< between SIGTERM and SIGKILL
  std::uint64_t wait_timeout_ms = 0;      ///< from when it may start to its first attempt; 0: none
  std::uint32_t retries = 0;              ///< restarts after a failure …
  std::vector<failure_pattern> retry_on;  ///< … of these kinds; empty: of all …
  std::vector<failure_pattern> retry_except;  ///< … but these
  double memory_factor = 0;  ///< more memory after each attempt that had too little; 0: no
  std::uint64_t memory_bytes_max = 0;  ///< up to this; 0: no bound
  std::uint32_t crash_limit = 3;       ///< restarts after a crash; one more crash poisons
  backoff_policy backoff;
  bool own_backoff = false;  ///< else that of its group
  file_place place;

  /// Told apart by number; else it has one instance that goes by the step's name.
  bool has_instances() const { return instances > 1 || !matrix.empty() || !map.empty(); }
};

constexpr std::uint32_t priority_max = 1'000;

struct pipeline_definition {
  std::string name;
  std::string description;
  std::string file;  ///< as given, for messages
  std::vector<parameter_definition> params;
  std::vector<group_definition> groups;
  std::vector<step_definition> steps;
  restart_intensity intensity{20, 600'000};  ///< over all restarts of a run
  std::uint64_t timeout_ms = 0;              ///< of a run; 0: none
  std::int32_t priority = 0;          ///< of its runs: each point goes before a minute of waiting
  std::uint32_t max_active_runs = 0;  ///< further ones wait; 0: no bound
  std::vector<schedule_definition> schedules;
};

}  // namespace artel
