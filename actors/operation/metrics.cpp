#include "actors/operation/metrics.hpp"

#include "actors/actor_errors.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(5);
constexpr const char* sources[] = {names::coordinator, names::journal, names::admin, names::log,
                                   names::monitor};
constexpr auto usage_counts_for = std::chrono::seconds(30);
constexpr std::size_t nodes_max = 4'096;
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
      [this](const node_used& said) {
        if (used_.size() < nodes_max || used_.contains(said.name))
          used_[said.name] = {said.what, std::chrono::steady_clock::now()};
      },
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

/// A node that has not said so for a while is not there.
void metrics::add_usage(std::vector<metric_family>& to) const {
  const auto now = std::chrono::steady_clock::now();
  const auto put = [&](const char* name, metric_kind kind, const char* help, auto value) {
    metric_family made{name, help, kind, {}};
    for (const auto& [node, one] : used_)
      if (now - one.at < usage_counts_for)
        made.add(static_cast<double>(value(one.what)), {{"node", node}});
    to.push_back(std::move(made));
  };
  put("artel_node_process_memory_bytes", metric_kind::gauge,
      "Resident memory of a worker node's own process.",
      [](const auto& used) { return used.memory_bytes; });
  put("artel_node_process_cpu_seconds_total", metric_kind::counter,
      "CPU time of a worker node's own process.",
      [](const auto& used) { return static_cast<double>(used.cpu_ms) / 1'000; });
  put("artel_node_steps_memory_bytes", metric_kind::gauge,
      "Memory of the steps that run on a node, and their hosts.",
      [](const auto& used) { return used.steps_memory_bytes; });
  put("artel_node_steps_cpu_seconds_total", metric_kind::counter,
      "CPU time of all that has run below a node.",
      [](const auto& used) { return static_cast<double>(used.steps_cpu_ms) / 1'000; });
  put("artel_link_frames_kept", metric_kind::gauge,
      "Frames of a node that the supervisor node has not acknowledged.",
      [](const auto& used) { return used.frames_kept; });
  put("artel_node_log_lines_dropped_total", metric_kind::counter,
      "Lines of a node's log that found no room on their way here.",
      [](const auto& used) { return used.lines_dropped; });
}

void metrics::finish_if_done(const std::shared_ptr<gathering>& all) {
  if (all->left != 0) return;
  metric_family build{"artel_build_info", "Always 1.", metric_kind::gauge, {}};
  build.add(1, {{"node", options_.node}, {"version", options_.version}});
  all->families.push_back(std::move(build));
  all->families.push_back(std::move(all->up));
  add_usage(all->families);
  for (auto& each : process_metrics()) all->families.push_back(std::move(each));
  all->asker.deliver(metrics_taken{std::move(all->families)});
}

}  // namespace artel::operation
