#include "actors/work/step_host.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <mutex>

#include "actors/work/attempt_folder.hpp"
#include "actors/work/batches.hpp"
#include "actors/work/command_runner.hpp"
#include "actors/work/native_runner.hpp"
#include "actors/work/orphans.hpp"
#include "actors/work/staging.hpp"
#include "messages/instance_text.hpp"
#include "messages/wire/stream.hpp"

namespace artel::work {
namespace {

constexpr int reap_every_ms = 500;
/// A command that has run for so long is told of, with its process group. Of a shorter one nobody
/// needs it: when the host dies, the kernel kills its command, and the worker what that left.
constexpr int told_after_ms = 20;

/// SIGCHLD is blocked from here on, in the threads that are started later as well.
descriptor ends_of_children() {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  ::pthread_sigmask(SIG_BLOCK, &child, nullptr);
  return descriptor(::signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC));
}

class step_host {
public:
  step_host(int control, int slot, std::filesystem::path attempts,
            const native_step_registry& steps)
      : control_(control),
        slot_(slot),
        attempts_(std::move(attempts)),
        steps_(steps),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        children_(ends_of_children()),
        runner_(steps, attempts_, wake_.get(),
                [this](std::vector<step_report> reports) { on_ended(std::move(reports)); }) {
    ::fcntl(control_, F_SETFL, ::fcntl(control_, F_GETFL) | O_NONBLOCK);
    host_ready ready;
    for (const auto& [name, step] : steps_) ready.offers.push_back(name);
    wire::append_message(out_, ready);
  }

