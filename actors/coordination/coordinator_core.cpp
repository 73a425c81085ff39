#include "actors/coordination/coordinator_core.hpp"

#include <algorithm>

#include "actors/coordination/compile.hpp"
#include "actors/logging/events.hpp"
#include "actors/submission_text.hpp"
#include "messages/plain_text.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
constexpr std::int64_t told_late_ms = 250;  ///< the bridge says ten times a second who was heard
constexpr std::int64_t busy_pause_ms = 50;  ///< while runs go on
constexpr std::int64_t idle_pause_ms = 250;
}  // namespace

coordinator_core::coordinator_core(coordinator_settings what, coordinator_doors doors)
    : settings_(what), doors_(std::move(doors)), cluster_(what.limits, what.seed) {}

void coordinator_core::recover(const recovered_facts& all) {
  for (const auto& what : all.facts) {
    if (what.kind == core::fact_kind::schedule_passed ||
        what.kind == core::fact_kind::schedule_paused) {
      schedules_.replay(what);
      continue;
    }
    if (what.kind != core::fact_kind::run_submitted) {
      cluster_.replay(what);
      continue;
    }
    auto said = read_submission(what.text);
    if (!said)
      throw std::runtime_error("the journal holds a run that can not be read: " +
                               said.error().text);
    auto plan = recompile(said->pipeline, said->file);
    if (!plan)
      throw std::runtime_error("the journal holds a pipeline that this release refuses: " +
                               plan.error().text);
    cluster_.replay_submitted(what, *std::move(said), *std::move(plan));
  }
  cluster_.number_from(all.last_run);
  newest_ = all.newest;
  for (const auto& [number, of] : cluster_.runs()) counts_.know(of->plan().definition.name);
  if (settings_.celery_metrics) celery_.emplace().adopt(cluster_);
  core::decision decided;
  cluster_.recovered(doors_.now(), decided);
  logging::note(events::journal_recovered,
                {{"facts", all.facts.size()}, {"runs", cluster_.runs().size()}});
  act(std::move(decided));
}

void coordinator_core::on_tick() {
  core::decision decided;
  const auto now = doors_.now();
  const auto gap = now.steady_ms - ticked_ms_;
  if (ticked_ms_ != 0 && gap > static_cast<std::int64_t>(settings_.heartbeat_ms))
    cluster_.excuse_silence(gap);
  ticked_ms_ = now.steady_ms;
  for (const auto index : cluster_.expire_leases(now, decided)) {
    const auto& one = cluster_.nodes().at(index);
    logging::note(
        events::node_lost,
        {{"node", one.name},
         {"reason", "not heard of for " + std::to_string(settings_.limits.lease_ms) + " ms"}});
    changes_.note(core::change_book::of_no_run, durable_);
    doors_.bridge(forget_node{one.name, one.session});
  }
  act(std::move(decided));
  start_due(now);
  core::decision placed;
  cluster_.place(now, placed);
  act(std::move(placed));
  cluster_.forget_old_runs([this](const core::run& of) { return has_ended(of); });
  history_.look(now.wall_ms, now.steady_ms, counts_, cluster_);
}

/// A pause of less than a heartbeat: longer ones say that we were stopped ourselves.
std::chrono::milliseconds coordinator_core::pause() const {
  auto ms = std::min<std::int64_t>(cluster_.is_busy() ? busy_pause_ms : idle_pause_ms,
                                   settings_.heartbeat_ms / 2);
  if (const auto due = schedules_.due_at_ms(); due && !held_ && stalled_.empty())
    ms = std::min(ms, *due - doors_.now().wall_ms);
  return std::chrono::milliseconds(std::max<std::int64_t>(ms, 1));
}

std::vector<core::run_no> coordinator_core::take_ended() {
  std::vector<core::run_no> made;
  for (; !ended_.empty() && ended_.front().first <= durable_; ended_.pop_front())
    made.push_back(ended_.front().second);
  return made;
}

bool coordinator_core::has_ended(const core::run& of) const {
  return of.state() != run_state::running &&
         std::none_of(ended_.begin(), ended_.end(), [&](const auto& one) {
           return one.first > durable_ && one.second == of.number();
         });
}

bool coordinator_core::is_alive(const node_hello& said) const {
  const auto index = cluster_.nodes().find(said.name);
  return index != core::node_table::no_such &&
         cluster_.nodes().at(index).state == core::node_state::alive &&
         cluster_.nodes().at(index).session == said.session;
}

