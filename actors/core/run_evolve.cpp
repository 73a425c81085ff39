// How facts change a run.
#include "actors/core/run.hpp"
#include "messages/outcome.hpp"

namespace artel::core {

void run::end_badly(const fact& happened) {
  auto& instance = instances_[happened.instance];
  const bool crashed = is_crash(happened.kind);
  ++(crashed ? instance.crashes : instance.failures);
  if (happened.kind == fact_kind::step_ran_out_of_memory) ++instance.memory_kills;
  texts_[happened.instance] = happened.text;
  instance.node = no_node;
  instance.ended_ms = happened.at_ms;
  if (happened.number == 0) {
    change(happened.instance, crashed ? step_state::poisoned : step_state::failed);
    return;
  }
  ++tallies_[step_of(happened.instance)].restarts;
  instance.due_ms = happened.number;
  budget_.note(happened.at_ms);
  if (auto* of_group = group_budget(step_of(happened.instance))) of_group->note(happened.at_ms);
  change(happened.instance, step_state::backing_off);
}

void run::evolve(const fact& happened, std::uint32_t node) {
  now_ms_ = happened.at_ms;
  switch (happened.kind) {
    case fact_kind::run_submitted:
    case fact_kind::node_drained:
    case fact_kind::pipeline_paused:
    case fact_kind::schedule_passed:
    case fact_kind::schedule_paused:
    case fact_kind::pool_set:
    case fact_kind::step_rate_set:
    case fact_kind::step_timeout_set:
    case fact_kind::result_kept:
      break;
    case fact_kind::run_cancel_requested:
      cancel_handlers_ = cancel_handlers_ || steps_ended() || is_refusal(happened);
      if (!steps_ended()) cancel_requested_ = true, timed_out_ = happened.number == 1;
      reason_ = happened.text;
      break;
    case fact_kind::run_paused:
      paused_ = happened.number != 0 ? happened.text : std::string();
      break;
    case fact_kind::run_ended:
      state_ = static_cast<run_state>(happened.number);
      ended_ms_ = happened.at_ms;
      if (!happened.text.empty()) reason_ = happened.text;
      break;
    default:
      evolve_step(happened, node);
      break;
  }
}

void run::evolve_step(const fact& happened, std::uint32_t node) {
  const auto i = happened.instance;
  ARTEL_ASSERT(i < instances_.size(), "a fact names an instance of its run");
  auto& instance = instances_[i];
  switch (happened.kind) {
    case fact_kind::step_started:
      if (instance.state == step_state::backing_off) change(i, step_state::ready);
      change(i, step_state::running);
      begun_ = true;
      instance.attempt = happened.attempt;
      instance.node = node;
      instance.session = static_cast<session_no>(happened.number);
      instance.started_ms = happened.at_ms;
      instance.ended_ms = 0;
      break;
    case fact_kind::step_finished:
    case fact_kind::step_taken_over:
      set_text(i, happened.text);
      instance.ended_ms = happened.at_ms;
      change(i, happened.number == 0 ? step_state::succeeded : step_state::publishing);
      break;
    case fact_kind::step_from_cache:
      end_from_cache(happened);
      break;
    case fact_kind::step_published:
      change(i, step_state::succeeded);
      break;
    case fact_kind::step_failed:
    case fact_kind::step_ran_out_of_memory:
    case fact_kind::step_crashed:
      end_badly(happened);
      break;
    case fact_kind::step_returned:
      instance.node = no_node;
      change(i, step_state::ready);
      break;
    case fact_kind::step_skipped:
      texts_[i] = happened.text;
      if (happened.number == 0) ++tallies_[step_of(i)].not_reached;
      change(i, step_state::skipped);
      break;
    case fact_kind::step_cancelled:
      instance.ended_ms = happened.at_ms;
      change(i, step_state::cancelled);
      break;
    case fact_kind::step_marked:
      end_by_person(happened);
      break;
    case fact_kind::artifacts_kept:
      artifacts_[i] = read_artifacts(happened.text);
      break;
    case fact_kind::group_restarted:
      restart_group(graph_->nodes[step_of(i)].group);
      break;
    default:
      break;
  }
}

void run::set_text(instance_no i, std::string text) {
  if (text.empty())
    texts_.erase(i);
  else
    texts_[i] = std::move(text);
}

void run::end_from_cache(const fact& happened) {
  const auto i = happened.instance;
  notes_[i] = "cached from run " + name_in(happened);
  set_text(i, why_in(happened));
  instances_[i].ended_ms = happened.at_ms;
  change(i, step_state::succeeded);
}

void run::end_by_person(const fact& happened) {
  const auto i = happened.instance;
  const auto as = static_cast<step_state>(happened.number);
  notes_[i] = happened.text;
  set_text(i, as == step_state::succeeded ? std::string() : happened.text);
  instances_[i].ended_ms = happened.at_ms;
  by_person_.insert(i);
  artifacts_.erase(i);  // a person makes none
  change(i, as);
}

void run::make_ready(instance_no instance) { change(instance, step_state::ready); }

}  // namespace artel::core
