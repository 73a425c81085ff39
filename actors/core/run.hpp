// A run's state and how facts change it. `evolve` may not refuse: it is also what recovery replays,
// so the same facts give the same state, byte for byte. What should happen next is not here but in
// cluster.hpp.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include "actors/core/artifacts.hpp"
#include "actors/core/fact.hpp"
#include "actors/core/graph.hpp"
#include "actors/core/restart_budget.hpp"
#include "actors/core/trigger.hpp"
#include "messages/fields.hpp"
#include "messages/states.hpp"

namespace artel::core {

/// What run_submitted keeps: enough to compile the pipeline again after a crash.
struct submission {
  run_id run;
  std::string name;  ///< of the pipeline
  std::uint32_t instances = 0;
  std::string pipeline;  ///< text of the YAML file
  std::string file;
  std::map<std::string, std::string> params;  ///< with defaults filled in
  std::string by;
  std::map<std::string, std::string> origin;  ///< what else brought it about, e.g. retry_of
  ARTEL_FIELDS(submission, run, name, instances, pipeline, file, params, by, origin);
};

constexpr std::uint32_t no_node = ~0U;

/// One step instance. Small: a run may have a million of them.
struct step_instance {
  step_state state = step_state::waiting;
  std::uint16_t failures = 0;
  std::uint16_t crashes = 0;
  std::uint16_t memory_kills = 0;  ///< of the crashes
  attempt_no attempt = 0;
  std::uint32_t node = no_node;  ///< index into the node table while an attempt is out
  session_no session = 0;        ///< of the node's process that was given the attempt
  std::int64_t due_ms = 0;       ///< when backing off: restart not before
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;
  friend bool operator==(const step_instance&, const step_instance&) = default;
};

/// A step's instances counted by state, and which of them could start.
struct step_tally {
  std::array<std::uint32_t, step_state_count> by_state{};
  needs_tally needs;
  /// Opened once, when the trigger rule holds and `when` is true; shut when `when` is false or can
  /// not be computed.
  enum class gate : std::uint8_t { closed, open, shut, broken } starts = gate::closed;
  std::int64_t opened_ms = 0;         ///< wall clock
  std::string why_not;                ///< for a gate that is shut or broken
  std::uint32_t not_reached = 0;      ///< of the skipped: because something needed failed
  instance_no fresh = 0;              ///< instances from here on have never been started
  std::deque<instance_no> restarted;  ///< ready again after a restart, in order
  std::uint32_t restarts = 0;
  friend bool operator==(const step_tally&, const step_tally&) = default;

  std::uint32_t count(step_state state) const { return by_state[static_cast<std::size_t>(state)]; }
  std::uint32_t ended() const {
    std::uint32_t sum = 0;
    for (auto i = static_cast<std::size_t>(step_state::succeeded); i < step_state_count; ++i)
      sum += by_state[i];
    return sum;
  }
};

/// Where the instances of a step lie among those of the run.
struct instance_range {
  instance_no first = 0;
  std::uint32_t count = 0;
};

/// What has become of a group that is restarted as a whole.
struct group_state {
  std::uint32_t open = 0;   ///< members that have not ended
  bool restarting = false;  ///< a member waits for its restart
  std::uint32_t from = 0;   ///< then members from this place on start anew with it
  bool failed = false;      ///< a member has, for good: what the others do is of no use any more
  std::uint32_t restarts = 0;
  friend bool operator==(const group_state&, const group_state&) = default;
};

class run {
public:
  run(run_no number, submission what, std::shared_ptr<const graph> plan, std::int64_t submitted_ms);

  /// `node` is the index of the node that a step_started names.
  void evolve(const fact& happened, std::uint32_t node = no_node);
  /// backing_off → ready: not a fact, since it follows from due_ms and the time.
  void make_ready(instance_no instance);

