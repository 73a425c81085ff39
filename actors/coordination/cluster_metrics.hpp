// The cluster's state and counts as metrics (docs/METRICS.md).
#pragma once

#include <vector>

#include "actors/core/metrics_book.hpp"
#include "actors/core/schedule_book.hpp"
#include "messages/metric.hpp"

namespace artel::coordination {

std::vector<metric_family> metrics_of(const core::cluster& state, const core::metrics_book& counts,
                                      const core::schedule_book& schedules, core::moment now);

}  // namespace artel::coordination
