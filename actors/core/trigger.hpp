// Trigger rules: may a step start, given what has become of the steps that it needs? The answer
// depends on how they ended alone, never on the order in which they did, unless the rule says that
// it does not wait.
#pragma once

#include <cstdint>

#include "messages/pipeline.hpp"

namespace artel::core {

/// How a step has ended as a whole.
enum class step_end : std::uint8_t {
  open,         ///< it has not
  succeeded,    ///< of several instances: none failed and at least one succeeded
  forgiven,     ///< failed, with allow_failure: goes on as if succeeded, but any_failed sees it
  failed,       ///< also: an instance failed or is poisoned
  skipped,      ///< by its `when`, by a rule, or since something that it needs was skipped
  not_reached,  ///< skipped because something that it needs failed: as good as failed
  cancelled
};

/// The needs of a step, counted by how they ended.
struct needs_tally {
  std::uint32_t all = 0;
  std::uint32_t ended = 0;
  std::uint32_t good = 0;  ///< succeeded, forgiven
  std::uint32_t bad = 0;   ///< failed, not_reached, cancelled
  std::uint32_t skipped = 0;
  std::uint32_t failed = 0;  ///< bad or forgiven
  friend bool operator==(const needs_tally&, const needs_tally&) = default;

  void count(step_end end);
};

enum class trigger_says : std::uint8_t {
  wait,
  start,
  skip,              ///< the rule can not hold any more
  skip_not_reached,  ///< … since something failed
  fail               ///< its condition can not be computed
};

trigger_says ask(trigger_rule rule, const needs_tally& needs);

}  // namespace artel::core