/// Two processes under one name would fight over every order. The old one may be dead, though: then
/// its heartbeats have stopped, and the new one is taken as soon as two of them are missing.
bool coordinator_core::is_rival(const node_hello& said, core::moment now) const {
  const auto index = cluster_.nodes().find(said.name);
  if (index == core::node_table::no_such) return false;
  const auto& known = cluster_.nodes().at(index);
  return known.state == core::node_state::alive && known.session != 0 &&
         known.session != said.session &&
         now.steady_ms - known.heard_at_ms <
             2 * static_cast<std::int64_t>(settings_.heartbeat_ms) + told_late_ms;
}

void coordinator_core::on_hello(node_hello& said) {
  const auto now = doors_.now();
  const admit_node admission{
      said.name,
      said.session,
      {settings_.heartbeat_ms, static_cast<std::uint32_t>(settings_.limits.lease_ms)},
      said.hello_number};
  // The bridge tells a hello again when nobody has answered it for a while: joining twice would
  // take back what the first time gave out.
  if (const auto known = joined_.find(said.name);
      known != joined_.end() && known->second.session == said.session) {
    const auto& last = known->second;
    if (said.hello_number < last.number) return;  // overtaken by a later one of the same process
    if (said.hello_number == last.number && said.bridge == last.bridge)
      return is_alive(said)
                 ? doors_.bridge(admission)
                 : doors_.bridge(renew_hello{said.name, said.session, said.hello_number});
  }
  if (!is_node_name(said.name) || said.name == settings_.own_name)
    return doors_.bridge(refuse_node{
        said.name,
        said.session,
        {trouble_code::conflict,
         said.name == settings_.own_name
             ? "'" + said.name + "' is the supervisor node; give this one another --name"
             : "--name: " + std::string(node_name_form)}});
  if (is_rival(said, now)) {
    const auto& known = cluster_.nodes().at(cluster_.nodes().find(said.name)).announced;
    return doors_.bridge(refuse_node{
        said.name,
        said.session,
        {trouble_code::conflict, "a node named '" + said.name + "' has joined already (host " +
                                     known.host + ", pid " + std::to_string(known.pid) +
                                     "); give this one another --name or stop the other"}});
  }
  logging::note(events::node_joined, {{"node", said.name},
                                      {"kind", said.what.kind},
                                      {"host", said.what.host},
                                      {"pid", said.what.pid},
                                      {"slots", said.what.capacity.slots},
                                      {"attempts", said.what.attempts.size()}});
  core::decision decided;
  cluster_.join(said.name, said.session, std::move(said.what), now, decided);
  // Welcome first: orders that follow need the link. It tells nothing that a crash could undo.
  joined_[said.name] = {said.session, said.bridge, said.hello_number};
  doors_.bridge(admission);
  changes_.note(core::change_book::of_no_run, durable_);
  cluster_.place(now, decided);
  act(std::move(decided));
}

