// Metrics in Prometheus' text format. The only place that knows prometheus-cpp.
#pragma once

#include <string>
#include <vector>

#include "messages/metric.hpp"

namespace artel::operation {

constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";
std::string exposition_of(const std::vector<metric_family>& families);

}  // namespace artel::operation