  int serve() {
    std::unique_lock lock(mutex_);
    while (alive_) {
      pollfd items[3] = {{control_, static_cast<short>(POLLIN | (out_.empty() ? 0 : POLLOUT)), 0},
                         {wake_.get(), POLLIN, 0},
                         {children_.get(), POLLIN, 0}};
      const int patience = command_.pid <= 0 ? -1 : told_ ? reap_every_ms : until_told_ms();
      const nfds_t count = command_.pid > 0 ? 3 : 2;
      lock.unlock();
      const int ready = ::poll(items, count, patience);
      const int problem = errno;
      lock.lock();
      if (ready < 0 && problem != EINTR) break;
      if ((items[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_control();
      if ((items[1].revents & POLLIN) != 0) woken();
      if (command_.pid > 0 && (items[2].revents & POLLIN) != 0) on_children();
      // What the command started and did not wait for is handed to us when it ends.
      if (command_.pid > 0) reap_orphans({command_.pid});
      if (command_.pid > 0 && !told_ && until_told_ms() == 0) tell_of_command();
      if (!out_.empty() && !write_some(control_, out_)) alive_ = false;
    }
    // The worker is gone: nothing that we started may stay, and a native step in progress can not
    // be waited for.
    if (command_.pid > 0) ::kill(-command_.pid, SIGKILL);
    kill_orphans({});
    ::_exit(0);
  }

private:
  using job = native_job;

  void read_control() {
    std::string data;
    read_state state = read_state::more;
    while ((state = read_some(control_, data)) == read_state::more) {
    }
    in_.add(data);
    const bool good = in_.each_frame([this](std::string_view frame) { on_frame(frame); });
    if (state == read_state::ended || !good) alive_ = false;
    start_next();
  }

  void on_frame(std::string_view frame) {
    const auto head = wire::open(frame);
    if (!head) return;
    static_cast<void>(wire::open_body(*head, [this](auto&& message) {
      using type = std::decay_t<decltype(message)>;
      if constexpr (std::is_same_v<type, run_steps>)
        on_run(message);
      else if constexpr (std::is_same_v<type, cancel_steps>)
        on_cancel(message);
      else if constexpr (std::is_same_v<type, cores_allotted>)
        on_allotted(message);
    }));
  }

  void on_run(run_steps& what) {
    std::vector<std::shared_ptr<const step_plan>> plans;
    for (auto& plan : what.plans)
      plans.push_back(std::make_shared<const step_plan>(std::move(plan)));
    for (auto& order : what.orders) {
      if (order.plan >= plans.size()) continue;
      const auto& plan = plans[order.plan];
      queue_.push_back(
          {{plan->run, order.instance, order.attempt},
           plan,
           std::make_shared<std::atomic<bool>>(false),
           std::move(order.values),
           std::make_shared<std::atomic<std::uint32_t>>(whole_cores(plan->cpu_milli))});
    }
  }

  void on_allotted(const cores_allotted& what) {
    for (auto* list : {&queue_, &native_})
      for (auto& each : *list)
        if (each.ref == what.attempt) each.cores->store(what.cores);
  }

  void on_cancel(const cancel_steps& what) {
    for (const auto& ref : what.attempts) {
      for (auto* list : {&queue_, &native_})
        for (auto& each : *list)
          if (each.ref == ref) each.cancelled->store(true);
      if (command_.pid > 0 && current_.ref == ref) {
        current_.cancelled->store(true);
        ::kill(-command_.pid, SIGTERM);
      }
    }
  }

  /// Consecutive native attempts go over as one batch; a command waits until they are done.
  void start_next() {
    std::vector<native_job> batch;
    while (!queue_.empty() && command_.pid <= 0) {
      auto& next = queue_.front();
      const bool native = !next.plan->use.empty();
      if (!native && !(native_.empty() && batch.empty())) break;
      if (native) {
        batch.push_back(next);
        native_.push_back(std::move(next));
      } else {
        current_ = std::move(next);
        start_command_of(current_);
      }
      queue_.pop_front();
    }
    if (!batch.empty()) runner_.add(std::move(batch));
  }

  void start_command_of(const job& one) {
    step_report failed{one.ref.run, one.ref.instance, one.ref.attempt, ending::failed, false, {}};
    const auto& plan = *one.plan;
    const auto number = one.ref.instance - plan.first_instance;
    command_spec spec;
    const auto folder = attempt_folder(attempts_, one.ref);
    const auto fill = [&](const std::string& text) {
      return fill_instance(text, number, one.values, folder.string());
    };
    for (const auto& word : plan.command) spec.argv.push_back(fill(word));
    for (const auto& [key, value] : plan.env) spec.env[key] = fill(value);
    spec.cwd = fill(plan.cwd);
    std::error_code none;
    const bool has_folder = plan.finds || !plan.artifacts.empty();
    if (has_folder && std::filesystem::exists(folder, none)) {
      spec.env["ARTEL_INPUTS"] = folder / "in";
      spec.env["ARTEL_ARTIFACTS"] = folder / "out";
      spec.owned.push_back(folder / "out");
    }
    spec.env["ARTEL_RUN"] = to_text(plan.run);
    spec.env["TRACEPARENT"] = trace_parent(plan.run, one.ref.instance, one.ref.attempt);
    spec.env["ARTEL_STEP"] = plan.step;
    spec.env["ARTEL_INSTANCE"] = std::to_string(number);
    spec.env["ARTEL_ATTEMPT"] = std::to_string(one.ref.attempt);
    spec.env["ARTEL_CORES"] = std::to_string(whole_cores(plan.cpu_milli));
    staging_.clear();
    if (!plan.output.empty()) {
      const std::filesystem::path output = fill_instance(plan.output, number, one.values);
      staging_ = staging_folder(output, one.ref);
      if (auto fenced = fence_earlier(output, one.ref); !fenced)
        return failed.text = fenced.error().text, report(failed);
      if (auto made = make_staging(output, one.ref); !made)
        return failed.text = made.error().text, report(failed);
      spec.env["ARTEL_OUTPUT"] = staging_.string();
      spec.env["ARTEL_PUBLISHED"] = output.string();
    }
    spec.limits = plan.limits;
    spec.user = plan.user;
    spec.slot = slot_;
    if (!staging_.empty()) spec.owned.push_back(staging_.string());
    if (one.cancelled->load()) return failed.how = ending::cancelled, report(failed);
    auto started = start_command(spec);
    if (!started) return failed.text = started.error().text, report(failed);
    command_ = *std::move(started);
    told_ = false;
    began_ = std::chrono::steady_clock::now();
  }

  int until_told_ms() const {
    const auto left =
        began_ + std::chrono::milliseconds(told_after_ms) - std::chrono::steady_clock::now();
    return std::max(0,
                    static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
  }

  void tell_of_command() {
    told_ = true;
    wire::append_message(
        out_, attempt_began{current_.ref.run, current_.ref.instance, current_.ref.attempt,
                            static_cast<std::uint32_t>(command_.pid)});
  }

  /// One signal may stand for several children.
  void on_children() {
    signalfd_siginfo info{};
    while (::read(children_.get(), &info, sizeof info) == sizeof info) {
    }
    reap_command();
  }

  void reap_command() {
    int status = 0;
    if (::waitpid(command_.pid, &status, WNOHANG) != command_.pid) return;
    // Its process group may have left children behind; the attempt ends with all of them.
    ::kill(-command_.pid, SIGKILL);
    kill_orphans({});
    command_ = {};
    step_report ended{
        current_.ref.run,       current_.ref.instance, current_.ref.attempt, ending::failed, false,
        describe_status(status)};
    if (current_.cancelled->load())
      ended.how = ending::cancelled;
    else if (ended.text.empty())
      ended.how = ending::finished, ended.staged = !staging_.empty();
    else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGXCPU && WTERMSIG(status) != SIGXFSZ)
      ended.how = ending::crashed;
    if (WIFEXITED(status) && ended.how == ending::failed)
      ended.cause = failure_cause::exit_code, ended.exit_code = WEXITSTATUS(status);
    else if (ended.how == ending::failed)
      ended.cause = failure_cause::limit;  // a signal of the kernel's: CPU time, file size
    if (ended.how != ending::finished && !staging_.empty()) discard(staging_);
    report(ended);
    start_next();
  }

  void report(const step_report& one) { wire::append_message(out_, steps_reported{{one}}); }

  /// On the runner's thread, which tells the worker itself: a turn of this one's between the two
  /// would be one more thread to wake. What waits behind native steps is started by this one.
  void on_ended(std::vector<step_report> reports) {
    const std::lock_guard lock(mutex_);
    tell_progress();
    for (const auto& one : reports) {
      const attempt_ref ref{one.run, one.instance, one.attempt};
      ARTEL_ASSERT(!native_.empty() && native_.front().ref == ref,
                   "native attempts end in the order in which they began");
      native_.pop_front();
    }
    each_batch(std::move(reports), [this](std::vector<step_report> batch) {
      wire::append_message(out_, steps_reported{std::move(batch)});
    });
    if (!write_some(control_, out_)) alive_ = false;
    if (alive_ && out_.empty() && queue_.empty()) return;
    const std::uint64_t one = 1;
    if (::write(wake_.get(), &one, sizeof one) < 0) errno = 0;  // a full eventfd wakes as well
  }

  void woken() {
    std::uint64_t count = 0;
    if (::read(wake_.get(), &count, sizeof count) < 0) errno = 0;
    tell_progress();
    start_next();
  }

  void tell_progress() {
    if (auto progress = runner_.take_progress(); !progress.empty())
      wire::append_message(out_, steps_progressed{std::move(progress)});
  }

  int control_;
  int slot_;
  std::filesystem::path attempts_;
  const native_step_registry& steps_;
  descriptor wake_;
  descriptor children_;  ///< a signalfd: one of them has ended
  std::mutex mutex_;     ///< of everything below, between the runner's thread and this one
  wire::stream_reader in_;
  std::string out_;
  std::deque<job> queue_;
  std::deque<job> native_;  ///< with the runner, in order
  job current_;             ///< of the running command
  running_command command_;
  bool told_ = false;  ///< of the command to the worker
  std::chrono::steady_clock::time_point began_{};
  std::filesystem::path staging_;
  bool alive_ = true;
  native_runner runner_;  ///< last: its thread uses the others
};

}  // namespace

int serve_step_host(int control, int slot, const std::string& attempts,
                    const native_step_registry& steps) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::signal(SIGPIPE, SIG_IGN);
  step_host host(control, slot, attempts, steps);
  return host.serve();
}

}  // namespace artel::work
