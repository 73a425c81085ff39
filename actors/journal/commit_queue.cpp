#include "actors/journal/commit_queue.hpp"

#include "actors/logging/events.hpp"

namespace artel::journal {
namespace {
constexpr std::size_t facts_room_kept = 10'000;  ///< the end of a million instances is not usual
}

bool commit_queue::add(append_facts what) {
  pending_.insert(pending_.end(), std::make_move_iterator(what.facts.begin()),
                  std::make_move_iterator(what.facts.end()));
  pending_batch_ = what.batch;
  pending_epoch_ = what.epoch;
  return !std::exchange(commit_due_, true);
}

bool commit_queue::add_aside(core::fact what, std::function<void(bool)> then) {
  aside_.emplace_back(std::move(what), std::move(then));
  return !std::exchange(commit_due_, true);
}

commit_queue::outcome_of_commit commit_queue::commit() {
  commit_due_ = false;
  auto said = commit_pending();
  commit_aside();
  return said;
}

/// What is noted aside waits for nobody: when it can not be written, whoever asked is told.
void commit_queue::commit_aside() {
  auto noted = std::exchange(aside_, {});
  if (noted.empty()) return;
  bool good = !stalled_;
  try {
    std::vector<core::fact> facts;
    for (auto& [what, then] : noted) facts.push_back(std::move(what));
    if (good) file_.append(facts);
  } catch (const sqlite_error& e) {
    logging::note(events::audit_not_written,
                  {{"facts", noted.size()}, {"reason", name_ + ": " + e.what()}});
    good = false;
  }
  for (auto& [what, then] : noted) then(good);
}

commit_queue::outcome_of_commit commit_queue::commit_pending() {
  if (pending_batch_ == 0) return {};
  try {
    if (!pending_.empty()) file_.append(pending_);
  } catch (const sqlite_error& e) {
    // Only trouble with the disk passes by waiting. Anything else is a mistake of ours: the keeper
    // ends, and what is built upon it starts anew from what is durable.
    const int code = e.code & 0xff;
    if (code != SQLITE_FULL && code != SQLITE_IOERR && code != SQLITE_BUSY && code != SQLITE_NOMEM)
      throw;
    const auto text = name_ + ": can not write (" + e.what() + "); free some space there";
    if (!stalled_)
      logging::note(events::journal_stalled, {{"facts", pending_.size()}, {"reason", text}});
    stalled_ = commit_due_ = true;
    return journal_stalled{text};
  }
  if (stalled_) logging::note(events::journal_resumed, {{"facts", pending_.size()}});
  stalled_ = false;
  pending_.clear();
  if (pending_.capacity() > facts_room_kept) pending_.shrink_to_fit();
  return facts_durable{pending_epoch_, pending_batch_};
}

outcome<recovered_facts> commit_queue::recover(std::uint32_t ended_runs,
                                               std::size_t ended_instances) {
  if (!pending_.empty()) static_cast<void>(commit());
  if (stalled_) return trouble{trouble_code::unavailable, "the journal can not be written now"};
  try {
    return recovered_facts{file_.recover(ended_runs, ended_instances), file_.last_run(),
                           file_.newest_id()};
  } catch (const sqlite_error& e) {
    return trouble{trouble_code::corrupt,
                   name_ + ": is damaged (" + e.what() +
                       "); 'artel journal check' says more, 'artel journal salvage' saves what can "
                       "be read, or restore a backup"};
  }
}

}  // namespace artel::journal
