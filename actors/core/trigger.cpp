#include "actors/core/trigger.hpp"

namespace artel::core {

void needs_tally::count(step_end end) {
  ++ended;
  const bool is_good = end == step_end::succeeded || end == step_end::forgiven;
  good += is_good ? 1 : 0;
  skipped += end == step_end::skipped ? 1 : 0;
  bad += !is_good && end != step_end::skipped ? 1 : 0;
  failed += end == step_end::forgiven || (!is_good && end != step_end::skipped) ? 1 : 0;
}

trigger_says ask(trigger_rule rule, const needs_tally& needs) {
  const bool over = needs.ended == needs.all;
  const auto later = [&](bool holds, trigger_says otherwise) {
    return !over ? trigger_says::wait : holds ? trigger_says::start : otherwise;
  };
  // What failed decides at once; what was skipped when all have ended, so that it does not matter
  // which came first.
  const auto unless_failed = [&](trigger_says otherwise) {
    return needs.bad != 0 ? trigger_says::skip_not_reached
                          : later(otherwise == trigger_says::start, otherwise);
  };
  switch (rule) {
    case trigger_rule::all_success:
      return unless_failed(needs.skipped == 0 ? trigger_says::start : trigger_says::skip);
    case trigger_rule::none_failed:
      return unless_failed(trigger_says::start);
    case trigger_rule::all_done:
      return later(true, trigger_says::skip);
    case trigger_rule::none_skipped:
      return later(needs.skipped == 0, trigger_says::skip);
    case trigger_rule::all_failed:
      return later(needs.failed == needs.all, trigger_says::skip);
    case trigger_rule::any_success:
      if (needs.good != 0) return trigger_says::start;
      return later(false, needs.bad != 0 ? trigger_says::skip_not_reached : trigger_says::skip);
    case trigger_rule::any_failed:
      return needs.failed != 0 ? trigger_says::start : later(false, trigger_says::skip);
    case trigger_rule::always:
      return trigger_says::start;
  }
  return trigger_says::wait;
}

}  // namespace artel::core
