// Placement: what is ready goes to a node with room, with its texts filled in.
#include <algorithm>

#include "actors/core/cluster.hpp"
#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"

namespace artel::core {

outcome<std::shared_ptr<const rendered_step>> cluster::plan_of(const run& of, std::uint32_t step) {
  auto& kept = plans_[{of.number(), step}];
  if (kept == nullptr) {
    auto made = render(of.plan(), step, of.submitted().run, run_values(of, step));
    if (!made) return made.error();
    made->plan.first_instance = of.instances_of(step).first;
    kept = std::make_shared<const rendered_step>(*std::move(made));
  }
  return kept;
}

/// What can not even be told to a worker fails without an attempt, and for good.
void cluster::fail_unstarted(run& of, std::uint32_t step, const std::string& why, moment now,
                             decision& out) {
  const auto [first, count] = of.instances_of(step);
  for (instance_no i = first; i < first + count; ++i)
    if (of.at(i).state == step_state::ready)
      happen(of,
             {fact_kind::step_failed, of.number(), i, of.at(i).attempt, now.wall_ms, 0,
              cut_error(why)},
             now, out);
  stop_others(of, step, now, out);
  after_step(of, step, now, out);
  end_if_done(of, now, out);
}

void cluster::place(moment now, decision& out) {
  act_on_time(now, out);
  while (place_ready(now, out)) {
  }
}

bool cluster::is_paused(const run& of) const {
  return !of.paused().empty() ||
         (!paused_pipelines_.empty() && paused_pipelines_.contains(of.plan().definition.name));
}

/// True when something failed without an attempt: what follows from that may be ready now. Work
/// that waits for a slot costs nothing here: a step is looked at when there is one.
bool cluster::place_ready(moment now, decision& out) {
  if (!nodes_.has_free_slot()) return false;
  std::vector<std::pair<std::pair<run_no, std::uint32_t>, std::string>> broken;
  std::vector<std::pair<run_no, std::uint32_t>> ended;
  const auto able = [this](run_no number) {
    const auto& of = *find(number);
    return !of.ready_steps().empty() && !is_paused(of);
  };
  auto turns = queues_.candidates(able);
  while (nodes_.has_free_slot()) {
    const auto number = turns.next();
    if (!number) break;
    auto& of = *get(*number);
    if (!able(*number) || !queues_.lets_begin(of)) continue;
    const auto& ready = of.ready_steps();
    for (auto at = ready.begin(); at != ready.end() && nodes_.has_free_slot();) {
      const auto step = *at++;  // placing may take it from the set
      const auto plan = plan_of(of, step);
      const auto good = plan ? place_step(of, step, *plan, now, out) : outcome<bool>(plan.error());
      if (good && *good) ended.emplace_back(*number, step);
      if (!good) broken.push_back({{*number, step}, good.error().text});
    }
  }
  for (const auto& [where, why] : broken)
    fail_unstarted(*get(where.first), where.second, why, now, out);
  for (const auto& [number, step] : ended) {
    after_step(*get(number), step, now, out);
    end_if_done(*get(number), now, out);
  }
  return !broken.empty() || !ended.empty();
}

namespace {

/// The step's plan, with more memory for an instance that has run out of it, and the time that a
/// person has given to the step since.
std::shared_ptr<const step_plan> plan_for(const run& of, instance_no i,
                                          const std::shared_ptr<const rendered_step>& step,
                                          const limit_table::limit* limit) {
  const auto memory = of.memory_of(i, step->plan.limits.memory_bytes);
  const auto timeout =
      limit != nullptr && limit->timeout_ms != 0 ? limit->timeout_ms : step->plan.timeout_ms;
  if (memory == step->plan.limits.memory_bytes && timeout == step->plan.timeout_ms)
    return {step, &step->plan};
  auto own = std::make_shared<step_plan>(step->plan);
  own->limits.memory_bytes = memory;
  own->timeout_ms = timeout;
  return own;
}

}  // namespace

outcome<bool> cluster::place_step(run& of, std::uint32_t step,
                                  const std::shared_ptr<const rendered_step>& plan, moment now,
                                  decision& out) {
  const auto& definition = of.plan().definition.steps[step];
  auto* const limit = limits_of_steps_.find(of.plan().definition.name, definition.name);
  bool ended = false;
  while (of.may_run_more(step)) {
    const auto next = of.next_ready(step);
    if (!next) break;
    if (definition.cache.on && take_from_cache(of, *next, plan, now, out)) {
      ended = true;
      continue;
    }
    if (!pools_.has_room(definition.pools)) break;
    if (limit != nullptr && !limit_table::lets_start(*limit, now.steady_ms)) break;
    const auto asked = of.resources_of(*next);
    auto node = nodes_.place(asked, definition.use);
    if (node == node_table::no_such || out.inputs >= inputs_per_decision_max) break;
    auto inputs = inputs_of(of, *next);
    out.inputs += inputs.size();
    if (const auto why = refuse_inputs(of, *next)) return *why;
    const bool missing = std::any_of(inputs.begin(), inputs.end(),
                                     [](const auto& one) { return one.nodes.empty(); });
    if (missing) break;
    if (!inputs.empty()) node = choose_node(asked, definition.use, inputs);
    auto values =
        values_of_instance(*plan, run_values(of, step, *next - of.instances_of(step).first));
    if (!values) return values.error();
    nodes_.reserve(node, asked);
    if (limit != nullptr) limit_table::started(*limit, now.steady_ms);
    const attempt_no attempt = of.at(*next).attempt + 1;
    happen(of,
           {fact_kind::step_started, of.number(), *next, attempt, now.wall_ms,
            static_cast<std::int64_t>(nodes_.at(node).session), nodes_.at(node).name},
           now, out);
    out.orders.push_back({order::kind::run,
                          node,
                          nodes_.at(node).session,
                          of.number(),
                          {of.submitted().run, *next, attempt},
                          plan_for(of, *next, plan, limit),
                          *std::move(values),
                          std::move(inputs)});
  }
  return ended;
}

/// The run that has ended last stays, however large it is: people look at it.
bool cluster::keeps_too_much() const {
  return ended_.size() > limits_.ended_runs_kept ||
         (ended_.size() > 1 && ended_instances_ > limits_.ended_instances_kept);
}

void cluster::note_ended(const run& of) {
  if (active_.erase(of.number()) == 0) return;
  ended_.push_back(of.number());
  ended_instances_ += of.instance_count();
}

void cluster::forget_old_runs(const std::function<bool(const run&)>& may) {
  while (keeps_too_much()) {
    const auto found = runs_.find(ended_.front());
    const auto& of = *found->second;
    if (!may(of)) return;
    const auto id = of.submitted().run;
    by_id_.erase(id);
    forgotten_[id] = of.number();
    forgotten_order_.push_back(id);
    if (forgotten_order_.size() > forgotten_max) {
      forgotten_.erase(forgotten_order_.front());
      forgotten_order_.pop_front();
    }
    free_key(of);
    ended_instances_ -= std::min<std::size_t>(ended_instances_, of.instance_count());
    ended_.pop_front();
    runs_.erase(found);
  }
}

}  // namespace artel::core
