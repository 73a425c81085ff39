#include "actors/work/worker.hpp"

#include <spdlog/spdlog.h>

#include "actors/actor_errors.hpp"
#include "actors/work/native_runner.hpp"

namespace artel::work {
namespace {
constexpr auto tick_every = std::chrono::milliseconds(500);
constexpr auto admission_patience = std::chrono::seconds(10);
constexpr auto publish_patience = std::chrono::minutes(10);
}  // namespace

worker::worker(caf::actor_config& config, worker_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

template <class Message>
void worker::tell(const char* who, Message message) {
  if (const auto to = options_.names->find(who)) send(to, std::move(message));
}

caf::behavior worker::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  const auto self = caf::actor_cast<caf::actor>(this);
  pump_events events;
  events.ended = [self](attempts_ended said) { caf::anon_send(self, std::move(said)); };
  events.progressed = [self](attempts_progressed said) { caf::anon_send(self, std::move(said)); };
  events.wrote = [self](attempt_wrote said) { caf::anon_send(self, std::move(said)); };
  pump_ = std::make_unique<process_pump>(options_.pump, std::move(events));
  delayed_send(this, std::chrono::milliseconds(0), introduce_yourself{"start"});
  delayed_send(this, tick_every, tick{});
  return {
      [this](const introduce_yourself&) { introduce_self(); },
      [this](const welcomed& said) {
        linked_ = true;
        tree_version_ = 0;
        spdlog::info("joined_cluster lease_ms={} heartbeat_ms={}", said.what.lease_ms,
                     said.what.heartbeat_ms);
      },
      [this](order_received& what) { on_order(what); },
      [this](attempts_ended& said) { on_reports(std::move(said.reports)); },
      [this](attempts_progressed& said) {
        tell(names::bridge, send_progress{{std::move(said.items)}});
      },
      [this](attempt_wrote& said) { tell(names::bridge, send_output{std::move(said.what)}); },
      [this](outputs_published& said) { on_reports(std::move(said.reports)); },
      [this](const link_pressure& said) { pump_->set_pressure(said.full); },
      [this](const leave_cluster& why) { return leave(why); },
      [this](goodbye& said) {
        tell(names::bridge, std::move(said));
        leaving_.deliver(has_left{});
      },
      [this](tick) { on_tick(); },
  };
}

void worker::on_exit() {
  pump_.reset();
  leaving_ = {};
}

void worker::introduce_self() {
  auto what = options_.introduction;
  for (const auto& [ref, one] : held_) what.attempts.push_back(ref);
  // The bridge may be restarting; it asks again when it is up and nobody has introduced us.
  if (options_.names->find(names::bridge))
    tell(names::bridge, introduce{std::move(what)});
  else
    delayed_send(this, tick_every, introduce_yourself{"the bridge was down"});
}

void worker::on_order(order_received& what) {
  std::visit(
      [this](auto& order) {
        using type = std::decay_t<decltype(order)>;
        if constexpr (std::is_same_v<type, run_steps>)
          take(order);
        else if constexpr (std::is_same_v<type, cancel_steps>)
          pump_->cancel(std::move(order.attempts), std::move(order.reason));
        else if constexpr (std::is_same_v<type, publish_steps>)
          publish(order);
        else
          discard(order);
      },
      what.what);
}

void worker::take(run_steps& what) {
  bool to_admit = false;
  for (const auto& plan : what.plans)
    to_admit = to_admit || (!options_.admitted_prefix.empty() &&
                            plan.use.starts_with(options_.admitted_prefix));
  for (const auto& order : what.orders) {
    if (order.plan >= what.plans.size()) continue;
    const auto& plan = what.plans[order.plan];
    held_[{plan.run, order.instance, order.attempt}] = {
        plan.step, fill_instance(plan.output, order.instance - plan.first_instance), false};
  }
  const auto admission = options_.names->find(names::admission);
  if (!to_admit || !admission) return start(std::move(what));
  request(admission, admission_patience, admit_orders{what})
      .then(
          [this](orders_admitted& said) {
            on_reports(std::move(said.rejected));
            start(std::move(said.accepted));
          },
          // It is being restarted: its advice is a courtesy, the step itself checks again.
          [this, what](caf::error&) { start(what); });
}

void worker::start(run_steps what) {
  // An attempt that was cancelled while the admission actor looked at it is not held any more.
  std::erase_if(what.orders, [&](const step_order& order) {
    return order.plan >= what.plans.size() ||
           !held_.contains({what.plans[order.plan].run, order.instance, order.attempt});
  });
  if (!what.orders.empty()) pump_->run(std::move(what));
}

void worker::on_reports(std::vector<step_report> reports) {
  if (reports.empty()) return;
  for (const auto& report : reports) {
    const attempt_ref ref{report.run, report.instance, report.attempt};
    const auto held = held_.find(ref);
    if (held == held_.end()) continue;
    if (report.how == ending::finished && report.staged)
      held->second.staged = true;
    else
      held_.erase(held);
  }
  tell(names::bridge, send_reports{{std::move(reports)}});
}

void worker::publish(const publish_steps& what) {
  const auto to = options_.names->find(names::publisher);
  for (const auto& ref : what.attempts) {
    const auto held = held_.find(ref);
    const auto lost = [this, ref](const std::string& why) {
      on_reports({{ref.run, ref.instance, ref.attempt, ending::failed, false,
                   "the outputs could not be published: " + why}});
    };
    if (held == held_.end() || !held->second.staged) {
      lost("this node no longer holds the attempt");
      continue;
    }
    if (!to) {
      lost("the publisher is being restarted");
      continue;
    }
    ++publishing_;
    request(to, publish_patience, publish_output{ref, held->second.step, held->second.output})
        .then(
            [this](outputs_published& said) {
              on_reports(std::move(said.reports));
              --publishing_;
              leave_if_published();
            },
            [this, lost](caf::error& why) {
              lost(text_of(why));
              --publishing_;
              leave_if_published();
            });
  }
}

void worker::discard(const discard_steps& what) {
  for (const auto& ref : what.attempts) {
    const auto held = held_.find(ref);
    if (held == held_.end() || held->second.output.empty()) continue;
    tell(names::publisher, discard_output{ref, held->second.step, held->second.output});
    if (held->second.staged) held_.erase(held);
  }
}

void worker::on_tick() {
  delayed_send(this, tick_every, tick{});
  if (!linked_ || options_.names->version() == tree_version_) return;
  tree_version_ = options_.names->version();
  tell(names::bridge, send_tree{{options_.names->rows()}});
}

caf::response_promise worker::leave(const leave_cluster& why) {
  leaving_ = make_response_promise();
  leave_reason_ = why.reason;
  *options_.stop_publishing = true;
  leave_if_published();
  return leaving_;
}

/// What is being published must have stopped before the attempt is given to somebody else.
void worker::leave_if_published() {
  if (!leaving_.pending() || publishing_ != 0) return;
  std::vector<step_report> staged;
  for (const auto& [ref, one] : held_)
    if (one.staged) {
      tell(names::publisher, discard_output{ref, one.step, one.output});
      staged.push_back(
          {ref.run, ref.instance, ref.attempt, ending::returned, false, leave_reason_});
    }
  on_reports(std::move(staged));
  const auto self = caf::actor_cast<caf::actor>(this);
  // The reports of give_back reach our mailbox before this does: the pump sends both, in order.
  pump_->give_back(leave_reason_,
                   [self, reason = leave_reason_] { caf::anon_send(self, goodbye{reason}); });
}

}  // namespace artel::work
