// The pump's step hosts: who starts, who gets which attempt.

#include <algorithm>

#include "actors/work/process_pump.hpp"

#include "actors/logging/events.hpp"

namespace artel::work {

/// Limits belong to a host while it runs one attempt: nobody waits in it before or behind one that
/// has some, since it would begin before the limits have changed.
host_process* process_pump::choose_host(const attempt& one) {
  const auto depth = std::max(1U, (options_.slots + options_.hosts - 1) / options_.hosts);
  const bool limited = one.plan->limits != attempt_limits{};
  host_process* best = nullptr;
  for (const auto& host : hosts_) {
    const auto waiting = host->queue.size();
    const bool free = waiting == 0 || (waiting < depth && !limited &&
                                       host->queue.back()->plan->limits == attempt_limits{});
    if (free && (best == nullptr || waiting < best->queue.size())) best = host.get();
  }
  if (best != nullptr && best->queue.empty()) return best;
  auto* fresh = start_one_more();
  return fresh != nullptr ? fresh : best;
}

host_process* process_pump::start_one_more() {
  if (hosts_.size() >= options_.hosts || now_ms() < host_start_not_before_ms_) return nullptr;
  int slot = 0;
  while (std::any_of(hosts_.begin(), hosts_.end(),
                     [slot](const auto& host) { return host->slot == slot; }))
    ++slot;
  auto started = start_host(options_.host_program, options_.environment,
                            options_.groups->make("host-" + std::to_string(++hosts_started_)), slot,
                            options_.attempts);
  if (started) {
    hosts_.push_back(*std::move(started));
    return hosts_.back().get();
  }
  // Not the attempts' fault: they wait, and so does the next try, longer each time.
  failed_starts_ = std::min(failed_starts_ + 1, 8U);
  host_start_not_before_ms_ = now_ms() + (100 << failed_starts_);
  logging::note(events::step_host_not_started, {{"reason", started.error().text}});
  return nullptr;
}

void process_pump::assign() {
  std::unordered_map<host_process*, std::vector<attempt_ptr>> given;
  while (!backlog_.empty()) {
    auto* host = choose_host(*backlog_.front());
    if (host == nullptr) break;
    host->queue.push_back(backlog_.front());
    given[host].push_back(std::move(backlog_.front()));
    backlog_.pop_front();
  }
  for (auto& [host, attempts] : given) give(*host, attempts);
}

/// Cores of the node that no running attempt has reserved go to those that take spare ones, evenly.
void process_pump::share_cores() {
  std::uint32_t reserved = 0;
  std::vector<host_process*> takers;
  for (const auto& host : hosts_) {
    if (host->queue.empty()) continue;
    const auto& plan = *host->queue.front()->plan;
    reserved += plan.cpu_milli;
    if (plan.spare_cpu && !plan.use.empty() && plan.limits.cpu_milli == 0)
      takers.push_back(host.get());
  }
  if (takers.empty()) return;
  const auto spare = (options_.cpu_milli - std::min(options_.cpu_milli, reserved)) / 1'000;
  const auto count = static_cast<std::uint32_t>(takers.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& one = *takers[i]->queue.front();
    const auto cores =
        whole_cores(one.plan->cpu_milli) + spare / count + (i < spare % count ? 1 : 0);
    if (one.cores == cores) continue;
    one.cores = cores;
    wire::append_message(takers[i]->to_host, cores_allotted{one.ref, cores});
  }
}

void process_pump::give(host_process& host, const std::vector<attempt_ptr>& attempts) {
  run_steps message;
  std::unordered_map<const step_plan*, std::uint32_t> index;
  for (const auto& one : attempts) {
    const auto next = static_cast<std::uint32_t>(message.plans.size());
    // A plan with values of secrets is one attempt's alone: they may have changed meanwhile.
    const auto [place, fresh] = index.try_emplace(one->plan.get(), next);
    if (!one->secrets.empty()) place->second = next;
    if (fresh || !one->secrets.empty()) {
      message.plans.push_back(*one->plan);
      for (const auto& [variable, value] : one->secrets) message.plans.back().env[variable] = value;
    }
    message.orders.push_back({place->second, one->ref.instance, one->ref.attempt, one->values});
  }
  wire::append_message(host.to_host, message);
  start_clock(host);
}

}  // namespace artel::work
