#include "actors/coordination/cluster_metrics.hpp"

#include <algorithm>

#include "actors/core/projection.hpp"

namespace artel::coordination {
namespace {

using families = std::vector<metric_family>;
using core::pipeline_counts;

metric_family family(const char* name, metric_kind kind, const char* help) {
  return {name, help, kind, {}};
}
metric_family counter(const char* name, const char* help) {
  return family(name, metric_kind::counter, help);
}
metric_family gauge(const char* name, const char* help) {
  return family(name, metric_kind::gauge, help);
}

void add_counts(const core::metrics_book& counts, families& out) {
  auto submitted = counter("artel_runs_submitted_total", "Runs accepted.");
  auto ended = counter("artel_runs_total", "Runs that have ended, by how.");
  auto started = counter("artel_attempts_started_total", "Attempts given to a node.");
  auto attempts = counter("artel_attempts_total", "Attempts that have ended, by how.");
  const auto simple = [&](const char* name, const char* help, auto member) {
    auto made = counter(name, help);
    for (const auto& [pipeline, each] : counts.pipelines())
      made.add(static_cast<double>(each.*member), {{"pipeline", pipeline}});
    out.push_back(std::move(made));
  };
  for (const auto& [pipeline, each] : counts.pipelines()) {
    submitted.add(static_cast<double>(each.submitted), {{"pipeline", pipeline}});
    started.add(static_cast<double>(each.started), {{"pipeline", pipeline}});
    for (std::size_t i = 1; i < each.ended.size(); ++i)
      ended.add(
          static_cast<double>(each.ended[i]),
          {{"pipeline", pipeline}, {"state", std::string(to_text(static_cast<run_state>(i)))}});
    for (std::size_t i = 0; i < each.attempts.size(); ++i)
      attempts.add(static_cast<double>(each.attempts[i]),
                   {{"pipeline", pipeline}, {"outcome", std::string(core::attempt_end_names[i])}});
  }
  for (auto* each : {&submitted, &ended, &started, &attempts}) out.push_back(std::move(*each));
  simple("artel_step_restarts_total", "Restarts after a failure or crash.",
         &pipeline_counts::restarts);
  simple("artel_steps_poisoned_total", "Step instances given up after too many crashes.",
         &pipeline_counts::poisoned);
  simple("artel_steps_skipped_total", "Step instances skipped.", &pipeline_counts::skipped);
  simple("artel_steps_from_cache_total", "Step instances that took an earlier result.",
         &pipeline_counts::from_cache);
  simple("artel_steps_marked_total", "Step instances that a person has ended.",
         &pipeline_counts::marked);
  simple("artel_group_restarts_total", "Groups of steps begun anew.",
         &pipeline_counts::group_restarts);
  auto facts = counter("artel_facts_total", "Facts decided.");
  facts.add(static_cast<double>(counts.facts()));
  out.push_back(std::move(facts));
}

void add_times(const core::metrics_book& counts, families& out) {
  const auto histogram = [&](const char* name, const char* help, auto member) {
    auto made = family(name, metric_kind::histogram, help);
    for (const auto& [pipeline, each] : counts.pipelines())
      made.samples.push_back((each.*member).sample({{"pipeline", pipeline}}));
    out.push_back(std::move(made));
  };
  histogram("artel_run_duration_seconds", "From submission to end.", &pipeline_counts::runs);
  histogram("artel_attempt_duration_seconds", "From start to end of an attempt.",
            &pipeline_counts::attempt_times);
  histogram("artel_queue_wait_seconds", "From when a step could start to its first attempt.",
            &pipeline_counts::waits);
}

void add_runs(const core::cluster& state, families& out) {
  auto active = gauge("artel_runs_active", "Runs that have not ended.");
  auto paused = gauge("artel_runs_paused", "Of these, paused ones.");
  auto steps = gauge("artel_steps", "Step instances of runs that have not ended, by state.");
  std::map<std::string, double> by_pipeline;
  std::array<double, step_state_count> by_state = {};
  double paused_runs = 0;
  for (const auto& [number, one] : state.runs()) {
    if (one->state() != run_state::running) continue;
    const auto& name = one->plan().definition.name;
    const bool counted =
        by_pipeline.contains(name) || by_pipeline.size() < core::pipelines_counted_max;
    by_pipeline[counted ? name : "other"] += 1;
    paused_runs += !state.pause_of(*one).empty();
    for (std::uint32_t step = 0; step < one->plan().nodes.size(); ++step)
      for (std::size_t i = 0; i < step_state_count; ++i)
        by_state[i] += one->tally(step).by_state[i];
  }
  for (const auto& [pipeline, count] : by_pipeline) active.add(count, {{"pipeline", pipeline}});
  paused.add(paused_runs);
  for (std::size_t i = 0; i < step_state_count; ++i)
    steps.add(by_state[i], {{"state", std::string(to_text(static_cast<step_state>(i)))}});
  auto queue = gauge("artel_queue_length", "Step instances that could start and wait for a place.");
  queue.add(by_state[static_cast<std::size_t>(step_state::ready)]);
  for (auto* each : {&active, &paused, &steps, &queue}) out.push_back(std::move(*each));
}

void add_nodes(const core::cluster& state, core::moment now, families& out) {
  auto nodes = gauge("artel_nodes", "Worker nodes, by state.");
  const auto all = core::show(state.nodes(), now.steady_ms, true);
  for (const char* word : {"alive", "awaited", "lost", "left"})
    nodes.add(static_cast<double>(std::count_if(
                  all.begin(), all.end(), [&](const auto& each) { return each.state == word; })),
              {{"state", word}});
  out.push_back(std::move(nodes));
  const auto of_nodes = [&](const char* name, const char* help, const auto& value) {
    auto made = gauge(name, help);
    for (const auto& each : all)
      if (each.state == "alive")
        made.add(static_cast<double>(value(each)), {{"node", each.name}, {"kind", each.kind}});
    out.push_back(std::move(made));
  };
  of_nodes("artel_node_up", "1 for a node that is there.", [](const auto&) { return 1; });
  of_nodes("artel_node_slots", "Attempts at once.", [](const auto& n) { return n.capacity.slots; });
  of_nodes("artel_node_slots_free", "Of these, free.", [](const auto& n) { return n.free.slots; });
  of_nodes("artel_node_cpu_cores", "Cores that steps may ask for.",
           [](const auto& n) { return n.capacity.cpu_milli / 1000.0; });
  of_nodes("artel_node_cpu_cores_free", "Of these, not reserved.",
           [](const auto& n) { return n.free.cpu_milli / 1000.0; });
  of_nodes("artel_node_memory_bytes", "Memory that steps may ask for.",
           [](const auto& n) { return n.capacity.memory_bytes; });
  of_nodes("artel_node_memory_free_bytes", "Of this, not reserved.",
           [](const auto& n) { return n.free.memory_bytes; });
  of_nodes("artel_node_gpus", "GPUs that steps may ask for.",
           [](const auto& n) { return n.capacity.gpu; });
  of_nodes("artel_node_attempts", "Attempts that run there.",
           [](const auto& n) { return n.running; });
  of_nodes("artel_node_crashes", "Attempts that died there since it joined.",
           [](const auto& n) { return n.crashes; });
  of_nodes("artel_node_silence_seconds", "Since it was heard.",
           [](const auto& n) { return static_cast<double>(n.heard_ms_ago) / 1000; });
  of_nodes("artel_node_drained", "1: nothing more is placed there.",
           [](const auto& n) { return n.drained ? 1 : 0; });
}

void add_pools(const core::cluster& state, families& out) {
  auto limit = gauge("artel_pool_limit", "What may be taken of a pool at once.");
  auto used = gauge("artel_pool_used", "What is taken.");
  for (const auto& each : core::show(state.pools(), "").pools) {
    limit.add(each.limit, {{"pool", each.name}});
    used.add(each.used, {{"pool", each.name}});
  }
  out.push_back(std::move(limit));
  out.push_back(std::move(used));
}

void add_schedules(const core::schedule_book& schedules, core::moment now, families& out) {
  auto next = gauge("artel_schedule_next_timestamp_seconds", "When it is planned to start a run.");
  auto last = gauge("artel_schedule_last_timestamp_seconds",
                    "The last planned time that was dealt with; 0: none yet.");
  auto paused = gauge("artel_schedule_paused", "1: planned times pass and start nothing.");
  auto late = gauge("artel_schedule_lateness_seconds",
                    "How long a planned time has been due without having been dealt with.");
  for (const auto& [name, one] : schedules.all()) {
    const std::vector<std::pair<std::string, std::string>> labels{{"schedule", name}};
    const auto mark = schedules.mark_of(name);
    next.add(one.next_ms ? static_cast<double>(*one.next_ms) / 1000 : 0, labels);
    last.add(static_cast<double>(mark.last_ms) / 1000, labels);
    paused.add(schedules.paused(name).empty() ? 0 : 1, labels);
    const auto due = one.next_ms ? now.wall_ms - *one.next_ms - one.jitter_ms : 0;
    late.add(due > 0 ? static_cast<double>(due) / 1000 : 0, labels);
  }
  auto count = gauge("artel_schedules", "Schedules that are known.");
  count.add(static_cast<double>(schedules.all().size()));
  for (auto* each : {&count, &next, &last, &paused, &late}) out.push_back(std::move(*each));
}

}  // namespace

std::vector<metric_family> metrics_of(const core::cluster& state, const core::metrics_book& counts,
                                      const core::schedule_book& schedules, core::moment now) {
  families out;
  add_counts(counts, out);
  add_times(counts, out);
  add_runs(state, out);
  add_nodes(state, now, out);
  add_pools(state, out);
  add_schedules(schedules, now, out);
  return out;
}

}  // namespace artel::coordination
