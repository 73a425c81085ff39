#include "actors/work/worker_core.hpp"

#include <algorithm>

#include "messages/instance_text.hpp"

namespace artel::work {

void worker_core::on_order(node_order& what) {
  std::visit(
      [this](auto& order) {
        using type = std::decay_t<decltype(order)>;
        if constexpr (std::is_same_v<type, run_steps>)
          take(order);
        else if constexpr (std::is_same_v<type, cancel_steps>)
          doors_.stop(std::move(order.attempts), std::move(order.reason));
        else if constexpr (std::is_same_v<type, publish_steps>)
          publish(order);
        else
          discard(order);
      },
      what);
}

void worker_core::take(run_steps& what) {
  bool to_admit = false;
  for (const auto& plan : what.plans)
    to_admit = to_admit || (!admitted_prefix_.empty() && plan.use.starts_with(admitted_prefix_));
  for (const auto& order : what.orders) {
    if (order.plan >= what.plans.size()) continue;
    const auto& plan = what.plans[order.plan];
    auto& held = held_[{plan.run, order.instance, order.attempt}] = {
        plan.step, fill_instance(plan.output, order.instance - plan.first_instance, order.values),
        false};
    held.artifacts = plan.artifacts;
    held.has_folder = !plan.artifacts.empty() || plan.finds;
  }
  if (!to_admit || !doors_.admit(what)) start(std::move(what));
}

void worker_core::on_admitted(orders_admitted& said) {
  on_ended(std::move(said.rejected));
  start(std::move(said.accepted));
}

void worker_core::start(run_steps what) {
  // An attempt that was cancelled while the admission actor looked at it is not held any more.
  std::erase_if(what.orders, [&](const step_order& order) {
    return order.plan >= what.plans.size() ||
           !held_.contains({what.plans[order.plan].run, order.instance, order.attempt});
  });
  // What is to find or to make artifacts waits for its folder.
  const auto waits =
      std::stable_partition(what.orders.begin(), what.orders.end(), [&](const step_order& order) {
        return !held_[{what.plans[order.plan].run, order.instance, order.attempt}].has_folder;
      });
  for (auto order = waits; order != what.orders.end(); ++order) prepare(what, *order);
  what.orders.erase(waits, what.orders.end());
  if (!what.orders.empty()) doors_.run(std::move(what));
}

void worker_core::prepare(const run_steps& what, const step_order& order) {
  const auto& plan = what.plans[order.plan];
  const attempt_ref ref{plan.run, order.instance, order.attempt};
  auto alone = order;
  alone.plan = 0;
  alone.inputs.clear();  // its step host has no use for them
  held_[ref].waits = run_steps{{plan}, {std::move(alone)}};
  if (!doors_.prepare({ref, order.inputs}))
    on_prepared({ref, "the artifact keeper is being restarted", {}});
}

void worker_core::on_prepared(const attempt_prepared& said) {
  const auto& ref = said.ref;
  const auto held = held_.find(ref);
  if (held == held_.end() || !held->second.waits) {
    doors_.clear({ref});  // stopped meanwhile
    return;
  }
  auto order = *std::exchange(held->second.waits, std::nullopt);
  if (said.problem.empty()) return doors_.run(std::move(order));
  on_ended({{ref.run, ref.instance, ref.attempt, ending::crashed, false,
             "its inputs could not be brought to this node: " + said.problem, failure_cause::input,
             0, said.gone}});
}

void worker_core::on_put(artifacts_put said) {
  const auto held = held_.find(said.ref);
  if (held == held_.end() || !held->second.ended) return;
  auto report = *std::exchange(held->second.ended, std::nullopt);
  held->second.artifacts.clear();
  if (said.problem.empty()) {
    report.artifacts = std::move(said.artifacts);
  } else {
    if (report.staged) doors_.discard({said.ref, held->second.step, held->second.output});
    report.how = ending::failed;
    report.staged = false;
    report.text = std::move(said.problem);
  }
  on_ended({std::move(report)});
}

void worker_core::on_ended(std::vector<step_report> reports) {
  std::vector<step_report> told;
  for (auto& report : reports) {
    const attempt_ref ref{report.run, report.instance, report.attempt};
    const auto held = held_.find(ref);
    if (held != held_.end() && report.how == ending::finished && !held->second.artifacts.empty()) {
      auto places = held->second.artifacts;
      held->second.ended = std::move(report);
      if (!doors_.put({ref, std::move(places)}))
        on_put({ref, {}, "the artifacts could not be kept: their keeper is being restarted"});
      continue;
    }
    if (held != held_.end()) {
      if (held->second.has_folder) doors_.clear({ref});
      // Stopped when it had finished: nobody will publish what it staged.
      const bool staged = held->second.staged || (held->second.ended && held->second.ended->staged);
      if (staged && report.how == ending::cancelled)
        doors_.discard({ref, held->second.step, held->second.output});
      held->second.has_folder = false;
      if (report.how == ending::finished && report.staged)
        held->second.staged = true;
      else
        held_.erase(held);
    }
    told.push_back(std::move(report));
  }
  if (!told.empty()) doors_.report(std::move(told));
}

void worker_core::publish(const publish_steps& what) {
  for (const auto& ref : what.attempts) {
    const auto held = held_.find(ref);
    if (held == held_.end() || !held->second.staged) {
      on_ended({{ref.run, ref.instance, ref.attempt, ending::failed, false,
                 "the outputs could not be published: this node no longer holds the attempt"}});
      continue;
    }
    publishing_.insert(ref);
    if (!doors_.publish({ref, held->second.step, held->second.output}))
      on_not_published(ref, "the publisher is being restarted");
  }
}

void worker_core::on_published(std::vector<step_report> reports) {
  for (const auto& each : reports) publishing_.erase({each.run, each.instance, each.attempt});
  on_ended(std::move(reports));
  leave_if_published();
}

void worker_core::on_not_published(const attempt_ref& ref, const std::string& why) {
  on_published({{ref.run, ref.instance, ref.attempt, ending::failed, false,
                 "the outputs could not be published: " + why}});
}

void worker_core::discard(const discard_steps& what) {
  for (const auto& ref : what.attempts) {
    const auto held = held_.find(ref);
    if (held == held_.end() || held->second.output.empty()) continue;
    doors_.discard({ref, held->second.step, held->second.output});
    if (held->second.staged) held_.erase(held);
  }
}

void worker_core::leave(std::string reason) {
  leaving_ = true;
  leave_reason_ = std::move(reason);
  leave_if_published();
}

void worker_core::leave_if_published() {
  if (!leaving_ || !publishing_.empty()) return;
  leaving_ = false;
  std::vector<step_report> staged;
  for (const auto& [ref, one] : held_)
    if (one.staged || one.waits || one.ended) {
      if (one.staged || (one.ended && one.ended->staged))
        doors_.discard({ref, one.step, one.output});
      staged.push_back(
          {ref.run, ref.instance, ref.attempt, ending::returned, false, leave_reason_});
    }
  on_ended(std::move(staged));
  doors_.give_back(leave_reason_);
}

std::vector<attempt_ref> worker_core::held() const {
  std::vector<attempt_ref> all;
  for (const auto& [ref, one] : held_) all.push_back(ref);
  return all;
}

}  // namespace artel::work
