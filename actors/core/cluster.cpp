#include "actors/core/cluster.hpp"

#include <algorithm>
#include <unordered_set>

#include "actors/core/backoff.hpp"
#include "actors/core/retry_rule.hpp"

namespace artel::core {
run* cluster::get(run_no number) {
  const auto found = runs_.find(number);
  return found == runs_.end() ? nullptr : found->second.get();
}
run* cluster::get(const run_id& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : get(found->second);
}
const run* cluster::find(run_no number) const { return const_cast<cluster*>(this)->get(number); }
const run* cluster::find(const run_id& id) const { return const_cast<cluster*>(this)->get(id); }

const run* cluster::find_by_key(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : find(found->second);
}

void cluster::free_key(const run& of) {
  if (const auto key = of.key(); !key.empty())
    if (const auto found = by_key_.find(key);
        found != by_key_.end() && found->second == of.number())
      by_key_.erase(found);
}

void cluster::activate(run_no number) {
  const auto& of = *find(number);
  if (const auto key = of.key(); !key.empty()) by_key_.try_emplace(key, number);
  queues_.add(of);
  active_.insert(number);
}

void cluster::evolve(run& of, const fact& what, std::uint32_t node) {
  const bool had_begun = of.begun();
  if (what.kind == fact_kind::artifacts_kept) {
    // Of an attempt: it was put just then; else it is that of another run.
    const auto made = read_artifacts(what.text);
    what.attempt != 0 ? places_.note_fresh(made) : places_.note(made);
  }
  const auto* pools = is_of_step(what.kind) ? &of.definition_of(what.instance).pools : nullptr;
  const bool took = pools != nullptr && of.is_out(what.instance);
  of.evolve(what, node);
  queues_.note(of, had_begun);
  if (pools == nullptr || pools->empty() || took == of.is_out(what.instance)) return;
  took ? pools_.give_back(*pools) : pools_.take(*pools);
}

void cluster::happen(run& of, fact what, moment now, decision& out) {
  const auto node = what.kind == fact_kind::step_started ? nodes_.find(what.text) : no_node;
  evolve(of, what, node);
  if (what.kind == fact_kind::step_failed || is_crash(what.kind)) note_due(of, what.instance, now);
  for (const auto step : of.take_opened()) note_wait(of, step, now);
  out.facts.push_back(std::move(what));
}

outcome<run_no> cluster::submit(submission what, std::string packed,
                                std::shared_ptr<const graph> plan, moment now, decision& out,
                                const taken_over* earlier) {
  if (const auto* known = get(what.run)) return known->number();
  if (const auto left = forgotten_.find(what.run); left != forgotten_.end()) return left->second;
  if (active_.size() >= limits_.active_runs_max)
    return trouble{trouble_code::limit,
                   std::to_string(active_.size()) +
                       " runs are active, which is the limit; wait for some to end or cancel them"};
  const run_no number = ++last_run_;
  const auto id = what.run;
  runs_[number] = std::make_unique<run>(number, std::move(what), std::move(plan), now.wall_ms);
  by_id_[id] = number;
  activate(number);
  out.facts.push_back({fact_kind::run_submitted, number, 0, 0, now.wall_ms, 0, std::move(packed)});
  auto& of = *get(number);
  if (earlier != nullptr) take_over(of, *earlier, now, out);
  note_deadlines(of, now);
  settle_all(of, now, out);
  end_if_done(of, now, out);
  return number;
}

void cluster::release(run& of, instance_no instance) {
  const auto node = of.at(instance).node;
  if (node == no_node || nodes_.at(node).state != node_state::alive || nodes_.at(node).running == 0)
    return;
  nodes_.release(node, of.resources_of(instance));
}

void cluster::report(std::uint32_t node, session_no session, std::vector<step_report> reports,
                     moment now, decision& out) {
  if (nodes_.at(node).session != session) return;  // said by a process that is gone
  for (const auto& said : reports) {
    auto* of = get(said.run);
    const bool known = of != nullptr && said.instance < of->numbers();
    const auto* instance = known ? &of->at(said.instance) : nullptr;
    // The attempt number, not the worker, decides: a late report changes nothing, and what it
    // staged is thrown away.
    const bool current =
        known && instance->attempt == said.attempt && instance->node == node &&
        (instance->state == step_state::running || instance->state == step_state::publishing);
    if (current)
      accept(*of, said, node, now, out);
    else if (said.staged)
      out.orders.push_back(
          {order::kind::discard, node, session, 0, {said.run, said.instance, said.attempt}});
  }
}

void cluster::accept(run& of, const step_report& said, std::uint32_t node, moment now,
                     decision& out) {
  const auto i = said.instance;
  const bool publishing = of.at(i).state == step_state::publishing;
  fact what{fact_kind::step_finished, of.number(), i, said.attempt, now.wall_ms, 0, {}};
  switch (said.how) {
    case ending::finished:
      if (publishing) return;  // the same report again
      if ((said.staged && of.stops(of.step_of(i))) || of.held(of.step_of(i))) {
        const bool stopped = of.stops(of.step_of(i));
        release(of, i);
        happen(of,
               {stopped ? fact_kind::step_cancelled : fact_kind::step_returned, of.number(), i,
                said.attempt, now.wall_ms, 0, stopped ? "" : "its group starts anew"},
               now, out);
        out.orders.push_back(
            {order::kind::discard, node, nodes_.at(node).session, 0, {said.run, i, said.attempt}});
        break;
      }
      if (!said.staged) release(of, i);
      note_found(of, i, node);
      keep_artifacts(of, said, node, now, out);
      what.number = said.staged ? 1 : 0;
      what.text = said.text;
      happen(of, std::move(what), now, out);
      if (!said.staged) keep_result(of, i, now, out);
      if (said.staged)
        out.orders.push_back({order::kind::publish,
                              node,
                              nodes_.at(node).session,
                              of.number(),
                              {said.run, i, said.attempt}});
      break;
    case ending::published:
      if (!publishing) return;
      release(of, i);
      what.kind = fact_kind::step_published;
      happen(of, std::move(what), now, out);
      keep_result(of, i, now, out);
      break;
    case ending::failed:
      release(of, i), fail(of, said, now, out);
      break;
    case ending::crashed:
      release(of, i);
      said.cause == failure_cause::input ? forget_gone(said) : nodes_.count_crash(node);
      crash(of, i, said.text, now, out, said.cause);
      break;
    case ending::cancelled:
      release(of, i);
      if (of.stops(of.step_of(i)))
        happen(of, {fact_kind::step_cancelled, of.number(), i, said.attempt, now.wall_ms, 0, {}},
               now, out);
      else if (of.plan().whole_group_of(of.step_of(i)) != no_group)
        // Maybe a person has ended what it was stopped for.
        give_back(of, i, "its group started anew", now, out);
      else
        crash(of, i, "the attempt was stopped on its node: " + said.text, now, out);
      break;
    case ending::returned:
      nodes_.note_leaving(node);
      release(of, i), give_back(of, i, said.text, now, out);
      break;
  }
  after_step(of, of.step_of(i), now, out);
  end_if_done(of, now, out);
}

/// When to restart, or 0 when the run or the step's group has used up its restarts.
std::int64_t cluster::restart_time(run& of, std::uint32_t step, std::int64_t wait_ms, moment now,
                                   std::string& why) {
  const auto allows = [&](restart_budget budget, const restart_intensity& intensity,
                          const std::string& where) {
    if (budget.note(now.wall_ms)) return true;
    why += " (not restarted: more than " + std::to_string(intensity.max_restarts) +
           " restarts within " + std::to_string(intensity.within_ms / 1000) + " s in " + where +
           ", max_restarts_exceeded)";
    return false;
  };
  const auto& definition = of.plan().definition;
  if (!allows(of.budget(), definition.intensity, "this run")) return 0;
  if (const auto* budget = of.group_budget(step)) {
    const auto& group = definition.groups[of.plan().nodes[step].group];
    if (!allows(*budget, group.intensity, "group '" + group.name + "'")) return 0;
  }
  return std::max<std::int64_t>(1, now.wall_ms + wait_ms);
}

void cluster::fail(run& of, const step_report& said, moment now, decision& out) {
  const auto& rules = of.definition_of(said.instance);
  const auto failures = of.at(said.instance).failures;
  const bool again = is_retried(rules, said);
  auto why = said.text;
  if (!again && failures < rules.retries) why += " (not restarted: its retries are for others)";
  end_badly(of, said.instance, fact_kind::step_failed, failures, again ? rules.retries : 0,
            std::move(why), now, out);
}

void cluster::crash(run& of, instance_no i, std::string why, moment now, decision& out,
                    failure_cause cause) {
  const bool of_memory = cause == failure_cause::memory;
  const auto kind = of_memory ? fact_kind::step_ran_out_of_memory : fact_kind::step_crashed;
  auto limit = of.definition_of(i).crash_limit;
  if (of_memory && of.at(i).crashes < limit && !some_node_has(of.resources_of(i, 1))) {
    limit = 0;
    why += " (not restarted: no node has the " +
           std::to_string(of.resources_of(i, 1).memory_bytes >> 20) +
           " MB that it would get next; bound it with on_oom.max, or start a larger node)";
  }
  end_badly(of, i, kind, of.at(i).crashes, limit, std::move(why), now, out);
}

bool cluster::some_node_has(const resource_request& what) const {
  for (std::uint32_t node = 0; node < nodes_.size(); ++node)
    if (nodes_.at(node).announced.capacity.memory_bytes >= what.memory_bytes) return true;
  return false;
}

/// `before` such ends have been restarted so far, `limit` may be.
void cluster::end_badly(run& of, instance_no i, fact_kind kind, std::uint32_t before,
                        std::uint32_t limit, std::string why, moment now, decision& out,
                        bool at_once) {
  why = cut_error(std::move(why));
  std::int64_t due = 0;
  const auto step = of.step_of(i);
  if (of.stops(step))
    kind = fact_kind::step_cancelled, why.clear();
  else if (of.held(step))
    kind = fact_kind::step_returned, why = cut_error("its group starts anew; " + why);
  else if (before < limit) {
    const auto& rules = of.definition_of(i).backoff;
    due = restart_time(of, step, at_once ? 0 : backoff_ms(rules, before, chance_), now, why);
  }
  const bool stopped = of.stops(step);
  happen(of, {kind, of.number(), i, of.at(i).attempt, now.wall_ms, due, std::move(why)}, now, out);
  if (!stopped) stop_others(of, step, now, out);
  if (due != 0) stop_held(of, step, out);
}

/// The attempt died with its node. The first time that says nothing about the step, so it need not
/// back off; a step that takes node after node along does.
void cluster::lose_attempt(run& of, instance_no i, std::string why, moment now, decision& out) {
  const auto& rules = of.definition_of(i);
  end_badly(of, i, fact_kind::step_crashed, of.at(i).crashes, rules.crash_limit, std::move(why),
            now, out, of.at(i).crashes == 0);
  after_step(of, of.step_of(i), now, out);
  end_if_done(of, now, out);
}

/// The attempt was stopped through no fault of the step: it starts again at once and no counter
/// moves.
void cluster::give_back(run& of, instance_no i, std::string why, moment now, decision& out) {
  const auto kind = of.stops(of.step_of(i)) ? fact_kind::step_cancelled : fact_kind::step_returned;
  happen(of, {kind, of.number(), i, of.at(i).attempt, now.wall_ms, 0, cut_error(std::move(why))},
         now, out);
  after_step(of, of.step_of(i), now, out);
  end_if_done(of, now, out);
}

void cluster::after_step(run& of, std::uint32_t step, moment now, decision& out) {
  restart_group_if_due(of, step, now, out);
  after_steps(of, {step}, now, out);
}

/// Settles what can not start any more, down the graph. A step is looked at again only when
/// something in it was settled just now, so that many paths to the same step cost nothing.
void cluster::after_steps(run& of, std::vector<std::uint32_t> ended, moment now, decision& out) {
  std::unordered_set<std::uint32_t> empty;  // steps without instances: nothing in them is settled
  std::unordered_set<std::uint32_t> groups;
  const auto settle_behind = [&](std::uint32_t one) {
    for (const auto next : of.plan().nodes[one].dependents)
      if (settle_waiting(of, next, now, out) ||
          (of.instances_of(next).count == 0 && empty.insert(next).second))
        ended.push_back(next);
  };
  while (!ended.empty()) {
    const auto one = ended.back();
    ended.pop_back();
    if (of.end_of(one) == step_end::open) continue;
    plans_.erase({of.number(), one});
    settle_behind(one);
    // The last member to end lets go on what waits for the others.
    const auto group = of.plan().whole_group_of(one);
    if (group != no_group && of.group(group).open == 0 && groups.insert(group).second)
      for (const auto member : of.plan().groups[group].members) settle_behind(member);
  }
}

void cluster::settle_all(run& of, moment now, decision& out) {
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step) {
    settle_waiting(of, step, now, out);
    after_step(of, step, now, out);
  }
}

