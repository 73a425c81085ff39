#include "actors/work/worker.hpp"

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"

namespace artel::work {
namespace {
constexpr auto tick_every = std::chrono::milliseconds(500);
constexpr auto admission_patience = std::chrono::seconds(10);
constexpr auto publish_patience = std::chrono::minutes(10);
}  // namespace

worker::worker(caf::actor_config& config, worker_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      core_(options_.admitted_prefix, doors()) {}

template <class Message>
bool worker::tell(const char* who, Message message) {
  const auto to = options_.names->find(who);
  if (to) send(to, std::move(message));
  return static_cast<bool>(to);
}

worker_doors worker::doors() {
  worker_doors made;
  made.report = [this](std::vector<step_report> reports) {
    tell(names::bridge, send_reports{{std::move(reports)}});
  };
  made.run = [this](run_steps what) { pump_->run(std::move(what)); };
  made.stop = [this](std::vector<attempt_ref> attempts, std::string reason) {
    pump_->cancel(std::move(attempts), std::move(reason));
  };
  made.admit = [this](const run_steps& what) { return admit(what); };
  made.publish = [this](publish_output what) { return publish(std::move(what)); };
  made.discard = [this](discard_output what) { tell(names::publisher, std::move(what)); };
  made.prepare = [this](prepare_attempt what) { return tell(names::artifacts, std::move(what)); };
  made.put = [this](put_artifacts what) { return tell(names::artifacts, std::move(what)); };
  made.clear = [this](clear_attempt what) { tell(names::artifacts, std::move(what)); };
  made.give_back = [this](const std::string& reason) {
    const auto self = caf::actor_cast<caf::actor>(this);
    // The reports of give_back reach our mailbox before this does: the pump sends both, in order.
    pump_->give_back(reason, [self, reason] { caf::anon_send(self, goodbye{reason}); });
  };
  return made;
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
        logging::note(events::joined_cluster,
                      {{"lease_ms", said.what.lease_ms}, {"heartbeat_ms", said.what.heartbeat_ms}});
      },
      [this](order_received& what) { core_.on_order(what.what); },
      [this](attempts_ended& said) { core_.on_ended(std::move(said.reports)); },
      [this](attempt_prepared& said) { core_.on_prepared(said); },
      [this](artifacts_put& said) { core_.on_put(std::move(said)); },
      [this](attempts_progressed& said) {
        tell(names::bridge, send_progress{{std::move(said.items)}});
      },
      [this](attempt_wrote& said) { tell(names::bridge, send_output{std::move(said.what)}); },
      [this](const link_pressure& said) { pump_->set_pressure(said.full); },
      [this](const leave_cluster& why) {
        leaving_ = make_response_promise();
        *options_.stop_publishing = true;
        core_.leave(why.reason);
        return leaving_;
      },
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
  what.attempts = core_.held();
  // The bridge may be restarting; it asks again when it is up and nobody has introduced us.
  if (options_.names->find(names::bridge))
    tell(names::bridge, introduce{std::move(what)});
  else
    delayed_send(this, tick_every, introduce_yourself{"the bridge was down"});
}

bool worker::admit(const run_steps& what) {
  const auto admission = options_.names->find(names::admission);
  if (!admission) return false;
  request(admission, admission_patience, admit_orders{what})
      .then([this](orders_admitted& said) { core_.on_admitted(said); },
            [this, what](caf::error&) { core_.on_not_admitted(what); });
  return true;
}

bool worker::publish(publish_output what) {
  const auto to = options_.names->find(names::publisher);
  if (!to) return false;
  const auto ref = what.ref;
  request(to, publish_patience, std::move(what))
      .then([this](outputs_published& said) { core_.on_published(std::move(said.reports)); },
            [this, ref](caf::error& why) { core_.on_not_published(ref, text_of(why)); });
  return true;
}

void worker::on_tick() {
  delayed_send(this, tick_every, tick{});
  if (!linked_ || options_.names->version() == tree_version_) return;
  tree_version_ = options_.names->version();
  tell(names::bridge, send_tree{{options_.names->rows()}});
}

}  // namespace artel::work
