#include "actors/core/celery_book.hpp"

namespace artel::core {
namespace {

using labels = std::vector<std::pair<std::string, std::string>>;

template <class Task>
labels labels_of(const Task& one) {
  return {{"name", one.name}, {"hostname", one.host}, {"queue_name", one.queue}};
}

metric_family family(metric_kind kind, const char* name, const char* help) {
  return {name, help, kind, {}};
}

}  // namespace

celery_book::task_counts& celery_book::of(const run& of_run, instance_no instance,
                                          const std::string& node) {
  const auto& pipeline = of_run.plan().definition.name;
  const task one{pipeline + "." + of_run.definition_of(instance).name, node, pipeline};
  if (const auto found = tasks_.find(one); found != tasks_.end()) return found->second;
  return tasks_[tasks_.size() < celery_tasks_counted_max ? one : task{"other", "other", "other"}];
}

void celery_book::adopt(const cluster& state) {
  for (const auto& [number, each] : state.runs())
    for (instance_no i = 0; i < each->numbers(); ++i)
      if (const auto node = each->at(i).node; node != no_node)
        out_[{number, i}] = &of(*each, i, state.nodes().at(node).name);
}

void celery_book::note(const fact& happened, const cluster& state) {
  if (!is_of_step(happened.kind)) return;
  const auto* one = state.find(happened.run);
  if (one == nullptr) return;
  const std::pair place{happened.run, happened.instance};
  if (happened.kind == fact_kind::step_started) {
    auto& counts = of(*one, happened.instance, happened.text);
    ++counts.started;
    if (happened.attempt == 1)
      counts.wait.add_ms(happened.at_ms - one->tally(one->step_of(happened.instance)).opened_ms);
    out_[place] = &counts;
    return;
  }
  const bool ends = happened.kind != fact_kind::artifacts_kept &&
                    !(happened.kind == fact_kind::step_finished && happened.number != 0);
  const auto found = out_.find(place);
  if (!ends || found == out_.end()) return;
  note_end(happened, *one, *found->second);
  out_.erase(found);
}

void celery_book::note_end(const fact& happened, const run& of_run, task_counts& to) {
  const auto fail = [&](attempt_end how) {
    ++(happened.number != 0 ? to.retried : to.failed[static_cast<std::size_t>(how)]);
  };
  switch (happened.kind) {
    case fact_kind::step_finished:
    case fact_kind::step_published:
      ++to.succeeded;
      to.runtime.add_ms(happened.at_ms - of_run.at(happened.instance).started_ms);
      break;
    case fact_kind::step_failed:
      fail(attempt_end::failed);
      break;
    case fact_kind::step_crashed:
      fail(attempt_end::crashed);
      break;
    case fact_kind::step_ran_out_of_memory:
      fail(attempt_end::out_of_memory);
      break;
    case fact_kind::step_returned:
      ++to.rejected;
      break;
    case fact_kind::step_cancelled:
    case fact_kind::step_marked:
      ++to.revoked;
      break;
    default:
      break;
  }
}

void celery_book::tell(const cluster& state, std::vector<metric_family>& to) const {
  tell_counts(to);
  tell_failures(to);
  tell_nodes(state, to);
  tell_queues(state, to);
}

void celery_book::tell_counts(std::vector<metric_family>& to) const {
  const auto count = [&](const char* name, const char* help, auto member) {
    auto made = family(metric_kind::counter, name, help);
    for (const auto& [one, counts] : tasks_)
      made.add(static_cast<double>(counts.*member), labels_of(one));
    to.push_back(std::move(made));
  };
  const char* const given = "As celery-exporter's: attempts given to a node.";
  for (const auto* name :
       {"celery_task_sent_total", "celery_task_received_total", "celery_task_started_total"})
    count(name, given, &task_counts::started);
  count("celery_task_succeeded_total", "As celery-exporter's: attempts that succeeded.",
        &task_counts::succeeded);
  count("celery_task_rejected_total", "As celery-exporter's: attempts given back by their node.",
        &task_counts::rejected);
  count("celery_task_revoked_total", "As celery-exporter's: attempts stopped by people or rules.",
        &task_counts::revoked);
  count("celery_task_retried_total", "As celery-exporter's: failures and crashes that restart.",
        &task_counts::retried);
  const auto histogram = [&](const char* name, const char* help, auto member) {
    auto made = family(metric_kind::histogram, name, help);
    for (const auto& [one, counts] : tasks_)
      made.samples.push_back((counts.*member).sample(labels_of(one)));
    to.push_back(std::move(made));
  };
  histogram("celery_task_runtime", "As celery-exporter's: seconds of attempts that succeeded.",
            &task_counts::runtime);
  histogram("celery_task_queue_wait_time", "As celery-exporter's: seconds to the first attempt.",
            &task_counts::wait);
}

void celery_book::tell_failures(std::vector<metric_family>& to) const {
  auto failed = family(metric_kind::counter, "celery_task_failed_total",
                       "As celery-exporter's: attempts that failed for good, by how.");
  for (const auto& [one, counts] : tasks_)
    for (const auto how : {attempt_end::failed, attempt_end::crashed, attempt_end::out_of_memory}) {
      auto all = labels_of(one);
      all.emplace_back("exception", attempt_end_names[static_cast<std::size_t>(how)]);
      failed.add(static_cast<double>(counts.failed[static_cast<std::size_t>(how)]), std::move(all));
    }
  to.push_back(std::move(failed));
}

void celery_book::tell_nodes(const cluster& state, std::vector<metric_family>& to) {
  auto up = family(metric_kind::gauge, "celery_worker_up", "As celery-exporter's: 1 when alive.");
  auto active = family(metric_kind::gauge, "celery_worker_tasks_active",
                       "As celery-exporter's: attempts that run there.");
  for (std::uint32_t i = 0; i < state.nodes().size(); ++i) {
    const auto& node = state.nodes().at(i);
    const bool alive = node.state == node_state::alive;
    up.add(alive ? 1 : 0, {{"hostname", node.name}});
    active.add(node.running, {{"hostname", node.name}});
  }
  to.push_back(std::move(up));
  to.push_back(std::move(active));
}

void celery_book::tell_queues(const cluster& state, std::vector<metric_family>& to) const {
  double workers = 0, processes = 0;
  for (std::uint32_t i = 0; i < state.nodes().size(); ++i) {
    const auto& node = state.nodes().at(i);
    if (node.state != node_state::alive) continue;
    workers += 1, processes += node.announced.capacity.slots;
  }
  std::map<std::string, double> queues;
  for (const auto& [one, counts] : tasks_) queues[one.queue];
  for (const auto& [number, one] : state.runs()) {
    if (one->state() != run_state::running) continue;
    const auto& own = one->plan().definition.name;
    const bool counted = queues.contains(own) || queues.size() < pipelines_counted_max;
    const auto& name = counted ? own : std::string("other");
    for (std::uint32_t step = 0; step < one->plan().nodes.size(); ++step)
      queues[name] += one->tally(step).count(step_state::ready);
  }
  auto length = family(metric_kind::gauge, "celery_queue_length",
                       "As celery-exporter's: step instances that wait for a place.");
  auto hosts = family(metric_kind::gauge, "celery_active_worker_count",
                      "As celery-exporter's: nodes that are there.");
  auto consumers = family(metric_kind::gauge, "celery_active_consumer_count", hosts.help.c_str());
  auto slots = family(metric_kind::gauge, "celery_active_process_count",
                      "As celery-exporter's: slots of the nodes that are there.");
  for (const auto& [queue, waiting] : queues) {
    length.add(waiting, {{"queue_name", queue}});
    consumers.add(workers, {{"queue_name", queue}});
    hosts.add(workers, {{"queue_name", queue}});
    slots.add(processes, {{"queue_name", queue}});
  }
  for (auto* each : {&length, &consumers, &hosts, &slots}) to.push_back(std::move(*each));
}

}  // namespace artel::core
