#include "actors/work/process_pump.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "actors/logging/events.hpp"
#include "actors/work/batches.hpp"
#include "actors/work/command_runner.hpp"
#include "actors/work/orphans.hpp"
#include "actors/work/staging.hpp"
#include "messages/instance_text.hpp"

namespace artel::work {

std::int64_t process_pump::now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

namespace {

std::filesystem::path staging_of(const attempt& one) {
  const auto number = one.ref.instance - one.plan->first_instance;
  return staging_folder(fill_instance(one.plan->output, number, one.values), one.ref);
}

std::string beyond_memory(const attempt_limits& limits) {
  return "used more memory than its limit of " + std::to_string(limits.memory_bytes >> 20) +
         " MB and was killed by the kernel";
}

constexpr std::int64_t turn_ms = 20;
constexpr std::int64_t tell_every_ms = 100;
constexpr std::size_t output_told_at = 32U << 10;

}  // namespace

process_pump::process_pump(pump_options options, pump_events events)
    : options_(std::move(options)),
      events_(std::move(events)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { loop(); }) {}

process_pump::~process_pump() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) errno = 0;
  thread_.join();
}

void process_pump::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) return;  // a full eventfd wakes as well
}

void process_pump::run(run_steps what) {
  post([this, what = std::move(what)]() mutable {
    std::vector<std::shared_ptr<const step_plan>> plans;
    for (auto& plan : what.plans)
      plans.push_back(std::make_shared<const step_plan>(std::move(plan)));
    for (auto& order : what.orders) {
      if (order.plan >= plans.size()) continue;
      auto one = std::make_shared<attempt>();
      one->values = std::move(order.values);
      one->plan = plans[order.plan];
      one->ref = {one->plan->run, order.instance, order.attempt};
      if (const auto good = find_secrets(*one); !good)
        finish(one, {one->ref.run, one->ref.instance, one->ref.attempt, ending::failed, false,
                     good.error().text});
      else
        backlog_.push_back(std::move(one));
    }
  });
}

outcome<done> process_pump::find_secrets(attempt& one) const {
  for (const auto& [variable, name] : one.plan->secrets) {
    auto value = options_.secrets.find(name);
    if (!value) return value.error();
    one.mask.add(*value);
    one.secrets[variable] = *std::move(value);
  }
  return done{};
}

void process_pump::cancel(std::vector<attempt_ref> attempts, std::string reason) {
  post([this, attempts = std::move(attempts), reason = std::move(reason)] {
    for (const auto& ref : attempts) {
      const auto one = find(ref, nullptr);
      // Unknown: it ended meanwhile, or never came. Its end is reported either way, so that nobody
      // waits for it.
      if (!one)
        reports_.push_back({ref.run, ref.instance, ref.attempt, ending::cancelled, false, reason});
      else
        ask_to_stop(one, reason, now_ms());
    }
  });
}

void process_pump::set_slots(std::uint32_t slots) {
  post([this, slots] {
    if (options_.hosts == options_.slots) options_.hosts = slots;
    options_.slots = slots;
  });
}

void process_pump::set_pressure(bool full) {
  post([this, full] { pressure_ = full; });
}

void process_pump::give_back(std::string reason, std::function<void()> done) {
  post([this, reason = std::move(reason), done = std::move(done)] {
    give_back_now(reason);
    tell_everything(now_ms());
    done();
  });
}

process_pump::attempt_ptr process_pump::find(const attempt_ref& ref, host_process** where) {
  for (const auto& host : hosts_)
    for (const auto& one : host->queue)
      if (one->ref == ref) {
        if (where != nullptr) *where = host.get();
        return one;
      }
  for (const auto& one : backlog_)
    if (one->ref == ref) return one;
  return nullptr;
}

void process_pump::loop() {
  std::vector<std::function<void()>> work;
  for (;;) {
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      work.swap(queue_);
      stopping = stopping_;
    }
    for (auto& each : work) each();
    work.clear();
    if (stopping) break;
    assign();
    share_cores();
    for (auto& host : hosts_)
      if (!host->to_host.empty()) static_cast<void>(write_some(host->control.get(), host->to_host));
    if (!reports_.empty() && gathered(now_ms())) tell_everything(now_ms());
    wait_for_work();
    const auto now = now_ms();
    check_clocks(now);
    watch(now);
    if (now >= next_tell_ms_) tell_everything(now), next_tell_ms_ = now + tell_every_ms;
  }
  give_back_now("the node stops");
}

