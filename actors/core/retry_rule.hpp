// Is a failure of a kind that its step is restarted after?
#pragma once

#include <algorithm>

#include "messages/pipeline.hpp"
#include "messages/report.hpp"

namespace artel::core {

inline bool is_retried(const step_definition& step, const step_report& failed) {
  const auto among = [&](const std::vector<failure_pattern>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const failure_pattern& one) {
      return one.cause == failed.cause &&
             (one.cause != failure_cause::exit_code ||
              (one.low <= failed.exit_code && failed.exit_code <= one.high));
    });
  };
  return (step.retry_on.empty() || among(step.retry_on)) && !among(step.retry_except);
}

}  // namespace artel::core
