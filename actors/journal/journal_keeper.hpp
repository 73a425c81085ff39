// The journal keeper: a detached actor, since commits block. Group commit without a timer: whatever
// queued while the last commit ran is the next transaction. When writing fails the facts stay
// queued and are tried again; nothing is forgotten and nothing is announced before it is durable.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/journal/journal_file.hpp"

namespace artel::journal {

struct keeper_options {
  std::filesystem::path file;
  directory_ptr names;
};

struct flush {};

class journal_keeper : public caf::event_based_actor {
public:
  /// Throws std::runtime_error when the journal can not be opened.
  journal_keeper(caf::actor_config& config, keeper_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "journal_keeper"; }

private:
  void on_append(append_facts& what);
  void commit();
  void on_commit_failed(const std::string& why);

  keeper_options options_;
  std::unique_ptr<journal_file> file_;
  std::vector<core::fact> pending_;
  std::uint64_t pending_batch_ = 0;
  std::uint64_t pending_epoch_ = 0;
  bool flush_queued_ = false;
  bool stalled_ = false;
};

}  // namespace artel::journal

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::journal::flush)
