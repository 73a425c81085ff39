// The journal keeper: a detached actor, since commits block, around the commit queue. When writing
// fails the facts stay queued and are tried again; nothing is forgotten and nothing is announced
// before it is durable.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <optional>

#include "actors/core/duration_histogram.hpp"
#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/journal/commit_queue.hpp"

namespace artel::journal {

struct keeper_options {
  std::filesystem::path file;
  directory_ptr names;
  std::filesystem::path outputs;        ///< logs of attempts, which go with their run
  std::optional<std::int64_t> keep_ms;  ///< ended runs are kept so long; none: for ever
  std::uint64_t keep_runs = 1'000;      ///< and the newest ones in any case
};

struct flush {};
struct prune {};

class journal_keeper : public caf::event_based_actor {
public:
  /// Throws std::runtime_error when the journal can not be opened.
  journal_keeper(caf::actor_config& config, keeper_options what);
  caf::behavior make_behavior() override;
  /// The file is closed with the actor, not with the last reference to it: the next one opens it.
  void on_exit() override {
    queue_.reset();
    file_.reset();
  }
  const char* name() const override { return "journal_keeper"; }

private:
  caf::typed_response_promise<audit_noted> on_change(note_change& what);
  coordinator_answer list_audit(const artel::list_audit& what);
  caf::result<facts_read> read(const read_facts& ask);
  metrics_taken measure() const;
  void commit();
  void commit_first();
  void prune_some();

  keeper_options options_;
  std::unique_ptr<journal_file> file_;
  std::unique_ptr<commit_queue> queue_;
  core::duration_histogram commits_;
  std::uint64_t facts_written_ = 0;
  std::chrono::steady_clock::time_point told_slow_{};
  bool tidied_ = false;  ///< needless facts have been taken out once
};

}  // namespace artel::journal

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::journal::flush)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::journal::prune)