  run_no number() const { return number_; }
  const submission& submitted() const { return submission_; }
  const graph& plan() const { return *graph_; }
  run_state state() const { return state_; }
  bool cancel_requested() const { return cancel_requested_; }
  /// Cancelling once more would change nothing: it ends `steps`, and when these have ended, the
  /// handlers.
  bool cancel_taken() const { return steps_ended() ? cancel_handlers_ : cancel_requested_; }
  /// All of `steps` has ended, handlers may be left.
  bool steps_ended() const { return open_[0] == 0; }
  std::int64_t submitted_ms() const { return submitted_ms_; }
  std::int64_t ended_ms() const { return ended_ms_; }
  const std::string& reason() const { return reason_; }
  /// Numbers below this name an instance, or one that has made way for those of a mapped step.
  instance_no numbers() const { return static_cast<instance_no>(instances_.size()); }
  /// A mapped step has one that waits, until its list is known.
  std::uint32_t instance_count() const { return total_; }
  instance_range instances_of(std::uint32_t step) const { return ranges_[step]; }
  std::uint32_t step_of(instance_no i) const;
  /// Its list is known, and with it its instances.
  bool is_mapped(std::uint32_t step) const { return items_.contains(step); }
  /// "name" or "name[3]".
  std::string instance_name(instance_no i) const;
  /// What the `number`th instance of a mapped step stands for.
  const any_value& item(std::uint32_t step, std::uint32_t number) const;
  const step_definition& definition_of(instance_no i) const {
    return graph_->definition.steps[step_of(i)];
  }
  const step_instance& at(instance_no i) const { return instances_[i]; }
  /// An attempt of it is out.
  bool is_out(instance_no i) const {
    return instances_[i].state == step_state::running ||
           instances_[i].state == step_state::publishing;
  }
  const step_tally& tally(std::uint32_t step) const { return tallies_[step]; }
  std::uint32_t ended_instances() const { return ended_; }
  std::uint32_t restarts() const;
  bool all_ended() const { return ended_ == total_; }
  /// Who paused it and why; "" when nobody did.
  const std::string& paused() const { return paused_; }
  /// A later submission with the same key is this run; "" when it has none.
  std::string key() const { return origin("key"); }
  std::int32_t priority() const;
  /// An attempt of it has been started.
  bool begun() const { return begun_; }
  /// Runs of one lane wait for each other, as their lane_limit says; "" when it is in none.
  const std::string& lane() const { return lane_; }
  /// It begins when fewer runs of its lane have begun and not ended; 0: at any time.
  std::uint32_t lane_limit() const { return lane_limit_; }
  /// What else brought it about: schedule, planned, …; "" when it has none of that name.
  std::string origin(const std::string& name) const;
  /// The run whose outcome it takes over; "" when it is no retry.
  std::string retry_of() const { return origin("retry_of"); }
  /// What a person has to say of how it ended; "" mostly.
  const std::string& note_of(instance_no i) const;
  /// Result or error text of an instance; "" when there is none.
  const std::string& text_of(instance_no i) const;
  /// What the instance has made; nullptr when nothing.
  const made_artifacts* artifacts_of(instance_no i) const {
    const auto found = artifacts_.find(i);
    return found == artifacts_.end() ? nullptr : &found->second;
  }
  restart_budget& budget() { return budget_; }
  /// Of the step's group; nullptr when it is in none.
  restart_budget* group_budget(std::uint32_t step) {
    const auto group = graph_->nodes[step].group;
    return group == no_group ? nullptr : &group_budgets_[group];
  }
  const group_state& group(std::uint32_t index) const { return groups_[index]; }
  /// It is to start anew with a member of its group: nothing of it starts before that, and what
  /// runs is stopped.
  bool held(std::uint32_t step) const {
    const auto group = graph_->whole_group_of(step);
    return group != no_group && groups_[group].restarting &&
           graph_->nodes[step].place >= groups_[group].from;
  }
  /// Its restarts are used up, or the rules of one of its members did not allow for one.
  bool group_failed(std::uint32_t step) const {
    const auto group = graph_->whole_group_of(step);
    return group != no_group && groups_[group].failed;
  }
  /// The first instance of the group that waits for its restart, if any.
  std::optional<instance_no> culprit_of(std::uint32_t group) const;
  /// The wait of an instance of a group that is restarted as a whole is over. As make_ready, no
  /// fact.
  void note_waited(instance_no i) { waited_.insert(i); }
  /// All waits are over, and nothing that is to start anew still runs.
  bool group_can_restart(std::uint32_t group) const;
  /// Instances whose end a restart of the group takes back.
  std::uint32_t ends_taken_back(std::uint32_t group) const;
  /// How it ends if it ends now; the reason when a step is to blame.
  run_state verdict(std::string& reason) const;
  /// The same without the handlers; known when steps_ended().
  run_state verdict_of_steps(std::string& reason) const;
  /// Since this was asked last, handlers may start or are to be skipped.
  bool take_stage_ended() { return std::exchange(stage_ended_, false); }
  /// What the next attempt of the instance asks for: more memory after some that had too little.
  /// `more` such attempts beside those that there were.
  resource_request resources_of(instance_no i, std::uint32_t more = 0) const;
  std::uint64_t memory_of(instance_no i, std::uint64_t base, std::uint32_t more = 0) const;
  /// What expressions read of a step. Made once when it has ended: each of 100,000 instances may
  /// read one of 100,000 results.
  std::shared_ptr<const any_value> outcome_of(std::uint32_t step) const;
  /// Steps that may start since this was asked last.
  std::vector<std::uint32_t> take_opened() { return std::exchange(opened_, {}); }

