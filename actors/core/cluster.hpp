// The cluster's decisions: given a command and the time, which facts happen and which orders
// follow. Everything the coordinator does is decided here, without an actor, a socket or a clock. A
// decision is applied to the state at once, but nobody is told before its facts are durable: the
// caller holds the orders back until then (docs/ARCHITECTURE.md).
#pragma once

#include <map>
#include <queue>
#include <unordered_map>

#include "actors/core/limit_table.hpp"
#include "actors/core/node_table.hpp"
#include "actors/core/pool_table.hpp"
#include "actors/core/random.hpp"
#include "actors/core/render.hpp"
#include "actors/core/result_cache.hpp"
#include "actors/core/run.hpp"
#include "actors/core/run_queues.hpp"
#include "messages/dispatch.hpp"
#include "messages/report.hpp"

namespace artel::core {

/// Wall clock for the record, monotonic clock for leases; both in milliseconds.
struct moment {
  std::int64_t wall_ms = 0;
  std::int64_t steady_ms = 0;
};

/// What a worker is to be told once the facts are durable.
struct order {
  enum class kind : std::uint8_t { run, cancel, publish, discard } what = kind::run;
  std::uint32_t node = no_node;
  session_no session = 0;
  run_no run = 0;  ///< 0: a run this journal does not know; then `ref` says which attempt
  attempt_ref ref;
  std::shared_ptr<const step_plan> plan = nullptr;  ///< of `run`
  std::vector<std::string> values = {};             ///< as in step_order
  std::vector<input_blob> inputs = {};              ///< as in step_order
};

constexpr std::size_t forgotten_max = 10'000;

/// Inputs looked up for one decision; what has more goes on with the next one.
constexpr std::size_t inputs_per_decision_max = 100'000;

/// Facts in order, and the orders that follow from them.
struct decision {
  std::vector<fact> facts;
  std::vector<order> orders;
  std::size_t inputs = 0;  ///< of all these orders, and of those that had to wait
  bool empty() const { return facts.empty() && orders.empty(); }
};

struct cluster_limits {
  std::int64_t lease_ms = 3'000;
  std::uint32_t active_runs_max = 10'000;
  std::uint32_t ended_runs_kept = 50;         ///< in memory; older ones are read from the journal
  std::size_t ended_instances_kept = 20'000;  ///< step instances of these together, but the last
  std::size_t blobs_known_max = 200'000;      ///< of which it is known where else they lie
};

struct taken_over;  ///< of an earlier run: actors/core/retry.hpp

class cluster {
public:
  cluster(cluster_limits bounds, std::uint64_t seed)
      : limits_(bounds), chance_(seed), places_(bounds.blobs_known_max) {}

  // Recovery: facts as the journal gives them, in order; then `recovered` once.
  void replay_submitted(const fact& happened, submission what, std::shared_ptr<const graph> plan);
  void replay(const fact& happened);
  /// New runs are numbered after this one.
  void number_from(run_no last) { last_run_ = std::max(last_run_, last); }
  /// What follows from time alone and from the end of the facts (ready steps, skips that were not
  /// written yet).
  void recovered(moment now, decision& out);

  // Commands. Each appends to `out` and applies what it appended.
  /// `packed` is what the journal keeps of the submission (packing is not the core's business). A
  /// run id that is known already gives that run's number and no fact.
  outcome<run_no> submit(submission what, std::string packed, std::shared_ptr<const graph> plan,
                         moment now, decision& out, const taken_over* earlier = nullptr);
  /// As the fact says it: handlers run after all but a submission that was refused after all, whose
  /// key is free again.
  enum class cancel_what : std::uint8_t { steps, out_of_time, refused };
  outcome<done> cancel(run_no number, std::string reason, moment now, decision& out,
                       cancel_what how = cancel_what::steps);
  /// Nothing more of the run is started until that is undone.
  outcome<done> pause_run(run_no number, bool undo, std::string why, moment now, decision& out);
  void pause_pipeline(const std::string& name, bool undo, std::string why, moment now,
                      decision& out);
  /// Why nothing of the run is started now; "" when it is not paused.
  std::string pause_of(const run& of) const;
  /// A person ends those of the instances that have not; gives how many. What runs is stopped and
  /// its report will count no more.
  outcome<std::uint32_t> mark(run_no number, instance_range which, step_state as, std::string why,
                              moment now, decision& out);
  /// Nothing more is placed on the node, what runs there ends there; `undo` takes that back. Nodes
  /// that are lost or have left may be drained for when they come back.
  outcome<done> drain(std::string_view node, bool undo, const std::string& why, moment now,
                      decision& out);
  /// Makes a pool, or gives it another limit; none: it is no more.
  outcome<done> set_pool(const std::string& name, std::optional<std::uint32_t> limit,
                         const std::string& why, moment now, decision& out);
  const pool_table& pools() const { return pools_; }
  /// From now on so many attempts of the step may start in an hour (0: any number), or one may take
  /// so long (0: as its pipeline says); what is absent stays as it is.
  void limit_step(const std::string& pipeline, const std::string& step,
                  std::optional<std::uint64_t> per_hour, std::optional<std::uint64_t> timeout_ms,
                  const std::string& why, moment now, decision& out);
  const limit_table& limits_of_steps() const { return limits_of_steps_; }
  void report(std::uint32_t node, session_no session, std::vector<step_report> reports, moment now,
              decision& out);
  void join(std::string_view name, session_no session, hello what, moment now, decision& out);
  void leave(std::uint32_t node, moment now, decision& out);
  /// Nodes that were silent for a lease lose their attempts; returns them.
  std::vector<std::uint32_t> expire_leases(moment now, decision& out);
  /// The node is gone: its attempts crash. `why` completes "node 'n' was lost: ".
  void lose(std::uint32_t node, const std::string& why, moment now, decision& out);
  /// Restarts that are due become ready; then whatever is ready is placed where there is room.
  void place(moment now, decision& out);

