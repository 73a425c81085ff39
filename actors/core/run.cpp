#include "actors/core/run.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "actors/core/run_values.hpp"
#include "messages/outcome.hpp"

namespace artel::core {
namespace {
std::size_t stage_of(step_section section) {
  return section == step_section::steps ? 0 : section == step_section::on_exit ? 2 : 1;
}
}  // namespace

run::run(run_no number, submission what, std::shared_ptr<const graph> plan,
         std::int64_t submitted_ms)
    : number_(number),
      submission_(std::move(what)),
      graph_(std::move(plan)),
      submitted_ms_(submitted_ms),
      instances_(graph_->instance_count),
      ranges_(graph_->nodes.size()),
      total_(graph_->instance_count),
      tallies_(graph_->nodes.size()),
      budget_(graph_->definition.intensity),
      groups_(graph_->groups.size()),
      now_ms_(submitted_ms) {
  lane_ = origin("lane");
  const auto limit = origin("lane_limit");
  std::from_chars(limit.data(), limit.data() + limit.size(), lane_limit_);
  for (std::uint32_t step = 0; step < tallies_.size(); ++step) {
    const auto& node = graph_->nodes[step];
    auto& tally = tallies_[step];
    tally.needs.all = static_cast<std::uint32_t>(node.needs.size());
    tally.fresh = node.first;
    tally.by_state[static_cast<std::size_t>(step_state::waiting)] = node.count;
    ranges_[step] = {node.first, node.count};
    ++open_[stage_of(graph_->definition.steps[step].section)];
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    groups_[i].open = static_cast<std::uint32_t>(graph_->groups[i].members.size());
    group_budgets_.emplace_back(graph_->definition.groups[i].intensity);
  }
  for (std::uint32_t step = 0; step < tallies_.size(); ++step) open_gate(step);
}

std::uint32_t run::step_of(instance_no i) const {
  if (i < graph_->instance_count) return graph_->step_of(i);
  const auto after =
      std::upper_bound(mapped_.begin(), mapped_.end(), i,
                       [](instance_no one, const auto& range) { return one < range.first; });
  return (after - 1)->second;
}

std::string run::instance_name(instance_no i) const {
  const auto step = step_of(i);
  const auto& definition = graph_->definition.steps[step];
  if (ranges_[step].count == 1 && !is_mapped(step)) return definition.name;
  return definition.name + '[' + std::to_string(i - ranges_[step].first) + ']';
}

const any_value& run::item(std::uint32_t step, std::uint32_t number) const {
  return (*items_.at(step))[number];
}

void run::change(instance_no i, step_state to) {
  auto& instance = instances_[i];
  const auto step = step_of(i);
  auto& tally = tallies_[step];
  ARTEL_ASSERT(!is_terminal(instance.state), "a terminal state never changes");
  --tally.by_state[static_cast<std::size_t>(instance.state)];
  ++tally.by_state[static_cast<std::size_t>(to)];
  if (instance.state == step_state::ready || to == step_state::ready) note_ready(step);
  if (instance.state == step_state::ready) {
    // It leaves the ready ones: the front of the restarted, or the next fresh one. Skipped and
    // cancelled instances come in order too, so this stays O(1) but for cancels among many
    // restarts.
    if (i == tally.fresh)
      ++tally.fresh;
    else if (!tally.restarted.empty() && tally.restarted.front() == i)
      tally.restarted.pop_front();
    else
      std::erase(tally.restarted, i);
    skip_ended(step);
  } else if (to == step_state::ready) {
    tally.restarted.push_back(i);
  } else if (instance.state == step_state::waiting && i == tally.fresh) {
    ++tally.fresh;
  }
  const bool waits = instance.state == step_state::backing_off || to == step_state::backing_off;
  instance.state = to;
  if (is_terminal(to)) {
    ++ended_;
    instance.node = no_node;
    const bool badly = to == step_state::failed || to == step_state::poisoned;
    if (const auto group = graph_->whole_group_of(step);
        badly && group != no_group && !graph_->definition.steps[step].allow_failure)
      groups_[group].failed = true;
    end_step_if_done(step);
  }
  if (waits) note_group(step);
}

step_end run::end_of(std::uint32_t step) const {
  const auto& tally = tallies_[step];
  const auto count = ranges_[step].count;
  if (tally.count(step_state::succeeded) == count) return step_end::succeeded;
  if (tally.ended() != count) return step_end::open;
  if (tally.count(step_state::failed) + tally.count(step_state::poisoned) != 0)
    return graph_->definition.steps[step].allow_failure ? step_end::forgiven : step_end::failed;
  if (tally.count(step_state::cancelled) != 0) return step_end::cancelled;
  if (tally.not_reached != 0) return step_end::not_reached;
  return tally.count(step_state::skipped) == count ? step_end::skipped : step_end::succeeded;
}

/// A step that ends may let others end at once (empty lists), and these others: one after the
/// other, so that a long chain of them needs no deep stack.
void run::end_step_if_done(std::uint32_t step) {
  if (end_of(step) == step_end::open) return;
  closing_.push_back(step);
  if (closing_.size() > 1) return;  // further up somebody works them off
  for (std::size_t at = 0; at < closing_.size(); ++at) close_step(closing_[at]);
  closing_.clear();
}

void run::close_step(std::uint32_t step) {
  const auto end = end_of(step);
  const auto group = graph_->whole_group_of(step);
  for (const auto next : graph_->nodes[step].dependents) {
    if (group != no_group && graph_->nodes[next].group != group) continue;  // told by end_group
    tallies_[next].needs.count(end);
    open_gate(next);
  }
  if (group != no_group && --groups_[group].open == 0) end_group(group);
  const auto stage = stage_of(graph_->definition.steps[step].section);
  if (--open_[stage] != 0 || stage == 2) return;
  stage_ended_ = true;
  for (std::uint32_t next = 0; next < tallies_.size(); ++next)
    if (stage_of(graph_->definition.steps[next].section) > stage) open_gate(next);
}

/// A handler waits until its time has come, and is skipped when that can not be.
trigger_says run::section_says(std::uint32_t step) const {
  const auto section = graph_->definition.steps[step].section;
  if (section == step_section::steps) return trigger_says::start;
  if (open_[0] != 0) return trigger_says::wait;
  if (section == step_section::on_exit)
    return open_[1] == 0 ? trigger_says::start : trigger_says::wait;
  std::string reason;
  const auto wanted =
      section == step_section::on_success ? run_state::succeeded : run_state::failed;
  return verdict_of_steps(reason) == wanted ? trigger_says::start : trigger_says::skip;
}

/// Lets the step's instances start when its rule holds and its condition is true.
void run::open_gate(std::uint32_t step) {
  using gate = step_tally::gate;
  auto& tally = tallies_[step];
  const auto& definition = graph_->definition.steps[step];
  if (tally.count(step_state::waiting) == 0 || held(step)) return;  // or cancelled meanwhile
  if (section_says(step) != trigger_says::start) return;
  if (tally.starts != gate::closed || ask(definition.trigger, tally.needs) != trigger_says::start)
    return;
  const auto& node = graph_->nodes[step];
  tally.starts = gate::open;
  tally.opened_ms = now_ms_;
  if (node.when) {
    any_value wanted;
    if (const auto good = node.when->evaluate(run_values(*this, step), wanted); !good)
      tally.starts = gate::broken, tally.why_not = "when: " + good.error().text;
    else if (!is_true(wanted))
      tally.starts = gate::shut, tally.why_not = "its condition is false: " + definition.when;
  }
  if (tally.starts != gate::open || (node.map && !expand(step))) return;
  // All waiting instances of the step become ready at once; none of them has been touched yet.
  const auto [first, count] = ranges_[step];
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& instance = instances_[first + i];
    if (instance.state != step_state::waiting) continue;
    instance.state = step_state::ready;
    --tally.by_state[static_cast<std::size_t>(step_state::waiting)];
    ++tally.by_state[static_cast<std::size_t>(step_state::ready)];
  }
  skip_ended(step);
  note_ready(step);
  opened_.push_back(step);
  if (count == 0) end_step_if_done(step);
}

