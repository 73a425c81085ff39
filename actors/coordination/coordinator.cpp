#include "actors/coordination/coordinator.hpp"

#include "actors/actor_errors.hpp"
#include "actors/coordination/cluster_metrics.hpp"

namespace artel::coordination {
namespace {
/// A busy cluster costs a reader one question in so long, however many facts there are.
constexpr auto news_every = std::chrono::milliseconds(50);
constexpr auto news_gather = std::chrono::milliseconds(2);
constexpr auto recovery_patience = std::chrono::minutes(5);
constexpr auto journal_patience = std::chrono::seconds(10);
}  // namespace

coordinator::coordinator(caf::actor_config& config, coordinator_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      core_({options_.limits, options_.heartbeat_ms, options_.seed, id(), options_.own_name,
             options_.celery_metrics},
            doors()) {}

template <class Message>
void coordinator::tell(const char* who, Message message) {
  if (const auto to = options_.names->find(who)) send(to, std::move(message));
}

coordinator_doors coordinator::doors() {
  coordinator_doors made;
  made.journal = [this](append_facts what) { tell(names::journal, std::move(what)); };
  made.bridge = [this](to_bridge what) {
    std::visit([this](auto& one) { tell(names::bridge, std::move(one)); }, what);
  };
  made.knows_run = [this](const knows_run& what, coordinator_doors::known_then then) {
    const auto journal = options_.names->find(names::journal);
    if (!journal)
      return then(
          trouble{trouble_code::unavailable, "the journal keeper is being restarted; ask again"});
    request(journal, journal_patience, what)
        .then([then](run_known said) { then(said.as); },
              [then](caf::error& why) {
                then(trouble{trouble_code::unavailable,
                             "the journal did not answer: " + text_of(why)});
              });
  };
  made.now = options_.now;
  return made;
}

caf::behavior coordinator::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  recover();
  return {
      // Until the journal is read nobody gets anything but this; nodes say hello again by
      // themselves.
      [](const ask_coordinator&) {
        return coordinator_answer{
            refused{trouble_code::unavailable,
                    "the supervisor node is reading its journal; ask again in a moment"}};
      },
      [](take_pulse) { return pulse{}; },
      [this](pipelines_read& said) { early_ = std::move(said); },
      [](timer_due) {},
  };
}

void coordinator::recover() {
  const auto journal = options_.names->find(names::journal);
  if (!journal) throw std::runtime_error("the journal keeper is not running");
  request(journal, recovery_patience,
          recover_facts{options_.limits.ended_runs_kept, options_.limits.ended_instances_kept})
      .then(
          [this](recovered_facts& all) {
            core_.recover(all);
            if (early_) core_.on_pipelines(*early_);
            become(working());
            timer_.within(std::chrono::milliseconds(0));
          },
          [this](caf::error& why) {
            quit(failure("the journal could not be read: " + text_of(why)));
          });
}

caf::behavior coordinator::working() {
  return {
      [this](node_hello& said) { core_.on_hello(said), stir(); },
      [this](node_reported& said) { core_.on_reported(said); },
      [this](node_progressed& said) { core_.on_progressed(said), stir(); },
      [this](const nodes_heard& said) { core_.on_heard(said); },
      [this](const node_left& said) { core_.on_left(said), stir(); },
      [this](const node_unreachable& said) { core_.on_unreachable(said), stir(); },
      [this](const facts_durable& upto) { core_.on_durable(upto), tell_ended(), stir(); },
      [this](const journal_stalled& said) { core_.on_stalled(said); },
      [this](const pipelines_read& said) { core_.on_pipelines(said), stir(); },
      [this](ask_coordinator& ask) {
        auto asker = on_ask(ask);
        timer_.within(core_.pause());
        return asker;
      },
      [this](take_metrics) {
        auto all = metrics_of(core_.state(), core_.counts(), core_.schedules(), options_.now());
        if (core_.celery()) core_.celery()->tell(core_.state(), all);
        return metrics_taken{std::move(all)};
      },
      [](take_pulse) { return pulse{}; },
      [this](const find_attempt& ask) { return find(ask.what); },
      [this](timer_due due) { on_timer(due); },
  };
}

void coordinator::on_timer(timer_due due) {
  if (!timer_.take(due)) return;
  core_.on_tick();
  told_ms_ = options_.now().steady_ms;
  wake_readers();
  wake_watchers();
  tell_late(told_ms_);
  timer_.within(core_.pause());
}

void coordinator::stir() {
  if (readers_.empty() && watchers_.empty()) return timer_.within(core_.pause());
  const auto since = std::chrono::milliseconds(options_.now().steady_ms - told_ms_);
  timer_.within(std::max(news_gather, news_every - since));
}

}  // namespace artel::coordination