  void heard(std::uint32_t node, std::int64_t steady_ms) { nodes_.heard(node, steady_ms); }
  /// We were stopped for so long ourselves: nobody could be heard, which is not their fault.
  void excuse_silence(std::int64_t ms) { nodes_.excuse_silence(ms); }
  const node_table& nodes() const { return nodes_; }
  /// Ended runs leave memory, those first that ended first, when they are too many or too large.
  /// `may`: everybody has been told of its end.
  void forget_old_runs(const std::function<bool(const run&)>& may = [](const run&) {
    return true;
  });
  /// There are runs that have not ended.
  bool is_busy() const { return !active_.empty(); }
  /// What an attempt of the instance finds; `nodes` of each are those that are there and have it.
  std::vector<input_blob> inputs_of(const run& of, instance_no instance) const;
  /// Why an attempt of the instance will never find all that it is to find.
  std::optional<trouble> refuse_inputs(const run& of, instance_no instance) const;
  /// Some of the nodes that are there and have the blob; `store`: another one that is said to have
  /// it.
  std::vector<std::string> nodes_with(const std::string& hash, const std::string& store = {}) const;
  /// All of it lies on a node that is there.
  bool has_artifacts(const made_artifacts& made) const;
  const run* find(const run_id& id) const;
  const run* find(run_no number) const;
  /// A run of that id has been here in this life, though it may have left memory: the journal may
  /// not have it yet.
  bool has_had(const run_id& id) const { return by_id_.contains(id) || forgotten_.contains(id); }
  /// The run that was submitted with the key, among those in memory.
  const run* find_by_key(const std::string& key) const;
  /// Why the run may not begin yet; "" when it may, or has begun.
  std::string queue_of(const run& of) const { return queues_.why_not(of); }
  /// Runs of a lane that have not ended.
  const std::set<run_no>& active_in(const std::string& lane) const {
    return queues_.active_in(lane);
  }
  const std::map<run_no, std::unique_ptr<run>>& runs() const { return runs_; }
  const std::map<std::string, std::string>& paused_pipelines() const { return paused_pipelines_; }
  const cluster_limits& bounds() const { return limits_; }

private:
  /// Something that is due by the monotonic clock.
  struct due_entry {
    std::int64_t steady_ms;
    enum class what : std::uint8_t { restart, wait_limit, run_limit } kind;
    run_no run;
    std::uint32_t which;  ///< instance of a restart, step of a wait limit
    std::int64_t
        wall_ms;  ///< as in the journal: of a restart when it is due, of a limit when it began
    bool operator>(const due_entry& other) const { return steady_ms > other.steady_ms; }
  };
  void note_due(const run& of, instance_no instance, moment now);
  void note_limit(due_entry::what kind, const run& of, std::uint32_t step, std::int64_t from_ms,
                  std::uint64_t length_ms, moment now);
  void note_wait(const run& of, std::uint32_t step, moment now);
  void note_deadlines(run& of, moment now);
  void end_wait(run& of, instance_no instance, moment now, decision& out);
  void act_on_time(moment now, decision& out);
  void give_up_waiting(run& of, std::uint32_t step, moment now, decision& out);

  std::map<std::pair<run_no, std::uint32_t>, std::shared_ptr<const rendered_step>> plans_;

