// What the coordinator does, without an actor: messages go in; facts for the journal, words for the
// bridge and answers to people come out through its doors. It holds all run machines and keeps the
// first rule of the house: nobody hears of anything before it is durable. The coordinator actor
// gives it a mailbox; the simulation gives it a world in which everything fails.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>

#include "actors/coordination/effects.hpp"
#include "actors/coordination/plan_cache.hpp"
#include "actors/core/celery_book.hpp"
#include "actors/core/change_book.hpp"
#include "actors/core/history_book.hpp"
#include "actors/core/projection.hpp"
#include "actors/core/retry.hpp"
#include "actors/core/schedule_book.hpp"

namespace artel::coordination {

/// Why a run was cancelled whose submission was refused after it had become a fact.
constexpr const char* refused_while_stalled = "refused while the journal could not be written";
/// Why no other run may have that id.
trouble burnt(const run_id& run);

/// The ways out. None may call back into the core before it has returned.
struct coordinator_doors {
  std::function<void(append_facts)> journal;
  std::function<void(to_bridge)> bridge;
  /// Has the journal this run? `then` is called later, with trouble when the journal does not
  /// answer.
  using known_then = std::function<void(outcome<std::optional<run_id>>)>;
  std::function<void(const artel::knows_run&, known_then then)> knows_run;
  std::function<core::moment()> now;  ///< wall and monotonic clock
};

struct coordinator_settings {
  core::cluster_limits limits;
  std::uint32_t heartbeat_ms = 500;
  std::uint64_t seed = 1;
  std::uint64_t epoch = 0;      ///< of this life: batches of an earlier one mean nothing here
  node_name own_name = {};      ///< of the supervisor node
  bool celery_metrics = false;  ///< also under celery-exporter's names
};

/// What the audit log is to say of a submission.
struct change_note {
  note_change what;
  bool kept = false;  ///< it is among the facts
};
using change_note_ptr = std::shared_ptr<change_note>;

class coordinator_core {
public:
  coordinator_core(coordinator_settings what, coordinator_doors doors);

  /// First of all, once. Throws std::runtime_error when the facts can not be understood.
  void recover(const recovered_facts& all);

  // From the bridge.
  void on_hello(node_hello& said);
  void on_reported(node_reported& said);
  void on_progressed(node_progressed& said);
  void on_heard(const nodes_heard& said);
  void on_left(const node_left& said);
  void on_unreachable(const node_unreachable& said);
  /// Leases, restarts that are due, placement, schedules.
  void on_tick();
  /// How long on_tick may wait from now on, should nothing else happen.
  std::chrono::milliseconds pause() const;

  // From the pipeline keeper.
  void on_pipelines(const pipelines_read& said);

  // From the journal keeper.
  void on_durable(const facts_durable& upto);
  void on_stalled(const journal_stalled& said);

  // From people. `to` is called once, when what is answered is durable.
  /// `note`: kept in the transaction of the run, when it becomes one; then it says so.
  void submit(submit_run what, answer_to to, change_note_ptr note = nullptr);
  void cancel(const cancel_run& what, answer_to to);
  void drain(const drain_node& what, answer_to to);
  void pause(const pause_work& what, answer_to to);
  void set_pool(const artel::set_pool& what, answer_to to);
  void limit(const limit_step& what, answer_to to);
  void mark(const mark_step& what, answer_to to);
  /// `earlier` is the run that is tried again; it need not be in memory.
  void retry(retry_run what, const core::run& earlier, answer_to to);
  void list_schedules(const artel::list_schedules& what, answer_to to);
  void preview(const preview_schedule& what, answer_to to);
  void start(const start_planned& what, answer_to to);
  /// Answers behind everything that is not durable yet.
  void answer(answer_to to, admin_answer what);

  /// Nobody is told anything any more: the actor ends.
  void forget_effects() { effects_.clear(); }

