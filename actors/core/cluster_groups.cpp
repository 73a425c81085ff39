// Groups that are restarted as a whole: what a member's failure stops, and when all of it starts
// anew.
#include "actors/core/cluster.hpp"

namespace artel::core {

/// The member has to wait for its restart: what is to start anew with it is told to stop. What has
/// finished already is published first; its end is taken back then.
void cluster::stop_held(run& of, std::uint32_t step, decision& out) {
  const auto group = of.plan().whole_group_of(step);
  if (group == no_group || !of.group(group).restarting) return;
  for (const auto member : of.plan().groups[group].members) {
    if (!of.held(member) || of.tally(member).count(step_state::running) == 0) continue;
    const auto [first, count] = of.instances_of(member);
    for (instance_no i = first; i < first + count; ++i)
      if (const auto& one = of.at(i); one.state == step_state::running)
        out.orders.push_back({order::kind::cancel,
                              one.node,
                              nodes_.at(one.node).session,
                              of.number(),
                              {of.submitted().run, i, one.attempt}});
  }
}

/// The step stops: what has not started of it, and of its group when that is why, is cancelled.
void cluster::stop_others(run& of, std::uint32_t step, moment now, decision& out) {
  if (!of.stops(step)) return;
  if (!of.group_failed(step)) return stop_step(of, step, now, out);
  const auto& members = of.plan().groups[of.plan().nodes[step].group].members;
  for (const auto member : members) stop_step(of, member, now, out);
  after_steps(of, members, now, out);
}

void cluster::restart_group_if_due(run& of, std::uint32_t step, moment now, decision& out) {
  const auto group = of.plan().whole_group_of(step);
  if (group == no_group || of.state() != run_state::running || !of.group_can_restart(group)) return;
  const auto& members = of.plan().groups[group].members;
  for (auto at = members.begin() + of.group(group).from; at != members.end(); ++at) {
    // What they are told may hang on results that will be others.
    plans_.erase({of.number(), *at});
    const auto [first, count] = of.instances_of(*at);
    if (const auto places = cache_places_.find(of.number()); places != cache_places_.end())
      for (instance_no i = first; i < first + count; ++i) places->second.erase(i);
  }
  const auto culprit = *of.culprit_of(group);
  happen(of,
         {fact_kind::group_restarted, of.number(), culprit, of.at(culprit).attempt, now.wall_ms,
          of.ends_taken_back(group), of.plan().definition.groups[group].name},
         now, out);
  settle_group(of, step, now, out);
}

/// Of members that may go on now, those that can not start are skipped or fail.
void cluster::settle_group(run& of, std::uint32_t step, moment now, decision& out) {
  const auto group = of.plan().whole_group_of(step);
  if (group == no_group) return;
  const auto& members = of.plan().groups[group].members;
  for (const auto member : members) settle_waiting(of, member, now, out);
  after_steps(of, members, now, out);
}

}  // namespace artel::core