namespace {

/// The needed step that a rule does not hold for, in a person's words.
std::string because(const run& of, std::uint32_t step) {
  const auto& tally = of.tally(step);
  if (!tally.why_not.empty()) return tally.why_not;
  const auto& definition = of.plan().definition.steps[step];
  if (definition.section == step_section::on_success && of.plan().nodes[step].needs.empty())
    return "it is for runs that succeed";
  if (definition.section == step_section::on_failure && of.plan().nodes[step].needs.empty())
    return "it is for runs that fail";
  if (definition.trigger == trigger_rule::any_failed) return "none of what it needs failed";
  for (const auto need : of.plan().nodes[step].needs) {
    const auto end = of.end_of(need);
    const auto name = "'" + of.plan().definition.steps[need].name + "'";
    if (definition.trigger == trigger_rule::all_failed) {
      if (of.satisfied(need) && end != step_end::forgiven) return name + " did not fail";
    } else if (end == step_end::skipped && of.waiting_says(step) == trigger_says::skip) {
      return name + " was skipped";
    } else if (end != step_end::open && end != step_end::skipped && !of.satisfied(need)) {
      return name + " did not succeed";
    }
  }
  return "its trigger rule " + std::string(to_text(definition.trigger)) + " does not hold";
}

}  // namespace