void coordinator_core::on_reported(node_reported& said) {
  core::decision decided;
  const auto now = doors_.now();
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

void coordinator_core::on_progressed(node_progressed& said) {
  for (auto& item : said.what.items)
    if (const auto* of = cluster_.find(item.run);
        of != nullptr && of->state() == run_state::running)
      changes_.note(of->number(), durable_), board_[of->number()][item.instance] = std::move(item);
}

void coordinator_core::on_heard(const nodes_heard& said) {
  const auto now = doors_.now().steady_ms;
  for (const auto& [name, ms_ago] : said.ms_ago) {
    const auto node = cluster_.nodes().find(name);
    if (node != core::node_table::no_such) cluster_.heard(node, now - ms_ago);
  }
}

void coordinator_core::on_left(const node_left& said) {
  const auto node = cluster_.nodes().find(said.name);
  if (node == core::node_table::no_such || cluster_.nodes().at(node).session != said.session)
    return;
  logging::note(events::node_left, {{"node", said.name}, {"reason", said.what.reason}});
  core::decision decided;
  changes_.note(core::change_book::of_no_run, durable_);
  cluster_.leave(node, doors_.now(), decided);
  doors_.bridge(forget_node{said.name, said.session});
  cluster_.place(doors_.now(), decided);
  act(std::move(decided));
}

void coordinator_core::on_unreachable(const node_unreachable& said) {
  const auto node = cluster_.nodes().find(said.name);
  if (node == core::node_table::no_such || cluster_.nodes().at(node).session != said.session ||
      cluster_.nodes().at(node).state != core::node_state::alive)
    return;
  const auto why = "its connection is gone and it was not heard of for " +
                   std::to_string(said.silent_ms) + " ms";
  logging::note(events::node_lost, {{"node", said.name}, {"reason", why}});
  doors_.bridge(forget_node{said.name, said.session});
  core::decision decided;
  const auto now = doors_.now();
  cluster_.lose(node, why, now, decided);
  cluster_.place(now, decided);
  act(std::move(decided));
}

void coordinator_core::act(core::decision decided, effect also) {
  const bool something = !decided.empty() || also.settle || also.answer;
  if (!something) return;
  if (!decided.facts.empty()) {
    const auto worth = [](const core::fact& what) {
      return logging::wanted(events::step_started) || has_notice(what) ||
             (what.kind != core::fact_kind::step_started &&
              what.kind != core::fact_kind::step_finished &&
              what.kind != core::fact_kind::step_published);
    };
    for (const auto& what : decided.facts) {
      if (what.kind != core::fact_kind::change_asked) changes_.note(what.run, batch_ + 1);
      if (what.kind == core::fact_kind::run_ended) ended_.emplace_back(batch_ + 1, what.run);
      counts_.note(what, cluster_);
      if (celery_) celery_->note(what, cluster_);
    }
    for (const auto& what : decided.facts)
      if (worth(what)) {
        also.told.push_back(what);
        if (what.kind == core::fact_kind::run_submitted) also.told.back().text.clear();
      }
    doors_.journal({settings_.epoch, ++batch_, std::move(decided.facts)});
  }
  also.batch = batch_;
  also.orders = std::move(decided.orders);
  if (effects_.empty() && durable_ >= batch_)
    release(also);
  else
    effects_.push_back(std::move(also));
}

void coordinator_core::answer(answer_to to, admin_answer what) {
  if (!stalled_.empty()) return to(std::move(what));
  effect also;
  also.asker = std::move(to);
  also.answer = std::move(what);
  act({}, std::move(also));
}

void coordinator_core::on_durable(const facts_durable& upto) {
  if (upto.epoch != settings_.epoch) return;  // said to an earlier life
  if (!stalled_.empty()) logging::note(events::journal_writable_again, {});
  stalled_.clear();
  durable_ = std::max(durable_, upto.batch);
  while (!effects_.empty() && effects_.front().batch <= durable_) {
    release(effects_.front());
    effects_.pop_front();
  }
}

void coordinator_core::release(effect& due) {
  // Who waits first, then the log.
  for (auto& one : pack_orders(due.orders, cluster_)) doors_.bridge(std::move(one));
  if (due.settle) doors_.bridge(*std::move(due.settle));
  if (due.answer) due.asker(*std::move(due.answer));
  for (const auto& what : due.told) {
    log_fact(what, cluster_);
    if (what.kind == core::fact_kind::run_ended) board_.erase(what.run);
  }
}

void coordinator_core::on_stalled(const journal_stalled& said) {
  stalled_ = said.why;
  refuse_pending_submissions(said.why);
}

/// Nobody may wait for a disk to be freed. What was refused must not run later, so it is cancelled
/// behind its own submission: when the journal can be written again, both become facts.
void coordinator_core::refuse_pending_submissions(const std::string& why) {
  std::vector<std::pair<core::run_no, std::optional<core::fact>>> refused_runs;
  for (auto& one : effects_) {
    if (!one.answer) continue;
    if (one.submitted != 0) refused_runs.emplace_back(one.submitted, std::move(one.refusal));
    // A cancel or a drain that waits here has been decided, and is a fact when there is room.
    const char* hint = one.submitted != 0  ? "; nothing was accepted, try again then"
                       : !one.told.empty() ? "; what was asked is done then"
                                           : "; ask again then";
    one.asker(refused{trouble_code::unavailable, why + hint});
    one.answer.reset();
  }
  for (auto& [number, noted] : refused_runs) {
    core::decision decided;
    if (noted) decided.facts.push_back(*std::move(noted));
    static_cast<void>(cluster_.cancel(number, refused_while_stalled, doors_.now(), decided,
                                      core::cluster::cancel_what::refused));
    act(std::move(decided));
  }
}

}  // namespace artel::coordination
