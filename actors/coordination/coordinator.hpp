// The coordinator: the one actor that holds all run machines. Its handlers translate messages into
// core commands, hand the facts to the journal keeper and release what follows from them once they
// are durable. It decides nothing itself.
#pragma once

#include <caf/event_based_actor.hpp>
#include <deque>
#include <functional>
#include <map>

#include "actors/coordination/effects.hpp"
#include "actors/core/projection.hpp"
#include "actors/directory.hpp"

namespace artel::coordination {

struct coordinator_options {
  directory_ptr names;
  core::cluster_limits limits;
  std::uint32_t heartbeat_ms = 500;
  std::uint64_t seed = 1;
  std::function<core::moment()> now;  ///< wall and monotonic clock
  std::string version;
};

class coordinator : public caf::event_based_actor {
public:
  coordinator(caf::actor_config& config, coordinator_options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "coordinator"; }

private:
  void recover();
  void on_recovered(recovered_facts& all);
  caf::behavior working();

  void on_hello(node_hello& said);
  void on_reported(node_reported& said);
  void on_progressed(node_progressed& said);
  void on_heard(const nodes_heard& said);
  void on_left(const node_left& said);
  void on_tick();
  void on_durable(const facts_durable& upto);
  void on_stalled(const journal_stalled& said);

  caf::response_promise on_ask(ask_coordinator& ask);
  void submit(submit_run& what, caf::response_promise asker);
  void accept(submit_run& what, caf::response_promise asker);
  void cancel(const cancel_run& what, caf::response_promise asker);
  void list(const list_runs& what, caf::response_promise asker);
  void show(const show_run& what, caf::response_promise asker);
  void explain(const explain_step& what, caf::response_promise asker);
  caf::response_promise find(const read_log& what);
  static attempt_found find_in(const core::run& of, const read_log& what);
  /// Calls then(cluster, run) with a run that left memory, folded again from its facts; else
  /// refuses.
  using past_run = std::function<void(const core::cluster&, const core::run&)>;
  void with_past_run(const std::string& id, const trouble& missing, past_run then,
                     std::function<void(refused)> refuse);

  /// Journals the decision's facts and queues what follows from them.
  void act(core::decision decided, effect also = {});
  /// Answers behind everything that is not durable yet.
  void answer(caf::response_promise asker, admin_answer what);
  void release(effect& due);
  outcome<const core::run*> find_run(const std::string& text) const;
  void refuse_pending_submissions(const std::string& why);

  template <class Message>
  void tell(const char* who, Message message);

  coordinator_options options_;
  core::cluster cluster_;
  core::progress_board board_;
  std::deque<effect> effects_;
  std::uint64_t batch_ = 0;
  std::uint64_t durable_ = 0;
  std::string stalled_;
  std::map<node_name, std::pair<session_no, std::uint64_t>> joined_;  ///< last hello taken, by node
  std::uint64_t epoch_;  ///< of this life: batches of an earlier one mean nothing here
  std::int64_t ticked_ms_ = 0;
};

}  // namespace artel::coordination
