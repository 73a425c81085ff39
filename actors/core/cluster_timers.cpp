// What happens because time passes: restarts that are due, steps that wait too long, runs that take
// too long. The journal keeps wall time, for people and for the next life; while we live the
// monotonic clock decides, so that a clock set back holds up nothing.
#include <algorithm>

#include "actors/core/backoff.hpp"
#include "actors/core/cluster.hpp"

namespace artel::core {

void cluster::note_due(const run& of, instance_no i, moment now) {
  const auto& instance = of.at(i);
  if (instance.state != step_state::backing_off) return;
  // Clocks of two lives may differ by anything; nobody waits longer than the step's rules say.
  const auto& rules = of.definition_of(i).backoff;
  const auto wait = std::clamp<std::int64_t>(instance.due_ms - now.wall_ms, 0, longest_ms(rules));
  due_.push({now.steady_ms + wait, due_entry::what::restart, of.number(), i, instance.due_ms});
}

/// The same for a limit of `length_ms` that began at `from_ms` by the wall clock.
void cluster::note_limit(due_entry::what kind, const run& of, std::uint32_t step,
                         std::int64_t from_ms, std::uint64_t length_ms, moment now) {
  if (length_ms == 0) return;
  const auto length = static_cast<std::int64_t>(length_ms);
  const auto wait = std::clamp<std::int64_t>(from_ms + length - now.wall_ms, 0, length);
  due_.push({now.steady_ms + wait, kind, of.number(), step, from_ms});
}

void cluster::note_wait(const run& of, std::uint32_t step, moment now) {
  note_limit(due_entry::what::wait_limit, of, step, of.tally(step).opened_ms,
             of.plan().definition.steps[step].wait_timeout_ms, now);
}

void cluster::note_deadlines(run& of, moment now) {
  note_limit(due_entry::what::run_limit, of, 0, of.submitted_ms(), of.plan().definition.timeout_ms,
             now);
  static_cast<void>(of.take_opened());
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step)
    if (of.may_start(step)) note_wait(of, step, now);
}

void cluster::end_wait(run& of, instance_no i, moment now, decision& out) {
  const auto step = of.step_of(i);
  if (of.plan().whole_group_of(step) == no_group) return of.make_ready(i);
  of.note_waited(i);
  restart_group_if_due(of, step, now, out);
  end_if_done(of, now, out);
}

void cluster::act_on_time(moment now, decision& out) {
  while (!due_.empty() && due_.top().steady_ms <= now.steady_ms) {
    const auto due = due_.top();
    due_.pop();
    auto* of = get(due.run);
    if (of == nullptr || of->state() != run_state::running) continue;
    switch (due.kind) {
      case due_entry::what::restart:
        // It may be stale: the instance was cancelled, or started and failed again with a later
        // restart time.
        if (of->at(due.which).state == step_state::backing_off &&
            of->at(due.which).due_ms == due.wall_ms)
          end_wait(*of, due.which, now, out);
        break;
      case due_entry::what::wait_limit:
        // Unless its group has started anew since, and with it the wait.
        if (of->tally(due.which).opened_ms == due.wall_ms)
          give_up_waiting(*of, due.which, now, out);
        break;
      case due_entry::what::run_limit:
        // It is for the steps: handlers have timeouts of their own.
        if (!of->steps_ended() && !of->cancel_requested())
          stop_run(*of,
                   "it ran out of time: its timeout is " +
                       std::to_string(of->plan().definition.timeout_ms) + " ms",
                   cancel_what::out_of_time, now, out);
        break;
    }
  }
}

void cluster::give_up_waiting(run& of, std::uint32_t step, moment now, decision& out) {
  auto held_up = pause_of(of);
  if (held_up.empty()) held_up = queue_of(of);
  if (held_up.empty() && of.held(step)) held_up = "its group is being restarted";
  if (held_up.empty() && !of.may_run_more(step))
    held_up = "as many of its step's instances run as max_parallel allows";
  if (held_up.empty()) held_up = pools_.why_not(of.plan().definition.steps[step].pools);
  if (held_up.empty())
    held_up = limits_of_steps_.why_not(of.plan().definition.name,
                                       of.plan().definition.steps[step].name, now.steady_ms);
  if (const auto next = of.next_ready(step); held_up.empty() && next)
    for (const auto& input : inputs_of(of, *next))
      if (input.nodes.empty())
        held_up = "its input '" + input.path + "' lies on no node that is there";
  if (held_up.empty()) held_up = "no node had room for it";
  const auto why = cut_error("it has not started within its wait_timeout of " +
                             std::to_string(of.plan().definition.steps[step].wait_timeout_ms) +
                             " ms: " + held_up);
  const auto [first, count] = of.instances_of(step);
  for (instance_no i = first; i < first + count; ++i)
    if (of.at(i).state == step_state::ready && of.at(i).attempt == 0)
      happen(of, {fact_kind::step_failed, of.number(), i, 0, now.wall_ms, 0, why}, now, out);
  stop_others(of, step, now, out);
  after_step(of, step, now, out);
  end_if_done(of, now, out);
}

}  // namespace artel::core
