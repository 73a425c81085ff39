// What the journal says is applied again, then goes on.
#include "actors/core/cluster.hpp"

namespace artel::core {

void cluster::replay_submitted(const fact& happened, submission what,
                               std::shared_ptr<const graph> plan) {
  const auto id = what.run;
  runs_[happened.run] =
      std::make_unique<run>(happened.run, std::move(what), std::move(plan), happened.at_ms);
  by_id_[id] = happened.run;
  activate(happened.run);
  last_run_ = std::max(last_run_, happened.run);
}

void cluster::replay(const fact& happened) {
  if (happened.kind == fact_kind::node_drained)
    return nodes_.set_drained(nodes_.index_of(name_in(happened)), happened.number != 0);
  if (happened.kind == fact_kind::pipeline_paused) return note_pipeline_pause(happened);
  if (happened.kind == fact_kind::pool_set) return note_pool(happened);
  if (is_limit(happened.kind)) return note_limit_set(happened, 0);
  if (happened.kind == fact_kind::result_kept) return note_result(happened);
  auto* of = get(happened.run);
  if (of == nullptr) return;  // a fact of a run that recovery did not ask for
  evolve(*of, happened,
         happened.kind == fact_kind::step_started ? nodes_.index_of(happened.text) : no_node);
  if (is_refusal(happened)) free_key(*of);
  if (happened.kind == fact_kind::run_ended) note_ended(*of);
}

void cluster::recovered(moment now, decision& out) {
  // Every node that still has attempts out gets one lease to come back and say hello.
  // The others are not known to be anywhere; they say hello when they are.
  for (const auto number : active_) {
    const auto& of = *get(number);
    for (instance_no i = 0; i < of.numbers(); ++i)
      if (const auto node = of.at(i).node;
          node != no_node && nodes_.at(node).state != node_state::alive)
        nodes_.join(node, 0, {}, now.steady_ms);
  }
  limits_of_steps_.recovered(now.steady_ms);
  for (const auto number : std::vector<run_no>(active_.begin(), active_.end())) {
    auto& of = *get(number);
    for (instance_no i = 0; i < of.numbers(); ++i) note_due(of, i, now);
    note_deadlines(of, now);
    for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step)
      if (of.stops(step)) stop_step(of, step, now, out);
    settle_all(of, now, out);
    end_if_done(of, now, out);
  }
}

}  // namespace artel::core
