// The thread that owns a worker node's child processes: a pool of step hosts. Gives them attempts,
// reads what they say and write, holds the clock (timeouts, grace, kill) and notices when one dies.
// A crash costs the attempt that ran in the host, never the node; attempts that had not begun there
// go to another host.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/work/host_process.hpp"
#include "actors/work/secrets.hpp"

namespace artel::work {

struct pump_options {
  std::string host_program;
  std::uint32_t slots = 1;
  std::uint32_t cpu_milli = 1'000;  ///< of the node, thousandths of a core
  std::uint32_t hosts =
      1;  ///< processes; with fewer hosts than slots, attempts queue up in the hosts
  std::uint64_t output_bytes_max = 4U
                                   << 20;  ///< per attempt; what comes after is counted and dropped
  std::vector<std::string> environment;    ///< of the step hosts, "NAME=value"
  secret_store secrets;
  std::string attempts;  ///< folder below which attempts find inputs and make artifacts
  std::shared_ptr<const control_groups> groups = std::make_shared<const control_groups>();
};

/// Called on the pump's thread; must not block.
struct pump_events {
  std::function<void(attempts_ended)> ended;
  std::function<void(attempts_progressed)> progressed;
  std::function<void(attempt_wrote)> wrote;
};

class process_pump {
public:
  process_pump(pump_options options, pump_events events);
  /// Kills every host and everything it started.
  ~process_pump();

  // Any thread.
  void run(run_steps what);
  void cancel(std::vector<attempt_ref> attempts, std::string reason);
  void set_pressure(bool full);
  /// Attempts at once; where there is a host for each slot, there is one for each of the new ones.
  void set_slots(std::uint32_t slots);
  /// Ends all attempts as `returned`, then calls done.
  void give_back(std::string reason, std::function<void()> done);

private:
  using attempt_ptr = std::shared_ptr<attempt>;

  static std::int64_t now_ms();  ///< monotonic
  void post(std::function<void()> work);
  void loop();
  void wait_for_work();
  bool gathered(std::int64_t now);
  void assign();
  host_process* choose_host(const attempt& one);
  host_process* start_one_more();
  void share_cores();
  void give(host_process& host, const std::vector<attempt_ptr>& attempts);
  void on_control(host_process& host);
  void on_output(host_process& host);
  void on_reports(host_process& host, std::vector<step_report>& reports);
  void on_began(host_process& host, const attempt_began& said);
  void on_exit(std::size_t index);
  void kill_strangers();
  void finish(const attempt_ptr& one, step_report report);
  void start_clock(host_process& host);
  void check_clocks(std::int64_t now);
  void watch(std::int64_t now);
  void hold_against_limits(host_process& host, const attempt_ptr& one, std::int64_t now);
  static void kill_host(const host_process& host);
  void ask_to_stop(const attempt_ptr& one, std::string reason, std::int64_t now);
  void kill_attempt(const attempt_ptr& one);
  void tell_output(attempt& one);
  void take_output(attempt& one, std::string_view data);
  outcome<done> find_secrets(attempt& one) const;
  void tell_everything(std::int64_t now);
  void give_back_now(const std::string& reason);
  attempt_ptr find(const attempt_ref& ref, host_process** where);

  pump_options options_;
  pump_events events_;
  std::mutex mutex_;
  std::vector<std::function<void()>> queue_;
  bool stopping_ = false;
  descriptor wake_;
  std::vector<std::unique_ptr<host_process>> hosts_;
  std::deque<attempt_ptr> backlog_;  ///< not given to a host yet
  std::unordered_map<run_id, std::unordered_map<instance_no, step_progress>> progress_;
  std::vector<step_report> reports_;
  std::int64_t reports_since_ms_ = 0;  ///< the first of them is there; 0: not yet looked at
  std::int64_t next_tell_ms_ = 0;
  std::int64_t next_watch_ms_ = 0;
  std::uint64_t hosts_started_ = 0;
  std::int64_t host_start_not_before_ms_ = 0;
  std::uint32_t failed_starts_ = 0;
  bool pressure_ = false;
  bool some_stop_ = false;  ///< of the hosts' attempts: they have been asked to
  std::thread thread_;
};

}  // namespace artel::work
