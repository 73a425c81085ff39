// The coordinator actor: a mailbox around coordinator_core, and the questions that need the journal
// as well as the state. It decides nothing itself.
#pragma once

#include <caf/event_based_actor.hpp>
#include <functional>

#include "actors/coordination/coordinator_core.hpp"
#include "actors/directory.hpp"
#include "actors/timer.hpp"

namespace artel::coordination {

struct coordinator_options {
  directory_ptr names;
  core::cluster_limits limits;
  std::uint32_t heartbeat_ms = 500;
  std::uint64_t seed = 1;
  node_name own_name;  ///< of the supervisor node
  bool celery_metrics = false;
  std::function<core::moment()> now;  ///< wall and monotonic clock
  std::string version;
};

class coordinator : public caf::event_based_actor {
public:
  coordinator(caf::actor_config& config, coordinator_options what);
  caf::behavior make_behavior() override;
  /// Promises that nobody has answered hold this actor: they go first.
  void on_exit() override {
    core_.forget_effects(), readers_.clear(), watchers_.clear(), awaiting_.clear();
  }
  const char* name() const override { return "coordinator"; }

private:
  coordinator_doors doors();
  void recover();
  caf::behavior working();

  caf::response_promise on_ask(ask_coordinator& ask);
  void submit(submit_run what, std::optional<note_change> noted, caf::response_promise asker);
  template <class Question>
  void look(Question& what, caf::response_promise asker);
  void list(const list_runs& what, caf::response_promise asker);
  void list(const list_attempts& what, caf::response_promise asker);
  void find_all(find_runs what, caf::response_promise asker);
  void find_all(find_results what, caf::response_promise asker);
  void list(const list_pipelines& what, caf::response_promise asker);
  void show(const show_pipeline& what, caf::response_promise asker);
  void watch(const watch_changes& what, caf::response_promise asker);
  void wake_watchers();
  void retry(retry_run what, caf::response_promise asker);
  void show(const show_run& what, caf::response_promise asker);
  void await(const await_run& what, caf::response_promise asker);
  admin_answer awaited(core::run_no number) const;
  void tell_ended();
  void tell_late(std::int64_t now_ms);
  void explain(const explain_step& what, caf::response_promise asker);
  void show_artifacts(const list_artifacts& what, caf::response_promise asker);
  /// Somebody who waits for what happens next.
  struct event_reader {
    read_events what;
    caf::response_promise asker;
    std::int64_t until_ms;   ///< monotonic
    std::uint64_t seen = 0;  ///< what was durable when it was looked for
    std::vector<cluster_event> events = {};
  };
  using reader_ptr = std::shared_ptr<event_reader>;
  void read(read_events what, caf::response_promise asker);
  void look_for(const reader_ptr& one);
  void name_events(const reader_ptr& one, std::shared_ptr<facts_read> found, std::size_t from);
  void told(const reader_ptr& one, std::uint64_t next_after);
  void wake_readers();
  void on_timer(timer_due due);
  /// Something has changed: those who wait for news are looked after soon.
  void stir();
  caf::response_promise find(const read_log& what);
  static attempt_found find_in(const core::run& of, const read_log& what);
  /// Calls then(cluster, run) with a run that left memory, folded again from its facts; else
  /// refuses.
  using past_run = std::function<void(const core::cluster&, const core::run&)>;
  void with_past_run(const std::string& id, const trouble& missing, past_run then,
                     std::function<void(refused)> refuse);
  void answer(caf::response_promise asker, admin_answer what);

  template <class Message>
  void tell(const char* who, Message message);

  coordinator_options options_;
  coordinator_core core_;
  std::vector<reader_ptr> readers_;  ///< those who wait
  /// Somebody who waits until something changes.
  struct change_watcher {
    watch_changes what;
    caf::response_promise asker;
    std::int64_t until_ms;  ///< monotonic
  };
  std::vector<change_watcher> watchers_;
  /// Somebody who waits for the end of a run.
  struct end_waiter {
    caf::response_promise asker;
    std::int64_t until_ms;  ///< monotonic
  };
  std::map<core::run_no, std::vector<end_waiter>> awaiting_;
  timer timer_{*this};
  std::int64_t told_ms_ = 0;             ///< when those who wait were looked after last
  std::optional<pipelines_read> early_;  ///< came while the journal was being read
};

}  // namespace artel::coordination