/// Makes an instance for each item of the list; the one that stood for them makes way. False when
/// there is no list: then the gate is broken.
bool run::expand(std::uint32_t step) {
  auto& tally = tallies_[step];
  const auto& map = *graph_->nodes[step].map;
  auto list = std::make_shared<any_value>();
  const auto broken = [&](const std::string& why) {
    tally.starts = step_tally::gate::broken;
    tally.why_not = "map: " + why;
    return false;
  };
  if (const auto good = map.evaluate(run_values(*this, step), *list); !good)
    return broken(good.error().text);
  if (!list->is_array())
    return broken("expected a list, found " + core::text_of(*list).substr(0, 200));
  const auto spare = spare_.find(step);
  const bool reused = spare != spare_.end() && spare->second.count >= list->size();
  if (!reused && instances_.size() + list->size() > instances_per_run_max)
    return broken("the list has " + std::to_string(list->size()) + " items; a run has at most " +
                  std::to_string(instances_per_run_max) + " step instances");
  const auto count = static_cast<std::uint32_t>(list->size());
  instances_[ranges_[step].first].state = step_state::skipped;
  if (reused) {
    ranges_[step] = {spare->second.first, count};
    for (std::uint32_t i = 0; i < count; ++i)
      instances_[ranges_[step].first + i].state = step_state::waiting;
  } else {
    ranges_[step] = {numbers(), count};
    instances_.resize(instances_.size() + count);
    mapped_.emplace_back(ranges_[step].first, step);
    spare_[step] = ranges_[step];
  }
  items_[step] = std::move(list);
  total_ += count - 1;
  tally.fresh = ranges_[step].first;
  tally.by_state[static_cast<std::size_t>(step_state::waiting)] = count;
  return true;
}