bool cluster::settle_waiting(run& of, std::uint32_t step, moment now, decision& out) {
  const auto says = of.waiting_says(step);
  if (says == trigger_says::wait || says == trigger_says::start) return false;
  const auto kind = says == trigger_says::fail ? fact_kind::step_failed : fact_kind::step_skipped;
  const auto why = cut_error(because(of, step));
  const auto [first, count] = of.instances_of(step);
  for (instance_no i = first; i < first + count; ++i)
    if (of.at(i).state == step_state::waiting)
      happen(of, {kind, of.number(), i, 0, now.wall_ms, says == trigger_says::skip ? 1 : 0, why},
             now, out);
  if (of.group_failed(step)) stop_others(of, step, now, out);
  return true;
}

void cluster::end_if_done(run& of, moment now, decision& out) {
  if (of.state() != run_state::running) return;
  while (of.take_stage_ended()) settle_all(of, now, out);  // handlers start or are skipped
  if (!of.all_ended()) return;
  std::string reason;
  const auto verdict = of.verdict(reason);
  happen(of,
         {fact_kind::run_ended, of.number(), 0, 0, now.wall_ms, static_cast<std::int64_t>(verdict),
          std::move(reason)},
         now, out);
  note_ended(of);
  cache_places_.erase(of.number());
  plans_.erase(plans_.lower_bound({of.number(), 0}), plans_.upper_bound({of.number(), ~0U}));
}

}  // namespace artel::core