  /// Steps with instances that could start now, in the pipeline's order.
  const std::set<std::uint32_t>& ready_steps() const { return ready_steps_; }
  /// Next instance of the step that may start now, if any.
  std::optional<instance_no> next_ready(std::uint32_t step) const;
  /// How the step has ended as a whole.
  step_end end_of(std::uint32_t step) const;
  /// Did the step end such that what needs it may go on?
  bool satisfied(std::uint32_t step) const {
    const auto end = end_of(step);
    return end == step_end::succeeded || end == step_end::forgiven;
  }
  /// What is to become of instances that still wait.
  trigger_says waiting_says(std::uint32_t step) const;
  /// Nothing of the step starts any more, what runs is stopped.
  bool stops(std::uint32_t step) const {
    const auto& tally = tallies_[step];
    const bool handler = graph_->definition.steps[step].section != step_section::steps;
    return (handler ? cancel_handlers_ : cancel_requested_) || group_failed(step) ||
           (graph_->definition.steps[step].fail_fast &&
            tally.count(step_state::failed) + tally.count(step_state::poisoned) != 0);
  }
  /// One of those that run at once may be added.
  bool may_run_more(std::uint32_t step) const {
    const auto most = graph_->definition.steps[step].max_parallel;
    const auto& tally = tallies_[step];
    return most == 0 ||
           tally.count(step_state::running) + tally.count(step_state::publishing) < most;
  }
  /// Its trigger rule holds and so does its condition.
  bool may_start(std::uint32_t step) const {
    return tallies_[step].starts == step_tally::gate::open;
  }

  friend bool operator==(const run& a, const run& b) {
    return a.number_ == b.number_ && a.submission_ == b.submission_ && a.state_ == b.state_ &&
           a.cancel_requested_ == b.cancel_requested_ && a.instances_ == b.instances_ &&
           a.tallies_ == b.tallies_ && a.groups_ == b.groups_ && a.texts_ == b.texts_ &&
           a.notes_ == b.notes_ && a.artifacts_ == b.artifacts_ && a.paused_ == b.paused_ &&
           a.reason_ == b.reason_;
  }

private:
  void change(instance_no i, step_state to);
  void end_step_if_done(std::uint32_t step);
  void close_step(std::uint32_t step);
  void end_group(std::uint32_t group);
  void note_group(std::uint32_t step);
  void restart_group(std::uint32_t group);
  void rewind(std::uint32_t step);
  void unmap(std::uint32_t step);
  bool stays_ended(instance_no i) const;
  void open_gate(std::uint32_t step);
  trigger_says section_says(std::uint32_t step) const;
  run_state verdict_of(bool handlers, std::string& reason) const;
  bool expand(std::uint32_t step);
  void note_ready(std::uint32_t step);
  void skip_ended(std::uint32_t step);
  void evolve_step(const fact& happened, std::uint32_t node);
  void set_text(instance_no i, std::string text);
  void end_by_person(const fact& happened);
  void end_from_cache(const fact& happened);
  void end_badly(const fact& happened);

  run_no number_;
  submission submission_;
  std::string lane_;
  std::uint32_t lane_limit_ = 0;
  std::shared_ptr<const graph> graph_;
  run_state state_ = run_state::running;
  bool cancel_requested_ = false;
  bool cancel_handlers_ = false;
  bool timed_out_ = false;
  bool begun_ = false;
  /// Steps that have not ended, by stage: `steps`, on_success and on_failure, on_exit.
  std::array<std::uint32_t, 3> open_{};
  bool stage_ended_ = false;
  std::int64_t submitted_ms_;
  std::int64_t ended_ms_ = 0;
  std::string reason_;
  std::vector<step_instance> instances_;
  std::vector<instance_range> ranges_;  ///< of each step
  /// First instance and step of what was mapped, in that order: it lies behind the instances of
  /// the graph.
  std::vector<std::pair<instance_no, std::uint32_t>> mapped_;
  std::unordered_map<std::uint32_t, instance_range>
      spare_;  ///< numbers of an earlier list, by step
  std::unordered_map<std::uint32_t, std::shared_ptr<const any_value>> items_;  ///< by step
  std::uint32_t total_ = 0;
  std::vector<step_tally> tallies_;
  std::unordered_map<instance_no, std::string> texts_;
  std::unordered_map<instance_no, std::string> notes_;
  std::unordered_map<instance_no, made_artifacts> artifacts_;
  std::string paused_;
  std::uint32_t ended_ = 0;
  std::set<std::uint32_t> ready_steps_;  ///< follows from the tallies
  std::vector<std::uint32_t> opened_;
  std::vector<std::uint32_t> closing_;
  /// Of steps that have ended and were asked for; follows from the rest.
  mutable std::unordered_map<std::uint32_t, std::shared_ptr<const any_value>> outcomes_;
  restart_budget budget_;
  std::vector<group_state> groups_;  ///< as those of the graph
  std::vector<restart_budget> group_budgets_;
  std::set<instance_no> by_person_;  ///< whose end no restart takes back
  std::set<instance_no> waited_;     ///< follows from time
  std::int64_t now_ms_;              ///< of the fact that is being applied
};

}  // namespace artel::core
