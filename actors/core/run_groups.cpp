// Groups that are restarted as a whole. While one is restarting, nothing of what starts anew may
// start; group_restarted then takes all of it back to where it was before its first attempt, but
// for the attempts' numbers and, of what had not ended, the counts of failures and crashes. Nothing
// outside the group has seen an end of it until then: it is told when the group has ended.
#include "actors/core/run.hpp"

namespace artel::core {

/// A member has begun or ceased to wait for its restart.
void run::note_group(std::uint32_t step) {
  const auto index = graph_->whole_group_of(step);
  if (index == no_group) return;
  auto& group = groups_[index];
  const auto& members = graph_->groups[index].members;
  const auto was = group;
  group.restarting = false;
  for (const auto member : members) {
    if (tallies_[member].count(step_state::backing_off) == 0) continue;
    group.restarting = true;
    group.from = graph_->definition.groups[index].strategy == group_strategy::one_for_all
                     ? 0
                     : graph_->nodes[member].place;
    break;
  }
  if (was.restarting == group.restarting && was.from == group.from) return;
  for (const auto member : members) note_ready(member);
  // Somebody has ended what it waited for: the others go on as if nothing had been.
  if (was.restarting)
    for (const auto member : members) open_gate(member);
}

std::optional<instance_no> run::culprit_of(std::uint32_t group) const {
  if (!groups_[group].restarting) return std::nullopt;
  for (const auto member : graph_->groups[group].members) {
    if (tallies_[member].count(step_state::backing_off) == 0) continue;
    const auto [first, count] = ranges_[member];
    for (instance_no i = first; i < first + count; ++i)
      if (instances_[i].state == step_state::backing_off) return i;
  }
  return std::nullopt;
}

bool run::group_can_restart(std::uint32_t group) const {
  if (!groups_[group].restarting) return false;
  const auto& members = graph_->groups[group].members;
  for (auto at = members.begin() + groups_[group].from; at != members.end(); ++at)
    if (tallies_[*at].count(step_state::running) + tallies_[*at].count(step_state::publishing) != 0)
      return false;
  for (const auto member : members) {
    if (tallies_[member].count(step_state::backing_off) == 0) continue;
    const auto [first, count] = ranges_[member];
    for (instance_no i = first; i < first + count; ++i)
      if (instances_[i].state == step_state::backing_off && !waited_.contains(i)) return false;
  }
  return true;
}

/// What a person has decided stays.
bool run::stays_ended(instance_no i) const {
  return is_terminal(instances_[i].state) && by_person_.contains(i);
}

std::uint32_t run::ends_taken_back(std::uint32_t group) const {
  std::uint32_t sum = 0;
  const auto& members = graph_->groups[group].members;
  for (auto at = members.begin() + groups_[group].from; at != members.end(); ++at) {
    const auto [first, count] = ranges_[*at];
    for (instance_no i = first; i < first + count; ++i)
      sum += is_terminal(instances_[i].state) && (is_mapped(*at) || !stays_ended(i)) ? 1 : 0;
  }
  return sum;
}

void run::end_group(std::uint32_t group) {
  for (const auto member : graph_->groups[group].members) {
    const auto end = end_of(member);
    for (const auto next : graph_->nodes[member].dependents)
      if (graph_->nodes[next].group != group) tallies_[next].needs.count(end);
  }
  for (const auto member : graph_->groups[group].members)
    for (const auto next : graph_->nodes[member].dependents)
      if (graph_->nodes[next].group != group) open_gate(next);
}

void run::restart_group(std::uint32_t index) {
  auto& group = groups_[index];
  const auto& members = graph_->groups[index].members;
  ++group.restarts;
  for (auto at = members.begin() + group.from; at != members.end(); ++at) rewind(*at);
  group.restarting = false;
  for (const auto member : members) note_ready(member);
  for (const auto member : members) open_gate(member);
}

/// The instances of a list make way for the one that stands for it.
void run::unmap(std::uint32_t step) {
  const auto [first, count] = ranges_[step];
  for (instance_no i = first; i < first + count; ++i) {
    if (is_terminal(instances_[i].state)) instances_[i].failures = instances_[i].crashes = 0;
    instances_[i].state = step_state::skipped;
    texts_.erase(i), notes_.erase(i), artifacts_.erase(i), by_person_.erase(i), waited_.erase(i);
  }
  total_ = total_ - count + 1;
  ranges_[step] = {graph_->nodes[step].first, 1};
  instances_[ranges_[step].first].state = step_state::waiting;
  items_.erase(step);
}

void run::rewind(std::uint32_t step) {
  auto& tally = tallies_[step];
  const bool had_ended = end_of(step) != step_end::open;
  ended_ -= tally.ended();
  if (is_mapped(step)) unmap(step);
  const auto [first, count] = ranges_[step];
  tally.by_state = {};
  tally.not_reached = 0;
  for (instance_no i = first; i < first + count; ++i) {
    auto& one = instances_[i];
    waited_.erase(i);
    if (!stays_ended(i)) {
      if (is_terminal(one.state)) {
        texts_.erase(i), notes_.erase(i), artifacts_.erase(i);
        one.failures = one.crashes = 0;
        one.ended_ms = 0;
      }
      one.state = step_state::waiting;
      one.node = no_node;
      one.due_ms = 0;
    }
    ++tally.by_state[static_cast<std::size_t>(one.state)];
  }
  ended_ += tally.ended();
  const auto group = graph_->whole_group_of(step);
  tally.needs = {};
  tally.needs.all = static_cast<std::uint32_t>(graph_->nodes[step].needs.size());
  for (const auto need : graph_->nodes[step].needs) {
    const auto of_need = graph_->whole_group_of(need);
    if (of_need != no_group && of_need != group && groups_[of_need].open != 0) continue;
    if (const auto end = end_of(need); end != step_end::open) tally.needs.count(end);
  }
  tally.starts = step_tally::gate::closed;
  tally.opened_ms = 0;
  tally.why_not.clear();
  tally.fresh = first;
  tally.restarted.clear();
  skip_ended(step);
  outcomes_.erase(step);
  if (!had_ended || end_of(step) != step_end::open) return;
  ++groups_[group].open;
  ++open_[0];
}

}  // namespace artel::core