  void take_over(run& of, const taken_over& earlier, moment now, decision& out);
  void note_pipeline_pause(const fact& what);
  void note_pool(const fact& what);
  void note_limit_set(const fact& what, std::int64_t steady_ms);
  void note_result(const fact& what);
  /// Takes the result of an earlier run if the instance may and there is one.
  bool take_from_cache(run& of, instance_no instance,
                       const std::shared_ptr<const rendered_step>& plan, moment now, decision& out);
  /// Where the result of an instance is kept; the key is "" when it can not be computed.
  struct cache_place {
    std::string key, output;
  };
  const cache_place& cache_place_of(run& of, instance_no instance, const rendered_step& told);
  void keep_result(run& of, instance_no instance, moment now, decision& out);
  void keep_artifacts(run& of, const step_report& said, std::uint32_t node, moment now,
                      decision& out);
  void forget_gone(const step_report& said);
  void note_found(const run& of, instance_no instance, std::uint32_t node);
  /// The alive node that can take it and has most of its inputs; then those inputs.
  std::uint32_t choose_node(const resource_request& asked, const std::string& use,
                            const std::vector<input_blob>& inputs) const;
  run* get(run_no number);
  run* get(const run_id& id);
  void evolve(run& of, const fact& what, std::uint32_t node);
  void happen(run& of, fact what, moment now, decision& out);
  void after_step(run& of, std::uint32_t step, moment now, decision& out);
  void after_steps(run& of, std::vector<std::uint32_t> ended, moment now, decision& out);
  void stop_held(run& of, std::uint32_t step, decision& out);
  void stop_others(run& of, std::uint32_t step, moment now, decision& out);
  void restart_group_if_due(run& of, std::uint32_t step, moment now, decision& out);
  void settle_group(run& of, std::uint32_t step, moment now, decision& out);
  bool settle_waiting(run& of, std::uint32_t step, moment now, decision& out);
  void settle_all(run& of, moment now, decision& out);
  /// Trouble when the step's texts can not be filled in.
  outcome<std::shared_ptr<const rendered_step>> plan_of(const run& of, std::uint32_t step);
  void fail_unstarted(run& of, std::uint32_t step, const std::string& why, moment now,
                      decision& out);
  void activate(run_no number);
  void free_key(const run& of);
  /// Also one that is not there now and may come back.
  bool some_node_has(const resource_request& what) const;
  bool is_paused(const run& of) const;
  bool place_ready(moment now, decision& out);
  void accept(run& of, const step_report& said, std::uint32_t node, moment now, decision& out);
  void lose_attempt(run& of, instance_no instance, std::string why, moment now, decision& out);
  void give_up_attempts_on(std::uint32_t node, const std::string& why, moment now, decision& out);
  void give_back(run& of, instance_no instance, std::string why, moment now, decision& out);
  void fail(run& of, const step_report& said, moment now, decision& out);
  void crash(run& of, instance_no instance, std::string why, moment now, decision& out,
             failure_cause cause = failure_cause::other);
  void stop_run(run& of, std::string reason, cancel_what how, moment now, decision& out);
  void end_badly(run& of, instance_no instance, fact_kind kind, std::uint32_t before,
                 std::uint32_t limit, std::string why, moment now, decision& out,
                 bool at_once = false);
  std::int64_t restart_time(run& of, std::uint32_t step, std::int64_t wait_ms, moment now,
                            std::string& why);
  void end_if_done(run& of, moment now, decision& out);
  void stop_step(run& of, std::uint32_t step, moment now, decision& out);
  void release(run& of, instance_no instance);
  /// True: an instance has ended without an attempt. Trouble when the values of one can not be
  /// computed.
  outcome<bool> place_step(run& of, std::uint32_t step,
                           const std::shared_ptr<const rendered_step>& plan, moment now,
                           decision& out);
  bool keeps_too_much() const;
  void note_ended(const run& of);

  cluster_limits limits_;
  random_source chance_;
  node_table nodes_;
  std::map<run_no, std::unique_ptr<run>> runs_;
  std::unordered_map<run_id, run_no> by_id_;
  std::unordered_map<run_id, run_no> forgotten_;  ///< the last forgotten_max that left memory
  std::deque<run_id> forgotten_order_;
  std::unordered_map<std::string, run_no> by_key_;
  std::set<run_no> active_;
  std::deque<run_no> ended_;         ///< in memory, in the order in which they ended
  std::size_t ended_instances_ = 0;  ///< of these
  run_queues queues_;
  pool_table pools_;
  limit_table limits_of_steps_;
  result_cache results_;
  artifact_places places_;
  std::unordered_map<run_no, std::unordered_map<instance_no, cache_place>> cache_places_;
  run_no last_run_ = 0;
  std::map<std::string, std::string> paused_pipelines_;  ///< who and why, by name
  std::priority_queue<due_entry, std::vector<due_entry>, std::greater<>> due_;
};

}  // namespace artel::core
