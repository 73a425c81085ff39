#include "actors/coordination/coordinator.hpp"

#include <spdlog/spdlog.h>

#include "actors/actor_errors.hpp"
#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
constexpr auto tick_every = std::chrono::milliseconds(50);
constexpr auto recovery_patience = std::chrono::minutes(5);
}  // namespace

coordinator::coordinator(caf::actor_config& config, coordinator_options what)
    : caf::event_based_actor(config),
      options_(std::move(what)),
      cluster_(options_.limits, options_.seed),
      epoch_(id()) {}

template <class Message>
void coordinator::tell(const char* who, Message message) {
  if (const auto to = options_.names->find(who)) send(to, std::move(message));
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
      [this](tick) {},
  };
}

void coordinator::on_exit() { effects_.clear(); }

void coordinator::recover() {
  const auto journal = options_.names->find(names::journal);
  if (!journal) throw std::runtime_error("the journal keeper is not running");
  request(journal, recovery_patience, recover_facts{options_.limits.ended_runs_kept})
      .then([this](recovered_facts& all) { on_recovered(all); },
            [this](caf::error& why) {
              quit(failure("the journal could not be read: " + text_of(why)));
            });
}

void coordinator::on_recovered(recovered_facts& all) {
  for (const auto& what : all.facts) {
    if (what.kind != core::fact_kind::run_submitted) {
      cluster_.replay(what);
      continue;
    }
    auto said = wire::unpack<core::submission>(what.text);
    if (!said)
      throw std::runtime_error("the journal holds a run that can not be read: " +
                               said.error().text);
    auto plan = compile(said->pipeline, said->file);
    if (!plan)
      throw std::runtime_error("the journal holds a pipeline that this release refuses: " +
                               plan.error().text);
    cluster_.replay_submitted(what, *std::move(said), *std::move(plan));
  }
  cluster_.number_from(all.last_run);
  core::decision decided;
  cluster_.recovered(options_.now(), decided);
  spdlog::info("journal_recovered facts={} runs={}", all.facts.size(), cluster_.runs().size());
  become(working());
  act(std::move(decided));
  delayed_send(this, tick_every, tick{});
}

caf::behavior coordinator::working() {
  return {
      [this](node_hello& said) { on_hello(said); },
      [this](node_reported& said) { on_reported(said); },
      [this](node_progressed& said) { on_progressed(said); },
      [this](const nodes_heard& said) { on_heard(said); },
      [this](const node_left& said) { on_left(said); },
      [this](const facts_durable& upto) { on_durable(upto); },
      [this](const journal_stalled& said) { on_stalled(said); },
      [this](ask_coordinator& ask) { return on_ask(ask); },
      [this](const find_attempt& ask) { return find(ask.what); },
      [this](tick) { on_tick(); },
  };
}

void coordinator::on_tick() {
  core::decision decided;
  const auto now = options_.now();
  const auto gap = now.steady_ms - ticked_ms_;
  if (ticked_ms_ != 0 && gap > static_cast<std::int64_t>(options_.heartbeat_ms))
    cluster_.excuse_silence(gap);
  ticked_ms_ = now.steady_ms;
  std::vector<std::pair<std::string, session_no>> alive;
  for (std::uint32_t i = 0; i < cluster_.nodes().size(); ++i)
    if (cluster_.nodes().at(i).state == core::node_state::alive)
      alive.emplace_back(cluster_.nodes().at(i).name, cluster_.nodes().at(i).session);
  cluster_.expire_leases(now, decided);
  for (const auto& [name, session] : alive) {
    if (cluster_.nodes().at(cluster_.nodes().find(name)).state == core::node_state::alive) continue;
    spdlog::warn("node_lost node={} reason=\"not heard of for {} ms\"", name,
                 options_.limits.lease_ms);
    tell(names::bridge, forget_node{name, session});
  }
  cluster_.place(now, decided);
  act(std::move(decided));
  delayed_send(this, tick_every, tick{});
}

void coordinator::on_hello(node_hello& said) {
  const auto now = options_.now();
  const std::pair number{said.session, said.hello_number};
  const admit_node admission{
      said.name,
      said.session,
      {options_.heartbeat_ms, static_cast<std::uint32_t>(options_.limits.lease_ms)}};
  // The bridge tells a hello again when nobody has answered it for a while: joining twice would
  // take back what the first time gave out.
  if (const auto known = joined_.find(said.name); known != joined_.end() && known->second == number)
    return tell(names::bridge, admission);
  const auto index = cluster_.nodes().find(said.name);
  if (index != core::node_table::no_such) {
    const auto& known = cluster_.nodes().at(index);
    // Two processes under one name would fight over every order. The old one may be dead, though:
    // then its heartbeats have stopped, and the new one is taken as soon as two of them are
    // missing.
    const bool rival =
        known.state == core::node_state::alive && known.session != 0 &&
        known.session != said.session &&
        now.steady_ms - known.heard_at_ms < 2 * static_cast<std::int64_t>(options_.heartbeat_ms);
    if (rival) {
      tell(names::bridge,
           refuse_node{said.name,
                       said.session,
                       {trouble_code::conflict,
                        "a node named '" + said.name + "' has joined already (host " +
                            known.announced.host + ", pid " + std::to_string(known.announced.pid) +
                            "); give this one another --name or stop the other"}});
      return;
    }
  }
  spdlog::info("node_joined node={} kind={} host={} pid={} slots={} attempts={}", said.name,
               said.what.kind, said.what.host, said.what.pid, said.what.capacity.slots,
               said.what.attempts.size());
  core::decision decided;
  cluster_.join(said.name, said.session, std::move(said.what), now, decided);
  // Welcome first: orders that follow need the link. It tells nothing that a crash could undo.
  joined_[said.name] = number;
  tell(names::bridge, admission);
  cluster_.place(now, decided);
  act(std::move(decided));
}

