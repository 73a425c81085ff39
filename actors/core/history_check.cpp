#include "actors/core/history_check.hpp"

#include <algorithm>

#include "actors/core/result_cache.hpp"

namespace artel::core {

const run* history_check::find(const run_id& id) const {
  const auto number = by_id_.find(id);
  if (number == by_id_.end()) return nullptr;
  const auto found = runs_.find(number->second);
  return found == runs_.end() ? nullptr : found->second.get();
}

std::string history_check::next_submitted(const fact& happened, opened run_of) {
  if (happened.kind != fact_kind::run_submitted) return "a submission of another kind";
  if (happened.run <= last_run_) return "runs are numbered upwards";
  if (by_id_.contains(run_of.what.run)) return "the run was submitted before";
  if (run_of.plan == nullptr) return "the run's pipeline can not be read";
  if (const auto key = run_of.what.origin.find("key"); key != run_of.what.origin.end())
    if (!by_key_.emplace(key->second, happened.run).second)
      return "its idempotency key is that of an earlier run";
  last_run_ = happened.run;
  by_id_[run_of.what.run] = happened.run;
  runs_[happened.run] = std::make_unique<run>(happened.run, std::move(run_of.what),
                                              std::move(run_of.plan), happened.at_ms);
  return {};
}

std::string history_check::next(const fact& happened) {
  if (is_of_no_run(happened.kind)) return next_of_no_run(happened);
  const auto found = runs_.find(happened.run);
  if (found == runs_.end()) return "it belongs to a run that was not submitted";
  auto& of = *found->second;
  if (happened.kind > fact_kind_max || happened.kind <= fact_kind::run_submitted)
    return "its kind " + std::to_string(static_cast<int>(happened.kind)) + " is not known";
  if (of.state() != run_state::running) return "its run has ended before";
  if (happened.instance >= of.numbers()) return "it names an instance beyond its run";
  const bool of_run = happened.kind == fact_kind::run_cancel_requested ||
                      happened.kind == fact_kind::run_ended ||
                      happened.kind == fact_kind::run_paused;
  auto broken = of_run ? refuse_run_fact(of, happened) : refuse_step_fact(of, happened);
  // The node's index plays no part in what may follow; a name for it is not needed.
  if (broken.empty() && is_refusal(happened)) by_key_.erase(of.key());
  if (!broken.empty()) return broken;
  const bool of_step = is_of_step(happened.kind);
  const bool took = of_step && of.is_out(happened.instance);
  of.evolve(happened, happened.kind == fact_kind::step_started ? 0 : no_node);
  if (of_step && took != of.is_out(happened.instance)) {
    const auto& pools = of.definition_of(happened.instance).pools;
    took ? pools_.give_back(pools) : pools_.take(pools);
  }
  return {};
}

std::string history_check::next_of_no_run(const fact& happened) {
  if (happened.kind == fact_kind::change_asked && happened.run == 0) return {};
  if (is_limit(happened.kind) && happened.number < 0) return "a limit is no number below 0";
  const auto name = name_in(happened);
  const bool on = happened.number != 0;
  if (happened.run != 0 || name.empty())
    return "a fact of a node, a pipeline or a schedule has its name and is of no run";
  if (happened.kind == fact_kind::node_drained) return drained_[name] = on, "";
  if (is_limit(happened.kind)) return {};
  if (happened.kind == fact_kind::result_kept) {
    const auto kept = read_kept_result(happened.text);
    if (kept.what.run.empty()) return {};  // of an earlier form, which nobody takes
    kept_.insert(kept.what.run + '\n' + kept.what.result);
    return {};
  }
  if (happened.kind == fact_kind::pool_set) {
    happened.number < 0 ? pools_.remove(name)
                        : pools_.set(name, static_cast<std::uint32_t>(happened.number));
    return {};
  }
  if (happened.kind == fact_kind::schedule_passed) {
    auto& passed = passed_ms_[name];
    if (happened.number < passed) return "a schedule does not go backwards";
    return passed = happened.number, "";
  }
  auto& paused =
      happened.kind == fact_kind::pipeline_paused ? paused_pipelines_ : paused_schedules_;
  if (paused.contains(name) == on) return "pausing and going on take turns";
  on ? void(paused.insert(name)) : void(paused.erase(name));
  return {};
}

std::string history_check::refuse_run_fact(const run& of, const fact& happened) const {
  if (happened.kind == fact_kind::run_cancel_requested)
    return of.cancel_taken()                          ? "cancelling was asked for before"
           : of.steps_ended() && happened.number == 1 ? "a run's timeout is for its steps"
                                                      : "";
  if (happened.kind == fact_kind::run_paused)
    return of.paused().empty() == (happened.number != 0) ? "" : "pausing and going on take turns";
  if (!of.all_ended()) return "a run ends when all its instances have ended";
  if (std::string reason; static_cast<run_state>(happened.number) != of.verdict(reason))
    return "the run's state does not follow from its steps";
  return {};
}

bool history_check::may_begin(const run& of) const {
  if (of.begun()) return true;
  const auto fewer_than = [&](std::uint32_t most, auto&& is_alike) {
    return most == 0 || std::count_if(runs_.begin(), runs_.end(), [&](const auto& each) {
                          return each.second->state() == run_state::running &&
                                 each.second->begun() && is_alike(*each.second);
                        }) < static_cast<std::ptrdiff_t>(most);
  };
  const auto& pipeline = of.plan().definition;
  return fewer_than(pipeline.max_active_runs,
                    [&](const run& one) { return one.plan().definition.name == pipeline.name; }) &&
         fewer_than(of.lane_limit(), [&](const run& one) { return one.lane() == of.lane(); });
}

std::string history_check::refuse_step_fact(const run& of, const fact& happened) const {
  const auto& instance = of.at(happened.instance);
  const auto step = of.step_of(happened.instance);
  const auto state = instance.state;
  if (is_terminal(state))
    return "terminal states never change (" + std::string(to_text(state)) + ")";
  if (happened.kind == fact_kind::step_started) {
    if (state != step_state::ready && state != step_state::backing_off)
      return "an attempt starts from ready, not from " + std::string(to_text(state));
    if (happened.attempt != instance.attempt + 1) return "attempts are numbered upwards by one";
    if (of.held(step)) return "nothing starts in a group that is being restarted";
    if (!of.may_start(step)) return "a step starts when its trigger rule and its condition hold";
    if (!of.paused().empty() || paused_pipelines_.contains(of.plan().definition.name))
      return "nothing starts in a run that is paused";
    if (!may_begin(of)) return "more runs of its pipeline or lane have begun than is allowed";
    if (!pools_.has_room(of.definition_of(happened.instance).pools))
      return "more is taken of a pool than there is";
    if (!of.may_run_more(step)) return "more instances than max_parallel run at once";
    return of.stops(step) ? "nothing starts in a step that is being stopped" : "";
  }
  if (happened.kind == fact_kind::step_skipped) {
    const auto due = happened.number == 0 ? trigger_says::skip_not_reached : trigger_says::skip;
    return state == step_state::waiting && of.waiting_says(step) == due
               ? ""
               : "a step is skipped when its trigger rule or its condition does not hold";
  }
  if (happened.kind == fact_kind::step_from_cache) {
    if (state != step_state::ready || !of.definition_of(happened.instance).cache.on)
      return "only what is ready and says so takes a result of an earlier run";
    return kept_.contains(happened.text) || !kept_known_ ? "" : "no such result was kept";
  }
  if (happened.kind == fact_kind::step_taken_over)
    return instance.attempt == 0 && !of.retry_of().empty()
               ? ""
               : "only a run that retries another takes over, what it has not begun itself";
  if (happened.kind == fact_kind::group_restarted) return refuse_restart(of, happened);
  if (happened.kind == fact_kind::artifacts_kept) {
    if (happened.attempt != instance.attempt) return "artifacts are of the last attempt";
    return of.definition_of(happened.instance).artifacts.empty() ? "the step makes no artifacts"
                                                                 : "";
  }
  if (happened.attempt != instance.attempt) return "it is about an attempt that is not the last";
  if (happened.kind == fact_kind::step_marked) {
    const auto as = static_cast<step_state>(happened.number);
    if (state == step_state::publishing) return "what is being published has ended already";
    return as == step_state::succeeded || as == step_state::failed || as == step_state::skipped
               ? ""
               : "a person ends a step as succeeded, failed or skipped";
  }
  if (happened.kind == fact_kind::step_cancelled)
    return of.stops(step) ? "" : "nobody asked to cancel the run, and its step goes on";
  if (happened.kind == fact_kind::step_failed && happened.number == 0 &&
      (state == step_state::ready || state == step_state::backing_off ||
       of.waiting_says(step) == trigger_says::fail))
    return {};  // it could not be started
  return refuse_end(of, happened);
}

/// The restart of a group. That its waits are over is known to nobody but the clock.
std::string history_check::refuse_restart(const run& of, const fact& happened) {
  const auto group = of.plan().whole_group_of(of.step_of(happened.instance));
  if (group == no_group) return "the instance is in no group that is restarted as a whole";
  if (of.culprit_of(group) != happened.instance)
    return "the group does not wait for the restart of this instance";
  if (of.group_failed(of.step_of(happened.instance))) return "a group that failed is not restarted";
  const auto& members = of.plan().groups[group].members;
  for (auto at = members.begin() + of.group(group).from; at != members.end(); ++at)
    if (of.tally(*at).count(step_state::running) + of.tally(*at).count(step_state::publishing) != 0)
      return "what starts anew has been stopped before";
  return happened.number == of.ends_taken_back(group)
             ? ""
             : "it does not say how many ends it takes back";
}

/// The end of an attempt that is out.
std::string history_check::refuse_end(const run& of, const fact& happened) {
  const auto& instance = of.at(happened.instance);
  const auto& rules = of.definition_of(happened.instance);
  const bool publishing = instance.state == step_state::publishing;
  if (!publishing && instance.state != step_state::running)
    return "the instance has no attempt out (" + std::string(to_text(instance.state)) + ")";
  switch (happened.kind) {
    case fact_kind::step_finished:
      if (of.held(of.step_of(happened.instance))) return "its group is being restarted";
      return publishing ? "the attempt had finished before" : "";
    case fact_kind::step_published:
      return publishing ? "" : "only what has finished is published";
    case fact_kind::step_failed:
      if (instance.failures > rules.retries) return "more failures than its retries allow";
      return happened.number != 0 && instance.failures >= rules.retries
                 ? "restarted although its retries are used up"
                 : "";
    case fact_kind::step_crashed:
    case fact_kind::step_ran_out_of_memory:
      if (instance.crashes > rules.crash_limit) return "more crashes than its crash limit allows";
      return happened.number != 0 && instance.crashes >= rules.crash_limit
                 ? "restarted although its crash limit is used up"
                 : "";
    default:
      return {};
  }
}

}  // namespace artel::core