void process_pump::wait_for_work() {
  std::vector<pollfd> items{{wake_.get(), POLLIN, 0}};
  const auto hosts = hosts_.size();
  for (const auto& host : hosts_) {
    items.push_back({host->control.get(),
                     static_cast<short>(POLLIN | (host->to_host.empty() ? 0 : POLLOUT)), 0});
    items.push_back({pressure_ ? -1 : host->output.get(), POLLIN, 0});
    items.push_back({host->exited.get(), POLLIN, 0});
  }
  // Only clocks and coalesced output need a turn without an event.
  const bool busy = std::any_of(hosts_.begin(), hosts_.end(),
                                [](const auto& host) { return !host->queue.empty(); });
  ::poll(items.data(), items.size(), busy || !backlog_.empty() ? static_cast<int>(turn_ms) : 1'000);
  std::uint64_t count = 0;
  if ((items[0].revents & POLLIN) != 0 && ::read(wake_.get(), &count, sizeof count) < 0) errno = 0;
  for (std::size_t i = 0; i < hosts; ++i) {
    if ((items[i * 3 + 2].revents & (POLLIN | POLLHUP)) != 0) on_output(*hosts_[i]);
    if ((items[i * 3 + 1].revents & (POLLIN | POLLHUP)) != 0) on_control(*hosts_[i]);
  }
  for (std::size_t i = hosts; i-- > 0;)
    if ((items[i * 3 + 3].revents & POLLIN) != 0) on_exit(i);
}

void process_pump::on_control(host_process& host) {
  std::string data;
  while (read_some(host.control.get(), data) == read_state::more) {
  }
  if (data.empty()) return;
  host.from_host.add(data);
  const bool good = host.from_host.each_frame([&](std::string_view frame) {
    const auto head = wire::open(frame);
    if (!head) return;
    static_cast<void>(wire::open_body(*head, [&](auto&& message) {
      using type = std::decay_t<decltype(message)>;
      if constexpr (std::is_same_v<type, steps_reported>)
        on_reports(host, message.reports);
      else if constexpr (std::is_same_v<type, attempt_began>)
        on_began(host, message);
      else if constexpr (std::is_same_v<type, host_ready>)
        host.ready = true, failed_starts_ = 0;
      else if constexpr (std::is_same_v<type, steps_progressed>)
        for (auto& item : message.items) progress_[item.run][item.instance] = std::move(item);
    }));
  });
  if (!good) ::kill(host.pid, SIGKILL);  // it talks nonsense
}

void process_pump::on_began(host_process& host, const attempt_began& said) {
  for (const auto& one : host.queue)
    if (one->ref == attempt_ref{said.run, said.instance, said.attempt})
      one->process_group = said.process_group;
}

void process_pump::on_output(host_process& host) {
  std::string data;
  const auto state = read_some(host.output.get(), data);
  if (state == read_state::ended) return host.output.close();
  if (host.queue.empty() || data.empty())
    return;  // a host's own chatter between attempts belongs to nobody
  auto& one = *host.queue.front();
  take_output(one, one.mask.empty() ? data : one.mask.pass(data));
}

void process_pump::take_output(attempt& one, std::string_view data) {
  if (one.plan->use.empty())
    one.scanner.scan(data, [&](said_line said) {
      if (said.is_result)
        one.result = std::move(said.text), one.result_too_long = said.too_long;
      else
        progress_[one.ref.run][one.ref.instance] = {one.ref.run,     one.ref.instance,
                                                    one.ref.attempt, said.done,
                                                    said.total,      std::move(said.text)};
    });
  const auto held = one.output_offset + one.output.size();
  const auto room = options_.output_bytes_max > held ? options_.output_bytes_max - held : 0;
  const auto kept = std::min<std::size_t>(data.size(), room);
  one.output.append(data.substr(0, kept));
  one.output_dropped += data.size() - kept;
  if (one.output.size() >= output_told_at) tell_output(one);
}

void process_pump::on_reports(host_process& host, std::vector<step_report>& reports) {
  for (auto& report : reports) {
    const attempt_ref ref{report.run, report.instance, report.attempt};
    if (host.queue.empty() || host.queue.front()->ref != ref) continue;
    // All that it wrote is in the pipe by now; it goes out before the report does.
    pollfd item{host.output.get(), POLLIN, 0};
    for (int turn = 0;
         turn < 64 && host.output && ::poll(&item, 1, 0) > 0 && (item.revents & POLLIN) != 0;
         ++turn)
      on_output(host);
    const auto one = host.queue.front();
    host.queue.pop_front();
    finish(one, std::move(report));
  }
  start_clock(host);
}

/// All children of a worker node's process are step hosts, or were left behind by one.
void process_pump::kill_strangers() {
  std::set<pid_t> ours;
  for (const auto& host : hosts_) ours.insert(host->pid);
  kill_orphans(ours);
}

void process_pump::finish(const attempt_ptr& one, step_report report) {
  if (!one->mask.empty()) {
    take_output(*one, one->mask.finish());
    report.text = one->mask.mask(report.text);
  }
  if (one->output_dropped != 0) {
    one->output += "\n[" + std::to_string(one->output_dropped) +
                   " bytes of output dropped: more than " +
                   std::to_string(options_.output_bytes_max) + "]\n";
  }
  tell_output(*one);
  if (const auto board = progress_.find(one->ref.run); board != progress_.end()) {
    board->second.erase(one->ref.instance);
    if (board->second.empty()) progress_.erase(board);
  }
  if (!one->broken_limit.empty()) {
    report.how = ending::crashed;
    report.text = one->broken_limit;
    report.cause = one->cause;
  } else if (one->timed_out) {
    report.how = ending::failed;
    report.text = one->stop_reason;
    report.cause = one->cause;
  } else if (!one->stop_reason.empty() && report.how != ending::finished) {
    report.how = ending::cancelled;
    report.text = one->stop_reason;
  } else if (report.how == ending::finished && report.text.empty()) {
    report.text = std::move(one->result);
  }
  if (report.how == ending::finished &&
      (one->result_too_long || report.text.size() > result_bytes_max)) {
    report.how = ending::failed;
    report.text = "the result has more than " + std::to_string(result_bytes_max) +
                  " bytes; write it to a file in the output instead";
  }
  if (report.how != ending::finished && !one->plan->output.empty()) discard(staging_of(*one));
  report.staged = report.staged && report.how == ending::finished;
  reports_.push_back(std::move(report));
}

void process_pump::on_exit(std::size_t index) {
  auto host = std::move(hosts_[index]);
  hosts_.erase(hosts_.begin() + static_cast<std::ptrdiff_t>(index));
  on_control(*host);  // its last words first
  int status = 0;
  ::waitpid(host->pid, &status, 0);
  kill_strangers();
  const auto how = describe_status(status);
  if (!host->ready) {
    failed_starts_ = std::min(failed_starts_ + 1, 8U);
    host_start_not_before_ms_ = now_ms() + (100 << failed_starts_);
  }
  logging::note(events::step_host_died, {{"pid", host->pid},
                                         {"attempts", host->queue.size()},
                                         {"reason", how.empty() ? "it ended by itself" : how}});
  if (host->queue.empty()) return;
  if (host->output) on_output(*host);
  const auto one = host->queue.front();
  host->queue.pop_front();
  // What its command started does not die with the host: it is handed to us.
  if (one->process_group != 0) ::kill(-static_cast<pid_t>(one->process_group), SIGKILL);
  if (one->broken_limit.empty() && host->group && one->plan->limits.memory_bytes != 0 &&
      host->group->killed_for_memory() > one->memory_kills_before)
    one->broken_limit = beyond_memory(one->plan->limits), one->cause = failure_cause::memory;
  if (host->ready || !one->stop_reason.empty())
    finish(one, {one->ref.run, one->ref.instance, one->ref.attempt, ending::crashed, false,
                 "the step host died: " + (how.empty() ? "it ended by itself" : how)});
  else
    host->queue.push_front(one);
  // Those behind it had not begun: back to the front of the line, in order.
  for (const auto& each : host->queue) each->cores = 0;
  backlog_.insert(backlog_.begin(), host->queue.begin(), host->queue.end());
}

void process_pump::tell_output(attempt& one) {
  if (one.output.empty()) return;
  const auto size = one.output.size();
  events_.wrote({{one.ref.run, one.ref.instance, one.ref.attempt, one.output_offset,
                  bytes{std::exchange(one.output, {})}}});
  one.output_offset += size;
}

void process_pump::tell_everything(std::int64_t) {
  for (const auto& host : hosts_)
    if (!host->queue.empty() && !pressure_) tell_output(*host->queue.front());
  attempts_progressed progressed;
  for (auto& [run, items] : progress_)
    for (auto& [instance, item] : items) progressed.items.push_back(std::move(item));
  progress_.clear();
  if (!progressed.items.empty()) events_.progressed(std::move(progressed));
  reports_since_ms_ = 0;
  each_batch(std::exchange(reports_, {}),
             [this](std::vector<step_report> batch) { events_.ended({std::move(batch)}); });
}

void process_pump::give_back_now(const std::string& reason) {
  const auto give = [&](const attempt_ptr& one) {
    tell_output(*one);
    if (!one->plan->output.empty()) discard(staging_of(*one));
    reports_.push_back(
        {one->ref.run, one->ref.instance, one->ref.attempt, ending::returned, false, reason});
  };
  for (const auto& host : hosts_) {
    kill_host(*host);
    for (const auto& one : host->queue)
      if (one->process_group != 0) ::kill(-static_cast<pid_t>(one->process_group), SIGKILL);
    ::waitpid(host->pid, nullptr, 0);
    for (const auto& one : host->queue) give(one);
  }
  hosts_.clear();
  kill_strangers();
  for (const auto& one : backlog_) give(one);
  backlog_.clear();
}

}  // namespace artel::work
