// The pump's clock: timeouts, the watch over what attempts use, and the way from asking an attempt
// to stop to killing it.
#include <algorithm>
#include <csignal>

#include "actors/work/process_pump.hpp"
#include "actors/work/process_tree.hpp"

namespace artel::work {

namespace {

constexpr std::int64_t watch_every_ms = 200;
constexpr std::int64_t gather_ms = 20;
constexpr std::size_t gathered_at = 64;

bool is_native(const attempt& one) { return !one.plan->use.empty(); }

std::string beyond(const char* what, std::uint64_t used, std::uint64_t limit, const char* unit) {
  return std::string("used ") + std::to_string(used) + unit + what + ", its limit is " +
         std::to_string(limit) + unit;
}

}  // namespace

/// Where every host has more to do, few reports wait for others: each by itself would cost the
/// supervisor node a transaction. A host without work is why to hurry.
bool process_pump::gathered(std::int64_t now) {
  if (reports_since_ms_ == 0) reports_since_ms_ = now;
  return reports_.size() >= gathered_at || now - reports_since_ms_ >= gather_ms ||
         hosts_.size() < options_.hosts ||
         std::any_of(hosts_.begin(), hosts_.end(),
                     [](const auto& host) { return host->queue.empty(); });
}

/// The attempt at the front runs: its time counts from now.
void process_pump::start_clock(host_process& host) {
  if (host.queue.empty()) return;
  auto& one = *host.queue.front();
  if (!one.began) {
    one.began = true;
    if (host.group != nullptr) {
      if (host.limits != one.plan->limits) host.group->limit(one.plan->limits);
      host.limits = one.plan->limits;
      if (one.plan->limits.memory_bytes != 0)
        one.memory_kills_before = host.group->killed_for_memory();
    }
    if (is_native(one) && one.plan->limits.cpu_time_ms != 0)
      one.cpu_ms_before = usage_of(host.pid, true).cpu_ms;
  }
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
  some_stop_ = true;
  wire::append_message(host->to_host, cancel_steps{{one->ref}, one->stop_reason});
}

void process_pump::check_clocks(std::int64_t now) {
  std::vector<attempt_ptr> late, overdue;
  bool stopping = false;
  const auto look_at = [&](const attempt_ptr& one) {
    stopping = stopping || one->kill_at_ms != 0;
    if (one->kill_at_ms != 0 && now >= one->kill_at_ms)
      overdue.push_back(one);
    else if (one->kill_at_ms == 0 && one->deadline_ms != 0 && now >= one->deadline_ms)
      late.push_back(one);
  };
  // Only what runs has a deadline; those behind it matter when some have been asked to stop.
  for (const auto& host : hosts_)
    for (const auto& one : host->queue) {
      look_at(one);
      if (!some_stop_) break;
    }
  some_stop_ = stopping;
  for (const auto& one : late) {
    one->timed_out = true;
    one->cause = failure_cause::timeout;
    ask_to_stop(one,
                "ran out of time: its timeout is " + std::to_string(one->plan->timeout_ms) + " ms",
                now);
  }
  for (const auto& one : overdue) kill_attempt(one);
}

/// A native step is its host; of a command, what the host has started counts.
void process_pump::watch(std::int64_t now) {
  if (now < next_watch_ms_) return;
  next_watch_ms_ = now + watch_every_ms;
  for (const auto& host : hosts_)
    if (!host->queue.empty() && host->ready) hold_against_limits(*host, host->queue.front(), now);
}

void process_pump::hold_against_limits(host_process& host, const attempt_ptr& one,
                                       std::int64_t now) {
  const auto& limits = one->plan->limits;
  const bool memory =
      limits.memory_bytes != 0 && !(host.group != nullptr && host.group->keeps_memory());
  if (!memory && limits.cpu_time_ms == 0 && limits.processes == 0) return;
  const auto used = usage_of(host.pid, is_native(*one));
  if (memory && used.memory_bytes > limits.memory_bytes)
    one->broken_limit =
        beyond(" of memory", used.memory_bytes >> 20, limits.memory_bytes >> 20, " MB");
  else if (limits.processes != 0 && used.processes > limits.processes)
    one->broken_limit = beyond("", used.processes, limits.processes, " processes");
  if (!one->broken_limit.empty()) {
    const bool of_memory = memory && used.memory_bytes > limits.memory_bytes;
    one->cause = of_memory ? failure_cause::memory : failure_cause::limit;
    return kill_attempt(one);
  }
  const auto cpu_ms = used.cpu_ms - std::min(used.cpu_ms, one->cpu_ms_before);
  if (limits.cpu_time_ms != 0 && cpu_ms > limits.cpu_time_ms && one->stop_reason.empty()) {
    one->timed_out = true;
    one->cause = failure_cause::limit;
    ask_to_stop(one, beyond(" of CPU time", cpu_ms, limits.cpu_time_ms, " ms"), now);
  }
}

void process_pump::kill_host(const host_process& host) {
  if (host.group != nullptr) host.group->kill();
  ::kill(host.pid, SIGKILL);
}

void process_pump::kill_attempt(const attempt_ptr& one) {
  host_process* host = nullptr;
  find(one->ref, &host);
  if (host == nullptr) return;
  one->kill_at_ms = now_ms() + 60'000;  // its end is on the way
  if (one->process_group != 0) ::kill(-static_cast<pid_t>(one->process_group), SIGKILL);
  // Behind another attempt it has not begun, and the host will skip it: the host itself need not
  // die.
  if (host->queue.front() == one) kill_host(*host);
}

}  // namespace artel::work
