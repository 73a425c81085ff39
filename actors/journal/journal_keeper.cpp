#include "actors/journal/journal_keeper.hpp"

#include <spdlog/spdlog.h>

#include "actors/actor_errors.hpp"

namespace artel::journal {
namespace {
constexpr auto retry_after = std::chrono::milliseconds(500);
}

journal_keeper::journal_keeper(caf::actor_config& config, keeper_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {
  auto opened = journal_file::open(options_.file);
  if (!opened) throw std::runtime_error(opened.error().text);
  file_ = *std::move(opened);
}

caf::behavior journal_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](append_facts& what) { on_append(what); },
      [this](const flush&) {
        flush_queued_ = false;
        commit();
      },
      [this](const recover_facts& ask) -> caf::result<recovered_facts> {
        // A coordinator that starts anew must see what its predecessor has appended.
        if (!pending_.empty()) commit();
        if (stalled_) return failure("the journal can not be written now");
        return recovered_facts{file_->recover(ask.ended_runs), file_->last_run()};
      },
      [this](const knows_run& ask) { return run_known{file_->knows(ask.run)}; },
      [this](const find_facts& ask) {
        auto found = file_->find(ask.run);
        return found ? found_facts{*std::move(found)} : found_facts{};
      },
      [this](const list_ended& ask) {
        return runs_listed{file_->list_ended(ask.limit, ask.pipeline, ask.before)};
      },
  };
}

void journal_keeper::on_append(append_facts& what) {
  pending_.insert(pending_.end(), std::make_move_iterator(what.facts.begin()),
                  std::make_move_iterator(what.facts.end()));
  pending_batch_ = what.batch;
  pending_epoch_ = what.epoch;
  if (flush_queued_ || stalled_) return;
  flush_queued_ = true;
  send(this,
       flush{});  // behind every append that is in the mailbox already: they share the transaction
}

void journal_keeper::commit() {
  if (pending_batch_ == 0) return;
  try {
    if (!pending_.empty()) file_->append(pending_);
  } catch (const sqlite_error& e) {
    // Only trouble with the disk passes by waiting. Anything else is a mistake of ours: this actor
    // ends, and what is built upon it starts anew from what is durable.
    const int code = e.code & 0xff;
    if (code != SQLITE_FULL && code != SQLITE_IOERR && code != SQLITE_BUSY && code != SQLITE_NOMEM)
      throw;
    on_commit_failed(e.what());
    return;
  }
  if (stalled_) spdlog::warn("journal_resumed facts={}", pending_.size());
  stalled_ = false;
  pending_.clear();
  if (const auto coordinator = options_.names->find(names::coordinator))
    anon_send(coordinator, facts_durable{pending_epoch_, pending_batch_});
}

void journal_keeper::on_commit_failed(const std::string& why) {
  const auto text = options_.file.string() + ": can not write (" + why + "); free some space there";
  if (!stalled_) spdlog::error("journal_stalled facts={} reason=\"{}\"", pending_.size(), text);
  stalled_ = true;
  flush_queued_ = true;
  delayed_send(this, retry_after, flush{});
  if (const auto coordinator = options_.names->find(names::coordinator))
    anon_send(coordinator, journal_stalled{text});
}

}  // namespace artel::journal
