// Reports in batches that fit a frame: bounded in number and, since each may carry a long result,
// in bytes.
#pragma once

#include <utility>
#include <vector>

#include "messages/dispatch.hpp"
#include "messages/report.hpp"

namespace artel::work {

constexpr std::size_t report_bytes_per_batch_max = 1U << 20;

/// Calls take(std::vector<step_report>) for each batch, in order.
template <class Take>
void each_batch(std::vector<step_report> reports, Take&& take) {
  std::vector<step_report> batch;
  std::size_t bytes = 0;
  for (auto& one : reports) {
    bytes += one.text.size();
    batch.push_back(std::move(one));
    if (batch.size() < steps_per_batch_max && bytes < report_bytes_per_batch_max) continue;
    take(std::exchange(batch, {}));
    bytes = 0;
  }
  if (!batch.empty()) take(std::move(batch));
}

}  // namespace artel::work
