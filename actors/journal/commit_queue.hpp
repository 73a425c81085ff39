// What the journal keeper does, without an actor: facts queue up, a commit writes all that queued
// in one transaction, and what can not be written is kept and tried again. Group commit needs no
// timer: whatever came while the last commit ran is the next one.
#pragma once

#include <functional>

#include "actors/interfaces.hpp"
#include "actors/journal/journal_file.hpp"

namespace artel::journal {

class commit_queue {
public:
  /// `name` is the file's, for messages.
  commit_queue(journal_file& file, std::string name) : file_(file), name_(std::move(name)) {}

  /// True when nobody has been told to commit yet: the caller sees to it that commit() is called.
  bool add(append_facts what);
  /// A fact that nobody but the reader of the audit log asks for: the coordinator hears nothing of
  /// it. `then` is called when it is durable, or can not be written now.
  bool add_aside(core::fact what, std::function<void(bool)> then);

  /// Nothing: there was nothing to do. Throws when the trouble will not pass by waiting.
  using outcome_of_commit = std::variant<std::monostate, facts_durable, journal_stalled>;
  outcome_of_commit commit();

  bool stalled() const { return stalled_; }
  std::size_t waiting() const { return pending_.size(); }
  /// A coordinator that starts anew must see what its predecessor has appended: commits first.
  /// Trouble while the journal can not be written.
  outcome<recovered_facts> recover(std::uint32_t ended_runs,
                                   std::size_t ended_instances = ~std::size_t{0});

private:
  outcome_of_commit commit_pending();
  void commit_aside();

  journal_file& file_;
  std::string name_;
  std::vector<core::fact> pending_;
  std::vector<std::pair<core::fact, std::function<void(bool)>>> aside_;
  std::uint64_t pending_batch_ = 0;
  std::uint64_t pending_epoch_ = 0;
  bool commit_due_ = false;
  bool stalled_ = false;
};

}  // namespace artel::journal