  const core::cluster& state() const { return cluster_; }
  const core::progress_board& board() const { return board_; }
  const core::schedule_book& schedules() const { return schedules_; }
  const core::metrics_book& counts() const { return counts_; }
  const core::change_book& changes() const { return changes_; }
  const core::history_book& history() const { return history_; }
  /// Of this coordinator; another one has another number.
  std::uint64_t life() const { return settings_.seed + settings_.epoch; }
  /// By name; empty: the pipeline is in no file of this node.
  const std::map<std::string, pipeline_file>& pipelines() const { return files_; }
  /// Of a schedule; empty: it is not known.
  std::string pipeline_of(const std::string& schedule) const {
    const auto found = deployed_.find(schedule);
    return found == deployed_.end() ? std::string() : found->second.plan->definition.name;
  }
  /// None: nobody asked for metrics of these names.
  const std::optional<core::celery_book>& celery() const { return celery_; }
  /// By id, unique beginning of one, or "last", among the runs in memory.
  outcome<const core::run*> find_run(const std::string& text) const;
  std::uint64_t durable() const { return durable_; }
  bool all_durable() const { return durable_ >= batch_; }
  /// Runs whose end has become durable since this was asked last.
  std::vector<core::run_no> take_ended();
  /// The run has ended, and that is durable.
  bool has_ended(const core::run& of) const;
  std::size_t effects_held() const { return effects_.size(); }

private:
  void accept(submit_run& what, answer_to to, change_note_ptr note);
  /// Becomes a run, or an answer that says why not.
  void start(core::submission said, std::shared_ptr<const core::graph> plan,
             const core::taken_over* earlier, answer_to to, change_note_ptr note = nullptr);
  /// The same, unless the journal has a run of that id, which is then the answer.
  void start_unless_known(core::submission said, std::shared_ptr<const core::graph> plan,
                          std::shared_ptr<const core::taken_over> earlier, answer_to to);
  /// Of the runs in memory none is of that pipeline, or none of them has that step.
  struct names_known {
    bool pipeline = false, step = false;
    std::vector<std::string> steps;
  };
  names_known look_for(const std::string& pipeline, const std::string& step) const;
  /// A step takes of a pool that is not there, or more than there is.
  std::optional<trouble> refuse_pools(const core::graph& plan) const;
  void refuse_while_stalled(answer_to to);
  void start_due(core::moment now);
  bool start_planned_times(const core::schedule_book::entry& due, core::moment now);
  std::string make_way(const schedule_definition& rule, bool missed, core::submission& run,
                       core::moment now, core::decision& decided);
  outcome<core::submission> planned_run(const schedule_definition& what, const pipeline_file& file,
                                        std::int64_t planned_ms,
                                        const std::string& planned_text) const;
  outcome<const core::schedule_book::entry*> find_schedule(const std::string& name) const;
  void change_done(core::decision decided, std::string text, answer_to to);
  /// Journals the decision's facts and queues what follows from them.
  void act(core::decision decided, effect also = {});
  void release(effect& due);
  void refuse_pending_submissions(const std::string& why);
  bool is_alive(const node_hello& said) const;
  bool is_rival(const node_hello& said, core::moment now) const;

  coordinator_settings settings_;
  coordinator_doors doors_;
  core::cluster cluster_;
  core::progress_board board_;
  core::schedule_book schedules_;
  core::metrics_book counts_;
  std::optional<core::celery_book> celery_;
  core::change_book changes_;
  core::history_book history_;
  std::map<std::string, pipeline_file> deployed_;  ///< by schedule
  std::map<std::string, pipeline_file> files_;     ///< by pipeline
  std::vector<std::string> problems_;              ///< of pipeline files
  plan_cache plans_;                               ///< of texts that were submitted
  bool held_ = false;                              ///< there are too many runs for one that is due
  std::deque<effect> effects_;
  std::uint64_t batch_ = 0;
  std::uint64_t durable_ = 0;
  std::string stalled_;
  struct hello_taken {
    session_no session, bridge;
    std::uint64_t number;
  };
  std::map<node_name, hello_taken> joined_;  ///< the last one of each node
  std::int64_t ticked_ms_ = 0;
  run_id newest_;  ///< the journal has no run with an id above it
  std::deque<std::pair<std::uint64_t, core::run_no>> ended_;  ///< with the batch of that fact
};

}  // namespace artel::coordination
