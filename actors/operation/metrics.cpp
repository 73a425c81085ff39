#include "actors/operation/metrics.hpp"

#include "actors/actor_errors.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(5);
constexpr const char* sources[] = {names::coordinator, names::journal, names::admin};
}  // namespace

struct metrics::gathering {
  caf::typed_response_promise<metrics_taken> asker;
  std::vector<metric_family> families;
  metric_family up{
      "artel_source_up", "1: this part of the node has answered.", metric_kind::gauge, {}};
  std::size_t left = std::size(sources);
};

metrics::metrics(caf::actor_config& config, metrics_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

caf::behavior metrics::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](take_metrics) {
        auto all = std::make_shared<gathering>();
        all->asker = make_response_promise<metrics_taken>();
        for (const auto* each : sources) ask(each, all);
        return all->asker;
      },
  };
}

void metrics::ask(const char* who, const std::shared_ptr<gathering>& into) {
  const auto ended = [this, who, into](bool good) {
    into->up.add(good ? 1 : 0, {{"source", who}});
    --into->left;
    finish_if_done(into);
  };
  const auto source = options_.names->find(who);
  if (!source) return ended(false);
  request(source, patience, take_metrics{})
      .then(
          [into, ended](metrics_taken& said) {
            for (auto& each : said.families) into->families.push_back(std::move(each));
            ended(true);
          },
          [ended](caf::error&) { ended(false); });
}

void metrics::finish_if_done(const std::shared_ptr<gathering>& all) {
  if (all->left != 0) return;
  metric_family build{"artel_build_info", "Always 1.", metric_kind::gauge, {}};
  build.add(1, {{"node", options_.node}, {"version", options_.version}});
  all->families.push_back(std::move(build));
  all->families.push_back(std::move(all->up));
  for (auto& each : process_metrics()) all->families.push_back(std::move(each));
  all->asker.deliver(metrics_taken{std::move(all->families)});
}

}  // namespace artel::operation
