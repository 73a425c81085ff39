#include "actors/operation/gateway.hpp"

#include <prometheus/text_serializer.h>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"

namespace artel::operation {
namespace {

constexpr auto patience = std::chrono::seconds(8);
constexpr const char* exposition = "text/plain; version=0.0.4; charset=utf-8";

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

std::string text_of(const std::vector<metric_family>& families) {
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

gateway::gateway(caf::actor_config& config, gateway_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {
  server_ = std::make_unique<http_server>(
      options_.endpoint, [me = caf::actor_cast<caf::actor_addr>(this)](
                             const http_request& asked, http_server::answer_with answer) {
        if (const auto self = caf::actor_cast<caf::actor>(me))
          caf::anon_send(self, http_asked{asked, std::move(answer)});
        else
          answer({503, "text/plain", "being restarted\n"});
      });
  logging::note(events::http_listens, {{"address", server_->address()}});
}

caf::behavior gateway::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](http_asked& said) {
        const auto path = said.what.target.substr(0, said.what.target.find('?'));
        if (said.what.method != "GET" && said.what.method != "HEAD")
          return said.answer({405, "text/plain", "only GET and HEAD\n"});
        if (path == "/metrics") return tell_metrics(said.answer);
        if (path == "/healthz") return tell_health(said.answer);
        said.answer({404, "text/plain", "not here; there are /metrics and /healthz\n"});
      },
  };
}

void gateway::tell_metrics(const http_server::answer_with& answer) {
  const auto who = options_.names->find(names::metrics);
  if (!who) return answer({503, "text/plain", "the metrics are being restarted\n"});
  request(who, patience, take_metrics{})
      .then(
          [answer](metrics_taken& said) {
            answer({200, exposition, text_of(said.families)});
          },
          [answer](caf::error& why) {
            answer({503, "text/plain", artel::text_of(why) + "\n"});
          });
}

/// Well is a node whose coordinator answers: it has read its journal, and decides.
void gateway::tell_health(const http_server::answer_with& answer) {
  const auto who = options_.names->find(names::coordinator);
  if (!who) return answer({503, "text/plain", "the coordinator is being restarted\n"});
  request(who, patience, ask_coordinator{ping{""}})
      .then(
          [answer](coordinator_answer&) {
            answer({200, "text/plain", "well\n"});
          },
          [answer](caf::error&) {
            answer({503, "text/plain", "the coordinator is silent\n"});
          });
}

}  // namespace artel::operation
