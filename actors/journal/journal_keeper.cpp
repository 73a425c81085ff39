#include "actors/journal/journal_keeper.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/core/audit.hpp"
#include "actors/logging/events.hpp"

namespace artel::journal {
namespace {
constexpr auto retry_after = std::chrono::milliseconds(500);
constexpr auto prune_every = std::chrono::minutes(1);
constexpr auto slow_commit = std::chrono::seconds(1);
constexpr auto tell_slow_every = std::chrono::seconds(10);
constexpr std::uint64_t tidied_at = 1'000;  ///< needless facts of schedules and results
constexpr auto prune_on_after = std::chrono::milliseconds(200);

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

journal_keeper::journal_keeper(caf::actor_config& config, keeper_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {
  auto opened = journal_file::open(options_.file);
  if (!opened) throw std::runtime_error(opened.error().text);
  file_ = *std::move(opened);
  queue_ = std::make_unique<commit_queue>(*file_, options_.file.string());
}

caf::behavior journal_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  delayed_send(this, prune_on_after, prune{});
  return {
      [this](const prune&) { prune_some(); },
      // The flush goes behind every append that is in the mailbox already: they share a
      // transaction.
      [this](append_facts& what) {
        if (queue_->add(std::move(what))) send(this, flush{});
      },
      [this](const flush&) { commit(); },
      [this](note_change& what) { return on_change(what); },
      [this](take_metrics) { return measure(); },
      [this](const read_audit& ask) {
        commit_first();
        return list_audit(ask.what);
      },
      [this](const recover_facts& ask) -> caf::result<recovered_facts> {
        auto found = queue_->recover(ask.ended_runs, ask.ended_instances);
        if (!found) return failure(found.error().text);
        return *std::move(found);
      },
      // What is read includes all that was appended before, whether its flush has come or not: a
      // run that has just left the coordinator's memory is found here.
      [this](const knows_run& ask) {
        commit_first();
        if (file_->knows(ask.run)) return run_known{ask.run};
        return run_known{file_->find_key(ask.key)};
      },
      [this](const find_facts& ask) {
        commit_first();
        auto found = file_->find(ask.run);
        return found ? found_facts{*std::move(found)} : found_facts{};
      },
      [this](const read_facts& ask) -> caf::result<facts_read> { return read(ask); },
      [this](const list_ended& ask) {
        commit_first();
        return runs_listed{file_->list_ended(ask.limit, ask.pipeline, ask.before)};
      },
  };
}

metrics_taken journal_keeper::measure() const {
  metrics_taken made;
  const auto put = [&](const char* name, metric_kind kind, const char* help, double value) {
    metric_family one{name, help, kind, {}};
    one.add(value);
    made.families.push_back(std::move(one));
  };
  std::error_code none;
  double bytes = 0;
  for (const char* end : {"", "-wal"})
    if (const auto size = std::filesystem::file_size(options_.file.string() + end, none); !none)
      bytes += static_cast<double>(size);
  put("artel_journal_bytes", metric_kind::gauge, "Size of the journal's files.", bytes);
  put("artel_journal_stalled", metric_kind::gauge, "1: facts can not be written.",
      queue_->stalled() ? 1 : 0);
  put("artel_journal_facts_waiting", metric_kind::gauge, "Facts that are not durable yet.",
      static_cast<double>(queue_->waiting()));
  put("artel_journal_facts_written_total", metric_kind::counter, "Facts made durable.",
      static_cast<double>(facts_written_));
  metric_family commits{
      "artel_journal_commit_seconds", "A transaction, with its sync.", metric_kind::histogram, {}};
  commits.samples.push_back(commits_.sample());
  made.families.push_back(std::move(commits));
  return made;
}

void journal_keeper::commit() {
  const auto began = std::chrono::steady_clock::now();
  const auto facts = queue_->waiting();
  std::visit(
      [this](auto&& said) {
        using type = std::decay_t<decltype(said)>;
        if constexpr (!std::is_same_v<type, std::monostate>)
          if (const auto coordinator = options_.names->find(names::coordinator))
            anon_send(coordinator, said);
        if constexpr (std::is_same_v<type, journal_stalled>)
          delayed_send(this, retry_after, flush{});
      },
      queue_->commit());
  if (facts == 0 || queue_->stalled()) return;
  facts_written_ += facts;
  const auto took = std::chrono::steady_clock::now() - began;
  commits_.add(std::chrono::duration<double>(took).count());
  if (took >= slow_commit && began - told_slow_ >= tell_slow_every) {
    told_slow_ = began;
    logging::note(events::journal_slow,
                  {{"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()},
                   {"facts", facts}});
  }
}

coordinator_answer journal_keeper::list_audit(const artel::list_audit& what) {
  try {
    return {audit_listed{file_->list_audit(what.limit, what.by, what.before)}};
  } catch (const sqlite_error& e) {
    return {refused{trouble_code::corrupt, options_.file.string() + ": " + e.what() +
                                               "; 'artel journal check' says more"}};
  }
}

caf::result<facts_read> journal_keeper::read(const read_facts& ask) {
  try {
    facts_read made{{}, ask.after};
    // Whoever asks for none wants to know where the journal ends now; who gets fewer than he asked
    // for has seen all there is.
    if (ask.limit != 0)
      for (auto& each : file_->public_facts(ask.after, ask.limit, ask.run))
        made.facts.push_back({each.number, std::move(each.what), std::move(each.run)});
    made.next_after = made.facts.size() < std::max(1U, ask.limit)
                          ? std::max(ask.after, file_->last_number())
                          : made.facts.back().number;
    return made;
  } catch (const sqlite_error& e) {
    return failure(options_.file.string() + ": " + e.what() + "; 'artel journal check' says more");
  }
}

caf::typed_response_promise<audit_noted> journal_keeper::on_change(note_change& what) {
  auto asker = make_response_promise<audit_noted>();
  auto noted = core::change_fact(what.by, what.from, what.what, what.code, what.answer, wall_ms());
  if (queue_->add_aside(std::move(noted), [asker](bool good) mutable {
        good ? asker.deliver(audit_noted{})
             : asker.deliver(failure("the journal can not be written now"));
      }))
    send(this, flush{});
  return asker;
}

/// While the journal can not be written, what is durable is what can be read.
void journal_keeper::commit_first() {
  if (!queue_->stalled()) commit();
}

/// A little at a time: commits wait while it goes on.
void journal_keeper::prune_some() {
  const auto now = wall_ms();
  pruned turn;
  try {
    if (!queue_->stalled() && options_.keep_ms) {
      turn = file_->prune(now - *options_.keep_ms, options_.keep_runs);
      if (!turn.any) turn.any = file_->prune_audit(now - *options_.keep_ms);
    }
    if (!queue_->stalled() && !turn.any && (!tidied_ || file_->superseding() >= tidied_at))
      file_->prune_superseded(), tidied_ = true;
  } catch (const sqlite_error& e) {
    // Nothing is taken out until the next start; what has to be written still can be.
    logging::note(events::journal_not_pruned,
                  {{"reason", options_.file.string() + ": " + e.what() +
                                  "; 'artel journal check' says more"}});
    return;
  }
  if (turn.whole) {
    std::error_code problem;
    std::filesystem::remove_all(options_.outputs / to_text(turn.run), problem);
    logging::note(events::run_pruned, {{"run", to_text(turn.run)}, {"facts", turn.facts}});
  }
  if (turn.any)
    delayed_send(this, prune_on_after, prune{});
  else
    delayed_send(this, prune_every, prune{});
}

}  // namespace artel::journal
