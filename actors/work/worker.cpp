#include "actors/work/worker.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/work/process_tree.hpp"

namespace artel::work {
namespace {
constexpr auto tick_every = std::chrono::milliseconds(500);
constexpr auto register_pause = std::chrono::milliseconds(1);
constexpr auto admission_patience = std::chrono::seconds(10);
constexpr auto end_after = std::chrono::milliseconds(200);  ///< so that the answer gets out
constexpr std::uint32_t ticks_per_usage = 10;
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
      [](take_pulse) { return pulse{}; },
      [this](const change_received& asked) { change(asked.what); },
      [](const end_process& how) {
        if (how.at_once) ::_exit(128 + SIGKILL);  // its step hosts end with it
        ::kill(::getpid(), SIGTERM);
      },
      [this](tick) { on_tick(); },
  };
}

void worker::on_exit() {
  pump_.reset();
  leaving_ = {};
}

void worker::introduce_self() {
  // Not before the bridge finds us by name: an answer may be here sooner than whoever has started
  // us goes on, and an order that finds nobody is lost.
  if (options_.names->find(names::worker) != caf::actor_cast<caf::actor>(this))
    return delayed_send(this, register_pause, introduce_yourself{"start"});
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

void worker::change(const node_change& asked) {
  const auto& what = asked.what;
  node_changed told{asked.number};
  std::string text;
  const auto add = [&text](const std::string& each) { text += (text.empty() ? "" : ", ") + each; };
  if (!what.log_levels.empty()) {
    if (const auto good = logging::set_levels(what.log_levels))
      add("its log is at " + what.log_levels);
    else
      told.problem = good.error().text;
  }
  if (what.slots && leaves_when_idle_)
    told.problem = "node '" + what.node + "' is ending; it takes nothing more";
  if (told.problem.empty() && what.slots) {
    add("it has " + std::to_string(*what.slots) + " slots" +
        (core_.held().size() > *what.slots ? " as soon as so many attempts have ended" : ""));
  }
  if (told.problem.empty() && what.shutdown == shutdown_kind::warm) {
    leaves_when_idle_ = true;
    add("it takes nothing more and ends when " + std::to_string(core_.held().size()) +
        " attempts have ended");
  } else if (told.problem.empty() && what.shutdown != shutdown_kind::none) {
    add(what.shutdown == shutdown_kind::soft ? "it gives back what it runs and ends"
                                             : "it ends at once");
  }
  told.text = "node '" + what.node + "': " + text;
  if (told.problem.empty())
    logging::note(events::node_told,
                  {{"node", what.node}, {"what", text}, {"by", what.by}, {"reason", what.reason}});
  const bool good = told.problem.empty();
  // The answer first: other slots make the link anew.
  tell(names::bridge, send_changed{std::move(told)});
  if (good && leaves_when_idle_)
    set_slots(0);
  else if (good && what.slots)
    set_slots(*what.slots);
  if (good && (what.shutdown == shutdown_kind::soft || what.shutdown == shutdown_kind::hard))
    delayed_send(this, end_after, end_process{what.shutdown == shutdown_kind::hard});
}

/// Said in a hello: attempts that run beyond that keep their slots until they end.
void worker::set_slots(std::uint32_t slots) {
  if (options_.introduction.capacity.slots == slots) return;
  options_.introduction.capacity.slots = slots;
  pump_->set_slots(std::max(slots, 1U));
  tell(names::bridge, start_over{});
}

void worker::tell_usage() {
  node_usage used;
  std::uint64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  used.memory_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto ms = [](const timeval& of) {
    return static_cast<std::uint64_t>(of.tv_sec) * 1'000 +
           static_cast<std::uint64_t>(of.tv_usec) / 1'000;
  };
  rusage own{}, ended{};
  ::getrusage(RUSAGE_SELF, &own);
  ::getrusage(RUSAGE_CHILDREN, &ended);
  used.cpu_ms = ms(own.ru_utime) + ms(own.ru_stime);
  const auto alive = usage_of(::getpid(), false);
  used.steps_memory_bytes = alive.memory_bytes;
  steps_cpu_ms_ = used.steps_cpu_ms =
      std::max(steps_cpu_ms_, alive.cpu_ms + ms(ended.ru_utime) + ms(ended.ru_stime));
  used.lines_dropped = logging::tapped_lines_dropped();
  tell(names::bridge, send_usage{used});
}

void worker::on_tick() {
  delayed_send(this, tick_every, tick{});
  if (leaves_when_idle_ && core_.held().empty()) {
    leaves_when_idle_ = false;
    delayed_send(this, end_after, end_process{false});
  }
  if (linked_ && ticks_++ % ticks_per_usage == 0) tell_usage();
  if (!linked_ || options_.names->version() == tree_version_) return;
  tree_version_ = options_.names->version();
  tell(names::bridge, send_tree{{options_.names->rows()}});
}

}  // namespace artel::work
