// The pump's clock: timeouts, and the way from asking an attempt to stop to killing it.
#include <csignal>

#include "actors/work/process_pump.hpp"

namespace artel::work {

/// The attempt at the front runs: its time counts from now.
void process_pump::start_clock(host_process& host) {
  if (host.queue.empty()) return;
  auto& one = *host.queue.front();
  if (one.plan->timeout_ms != 0 && one.deadline_ms == 0)
    one.deadline_ms = now_ms() + static_cast<std::int64_t>(one.plan->timeout_ms);
}

void process_pump::ask_to_stop(const attempt_ptr& one, std::string reason, std::int64_t now) {
  if (!one->stop_reason.empty()) return;
  one->stop_reason = std::move(reason);
  host_process* host = nullptr;
  find(one->ref, &host);
  if (host == nullptr) {  // not even given to a host
    std::erase(backlog_, one);
    return finish(
        one, {one->ref.run, one->ref.instance, one->ref.attempt, ending::cancelled, false, {}});
  }
  one->kill_at_ms = now + one->plan->grace_ms;
  wire::append_message(host->to_host, cancel_steps{{one->ref}, one->stop_reason});
}

void process_pump::check_clocks(std::int64_t now) {
  std::vector<attempt_ptr> late, overdue;
  for (const auto& host : hosts_)
    for (const auto& one : host->queue) {
      if (one->kill_at_ms != 0 && now >= one->kill_at_ms)
        overdue.push_back(one);
      else if (one->kill_at_ms == 0 && one->deadline_ms != 0 && now >= one->deadline_ms)
        late.push_back(one);
    }
  for (const auto& one : late) {
    one->timed_out = true;
    ask_to_stop(one,
                "ran out of time: its timeout is " + std::to_string(one->plan->timeout_ms) + " ms",
                now);
  }
  for (const auto& one : overdue) kill_attempt(one);
}

void process_pump::kill_attempt(const attempt_ptr& one) {
  host_process* host = nullptr;
  find(one->ref, &host);
  if (host == nullptr) return;
  one->kill_at_ms = now_ms() + 60'000;  // its end is on the way
  if (one->process_group != 0) ::kill(-static_cast<pid_t>(one->process_group), SIGKILL);
  // Behind another attempt it has not begun, and the host will skip it: the host itself need not
  // die.
  if (host->queue.front() == one) ::kill(host->pid, SIGKILL);
}

}  // namespace artel::work
