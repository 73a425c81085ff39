#include "actors/operation/prometheus_text.hpp"

#include <prometheus/text_serializer.h>

namespace artel::operation {
namespace {

prometheus::MetricType type_of(metric_kind kind) {
  return kind == metric_kind::counter     ? prometheus::MetricType::Counter
         : kind == metric_kind::histogram ? prometheus::MetricType::Histogram
                                          : prometheus::MetricType::Gauge;
}

prometheus::ClientMetric metric_of(const metric_sample& from, metric_kind kind) {
  prometheus::ClientMetric made;
  for (const auto& [name, value] : from.labels) made.label.push_back({name, value});
  made.counter.value = made.gauge.value = from.value;
  if (kind != metric_kind::histogram) return made;
  made.histogram.sample_sum = from.value;
  for (const auto& [bound, count] : from.buckets) made.histogram.bucket.push_back({count, bound});
  if (!from.buckets.empty()) made.histogram.sample_count = from.buckets.back().second;
  return made;
}

}  // namespace

std::string exposition_of(const std::vector<metric_family>& families) {
  std::vector<prometheus::MetricFamily> made;
  for (const auto& each : families) {
    prometheus::MetricFamily one;
    one.name = each.name;
    one.help = each.help;
    one.type = type_of(each.kind);
    for (const auto& sample : each.samples) one.metric.push_back(metric_of(sample, each.kind));
    made.push_back(std::move(one));
  }
  return prometheus::TextSerializer().Serialize(made);
}

}  // namespace artel::operation