/// Instances that a person or an earlier run has ended may lie among those that never started.
void run::skip_ended(std::uint32_t step) {
  auto& fresh = tallies_[step].fresh;
  const auto end = ranges_[step].first + ranges_[step].count;
  while (fresh < end && is_terminal(instances_[fresh].state)) ++fresh;
}

void run::note_ready(std::uint32_t step) {
  if (tallies_[step].count(step_state::ready) != 0 && !held(step))
    ready_steps_.insert(step);
  else
    ready_steps_.erase(step);
}

trigger_says run::waiting_says(std::uint32_t step) const {
  const auto& tally = tallies_[step];
  if (tally.count(step_state::waiting) == 0 || held(step)) return trigger_says::wait;
  if (tally.starts == step_tally::gate::shut) return trigger_says::skip;
  if (tally.starts == step_tally::gate::broken) return trigger_says::fail;
  if (const auto says = section_says(step); says != trigger_says::start) return says;
  return ask(graph_->definition.steps[step].trigger, tally.needs);
}

run_state run::verdict_of(bool handlers, std::string& reason) const {
  auto verdict = run_state::succeeded;
  for (std::uint32_t step = 0; step < tallies_.size(); ++step) {
    const auto& definition = graph_->definition.steps[step];
    if ((definition.section != step_section::steps) != handlers) continue;
    const auto& tally = tallies_[step];
    if (handlers && tally.count(step_state::cancelled) != 0) verdict = run_state::cancelled;
    const auto poisoned = tally.count(step_state::poisoned);
    if (definition.allow_failure || tally.count(step_state::failed) + poisoned == 0)
      continue;  // what was skipped has its cause elsewhere
    reason = "step '" + definition.name + "' " + (poisoned != 0 ? "is poisoned" : "failed");
    return run_state::failed;
  }
  return verdict;
}

run_state run::verdict_of_steps(std::string& reason) const {
  if (!cancel_requested_) return verdict_of(false, reason);
  reason = reason_;
  return timed_out_ ? run_state::failed : run_state::cancelled;
}

run_state run::verdict(std::string& reason) const {
  const auto of_steps = verdict_of_steps(reason);
  if (of_steps != run_state::succeeded) return of_steps;
  return verdict_of(true, reason);
}

std::uint64_t run::memory_of(instance_no i, std::uint64_t base, std::uint32_t more) const {
  const auto& step = definition_of(i);
  const auto kills = instances_[i].memory_kills + more;
  if (step.memory_factor == 0 || kills == 0) return base;
  const auto wanted = static_cast<double>(base) * std::pow(step.memory_factor, kills);
  const auto most = step.memory_bytes_max != 0 ? step.memory_bytes_max : std::uint64_t{1} << 50;
  return std::max(base, static_cast<std::uint64_t>(std::min(wanted, static_cast<double>(most))));
}

resource_request run::resources_of(instance_no i, std::uint32_t more) const {
  auto asked = definition_of(i).resources;
  asked.memory_bytes = memory_of(i, asked.memory_bytes, more);
  return asked;
}

std::uint32_t run::restarts() const {
  std::uint32_t sum = 0;
  for (const auto& tally : tallies_) sum += tally.restarts;
  return sum;
}

std::shared_ptr<const any_value> run::outcome_of(std::uint32_t step) const {
  auto made = std::make_shared<any_value>();
  const bool ended = end_of(step) != step_end::open;
  auto& kept = outcomes_[step];
  if (ended && kept != nullptr) return kept;
  *made = what_became_of(*this, step);
  if (ended) kept = made;
  return made;
}

namespace {
const std::string& text_in(const std::unordered_map<instance_no, std::string>& texts,
                           instance_no i) {
  static const std::string none;
  const auto found = texts.find(i);
  return found == texts.end() ? none : found->second;
}
}  // namespace

const std::string& run::text_of(instance_no i) const { return text_in(texts_, i); }
const std::string& run::note_of(instance_no i) const { return text_in(notes_, i); }

std::string run::origin(const std::string& name) const {
  const auto found = submission_.origin.find(name);
  return found == submission_.origin.end() ? std::string() : found->second;
}

std::int32_t run::priority() const {
  const auto given = origin("priority");
  return given.empty() ? graph_->definition.priority : std::stoi(given);
}

std::optional<instance_no> run::next_ready(std::uint32_t step) const {
  if (held(step)) return std::nullopt;
  const auto& tally = tallies_[step];
  if (!tally.restarted.empty()) return tally.restarted.front();
  const auto range = ranges_[step];
  if (tally.fresh < range.first + range.count && instances_[tally.fresh].state == step_state::ready)
    return tally.fresh;
  return std::nullopt;
}

}  // namespace artel::core