void coordinator::on_reported(node_reported& said) {
  core::decision decided;
  const auto now = options_.now();
  const auto node = cluster_.nodes().find(said.name);
  if (node != core::node_table::no_such) {
    for (const auto& one : said.what.reports)
      if (one.how != ending::finished)
        if (const auto* of = cluster_.find(one.run))
          if (const auto board = board_.find(of->number()); board != board_.end())
            board->second.erase(one.instance);
    cluster_.report(node, said.session, std::move(said.what.reports), now, decided);
    cluster_.place(now, decided);
  }
  effect also;
  also.settle = settle_frame{said.name, said.session, said.sequence};
  act(std::move(decided), std::move(also));
}

void coordinator::on_progressed(node_progressed& said) {
  for (auto& item : said.what.items)
    if (const auto* of = cluster_.find(item.run);
        of != nullptr && of->state() == run_state::running)
      board_[of->number()][item.instance] = std::move(item);
}

void coordinator::on_heard(const nodes_heard& said) {
  const auto now = options_.now().steady_ms;
  for (const auto& [name, ms_ago] : said.ms_ago) {
    const auto node = cluster_.nodes().find(name);
    if (node != core::node_table::no_such) cluster_.heard(node, now - ms_ago);
  }
}

void coordinator::on_left(const node_left& said) {
  const auto node = cluster_.nodes().find(said.name);
  if (node == core::node_table::no_such || cluster_.nodes().at(node).session != said.session)
    return;
  spdlog::info("node_left node={} reason=\"{}\"", said.name, said.what.reason);
  core::decision decided;
  cluster_.leave(node, options_.now(), decided);
  tell(names::bridge, forget_node{said.name, said.session});
  cluster_.place(options_.now(), decided);
  act(std::move(decided));
}

void coordinator::act(core::decision decided, effect also) {
  const bool something = !decided.empty() || also.settle || also.answer;
  if (!something) return;
  if (!decided.facts.empty()) {
    const auto worth = [](const core::fact& what) {
      return spdlog::should_log(spdlog::level::debug) ||
             (what.kind != core::fact_kind::step_started &&
              what.kind != core::fact_kind::step_finished &&
              what.kind != core::fact_kind::step_published);
    };
    for (const auto& what : decided.facts)
      if (worth(what)) {
        also.told.push_back(what);
        if (what.kind == core::fact_kind::run_submitted) also.told.back().text.clear();
      }
    tell(names::journal, append_facts{epoch_, ++batch_, std::move(decided.facts)});
  }
  also.batch = batch_;
  also.orders = std::move(decided.orders);
  if (effects_.empty() && durable_ >= batch_)
    release(also);
  else
    effects_.push_back(std::move(also));
}

void coordinator::answer(caf::response_promise asker, admin_answer what) {
  if (!stalled_.empty()) {
    asker.deliver(coordinator_answer{std::move(what)});
    return;
  }
  effect also;
  also.asker = std::move(asker);
  also.answer = coordinator_answer{std::move(what)};
  act({}, std::move(also));
}

void coordinator::on_durable(const facts_durable& upto) {
  if (upto.epoch != epoch_) return;  // said to an earlier life
  if (!stalled_.empty()) spdlog::info("journal_writable_again");
  stalled_.clear();
  durable_ = std::max(durable_, upto.batch);
  while (!effects_.empty() && effects_.front().batch <= durable_) {
    release(effects_.front());
    effects_.pop_front();
  }
}

void coordinator::release(effect& due) {
  for (const auto& what : due.told) {
    log_fact(what, cluster_);
    if (what.kind == core::fact_kind::run_ended) board_.erase(what.run);
  }
  for (auto& one : pack_orders(due.orders, cluster_)) tell(names::bridge, std::move(one));
  if (due.settle) tell(names::bridge, *std::move(due.settle));
  if (due.answer && due.asker.pending()) due.asker.deliver(*std::move(due.answer));
}

void coordinator::on_stalled(const journal_stalled& said) {
  stalled_ = said.why;
  refuse_pending_submissions(said.why);
}

/// Nobody may wait for a disk to be freed. What was refused must not run later, so it is cancelled
/// behind its own submission: when the journal can be written again, both become facts.
void coordinator::refuse_pending_submissions(const std::string& why) {
  std::vector<core::run_no> refused_runs;
  for (auto& one : effects_) {
    if (!one.answer || !one.asker.pending()) continue;
    if (one.submitted != 0) refused_runs.push_back(one.submitted);
    one.asker.deliver(coordinator_answer{
        refused{trouble_code::unavailable, why + "; nothing was accepted, try again then"}});
    one.answer.reset();
  }
  for (const auto number : refused_runs) {
    core::decision decided;
    static_cast<void>(cluster_.cancel(number, "refused while the journal could not be written",
                                      options_.now(), decided));
    act(std::move(decided));
  }
}

}  // namespace artel::coordination
