// up and run: the whole system on this host from one command.
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "config/quantities.hpp"
#include "nodes/artel/run.hpp"
#include "nodes/artel/watch.hpp"

namespace artel::cli {
namespace {

/// SIGINT, SIGTERM and SIGHUP as something to ask about; they must be blocked.
class interrupt_flag {
public:
  interrupt_flag() {
    sigset_t set;
    sigemptyset(&set);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, each);
    descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~interrupt_flag() { ::close(descriptor_); }
  bool raised() {
    signalfd_siginfo info{};
    return raised_ = raised_ || ::read(descriptor_, &info, sizeof info) == sizeof info;
  }
  void wait(int ms) const {
    pollfd item{descriptor_, POLLIN, 0};
    ::poll(&item, 1, ms);
  }

private:
  int descriptor_;
  bool raised_ = false;
};

/// Starts nodes here unless some answer already, or somebody else is just starting them.
outcome<done> start_or_join(const context& cli, const up_options& what, launcher& ours) {
  constexpr auto patience = std::chrono::seconds(20);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (cluster_answers(cli)) return done{};
    const auto lock = nodes::lock_folder(cli.data, "start");
    if (lock) {
      auto good = cluster_answers(cli) ? outcome<done>(done{}) : ours.start(cli, what);
      ::close(*lock);
      return good;
    }
    const bool late = std::chrono::steady_clock::now() > deadline;
    if (lock.error().code != trouble_code::unavailable || late) return lock.error();
  }
}

/// Submits to the nodes that answer, or to nodes started here.
outcome<run_accepted> submit_here(const context& cli, const up_options& what, launcher& ours,
                                  const submit_run& request) {
  if (!cluster_answers(cli)) {
    if (!cli.admin.empty() && !cli.admin.starts_with("ipc://"))
      return trouble{trouble_code::unavailable,
                     "no supervisor node answers on " + cli.admin +
                         "; start it there, or leave out --admin to start nodes here"};
    if (auto good = start_or_join(cli, what, ours); !good) return good.error();
  }
  auto client = cli.client();
  return client.ask<run_accepted>(request);
}

/// Nodes of this host do not answer any more.
bool fell_silent_here(const context& cli, const watched& seen) {
  return seen.how == watch_end::cluster_gone && seen.why.code == trouble_code::unavailable &&
         (cli.admin.empty() || cli.admin.starts_with("ipc://"));
}

/// A run other than `own` has ended within the last two seconds.
bool ended_just_now(const std::vector<run_summary>& runs, const run_id& own) {
  const auto since_ms = now_ms() - 2'000;
  return std::any_of(runs.begin(), runs.end(),
                     [&](const auto& one) { return one.run != own && one.ended_ms > since_ms; });
}

/// Others may have joined the nodes that we started: these stop when the last of their runs has
/// ended.
void wait_for_others(const context& cli, launcher& ours, const run_id& own,
                     interrupt_flag& interrupt) {
  auto client = cli.client();
  bool told = false;
  while (!ours.empty() && ours.fallen().empty() && !interrupt.raised()) {
    const auto listed = client.ask<runs_listed>(list_runs{1'000, ""});
    if (!listed) return;
    const auto active =
        std::count_if(listed->runs.begin(), listed->runs.end(),
                      [](const auto& one) { return one.state == run_state::running; });
    if (active == 0) {
      // Whoever watches them still has to read how they ended.
      if (ended_just_now(listed->runs, own)) interrupt.wait(1'000);
      return;
    }
    if (!told)
      std::cerr << "artel: " << active
                << " other runs use the nodes started here; waiting for them "
                << "(Ctrl-C stops the nodes)\n";
    told = true;
    interrupt.wait(200);
  }
}

void tell_end(const context& cli, const run_shown& run) {
  if (cli.as_json)
    std::cout << print(to_json(run)) << '\n';
  else
    print_summary(cli, run);
  std::cout << std::flush;
}

int exit_code_of(run_state ended) {
  switch (ended) {
    case run_state::succeeded:
      return nodes::exit_ok;
    case run_state::cancelled:
      return nodes::exit_cancelled;
    default:
      return nodes::exit_failed;
  }
}

}  // namespace

int up(const context& cli, const up_options& what) {
  nodes::block_signals();
  interrupt_flag interrupt;
  if (cluster_answers(cli))
    return fail(
        {trouble_code::unavailable, "a cluster answers on " + cli.admin_endpoint() +
                                        " already; stop it first or use another --data folder"});
  launcher nodes_here;
  if (auto good = nodes_here.start(cli, what); !good) return fail(good.error());
  std::cout << "up: admin socket " << cli.admin_endpoint() << '\n';
  for (const auto& line : nodes_here.describe()) std::cout << "  " << line << '\n';
  std::cout << "Ctrl-C stops them" << std::endl;
  while (!interrupt.raised()) {
    interrupt.wait(500);
    if (const auto gone = nodes_here.fallen(); !gone.empty())
      return fail({trouble_code::internal,
                   "node '" + gone + "' ended by itself; stopping the others. Its log is in " +
                       cli.data + "/logs"});
  }
  std::cout << "stopping" << std::endl;
  return nodes::exit_ok;
}

int run(const context& cli, const run_options& what) {
  const auto request = make_submission(what);
  if (!request) return fail(request.error());
  nodes::block_signals();
  interrupt_flag interrupt;
  launcher ours;
  auto accepted = submit_here(cli, what.nodes, ours, *request);
  // Nodes that somebody else had started may have stopped just then; the id makes it one run.
  if (!accepted && accepted.error().code == trouble_code::unavailable && ours.empty())
    accepted = submit_here(cli, what.nodes, ours, *request);
  if (!accepted) return fail(accepted.error());
  auto client = cli.client();
  if (!cli.as_json)
    std::cout << "run " << to_text(accepted->run)
              << (ours.empty() ? " on the cluster at " : " on nodes started here, admin socket ")
              << cli.admin_endpoint() << std::endl;

  const bool bars = !cli.as_json && ::isatty(STDOUT_FILENO) == 1;
  const auto watch = [&] {
    return watch_run(
        cli, accepted->run, bars, [&] { return interrupt.raised(); },
        [&] { return ours.fallen(); });
  };
  auto seen = watch();
  // The nodes were somebody else's and have stopped with him. The journal is here: the run goes on,
  // or its end is read, on nodes of our own.
  if (ours.empty() && fell_silent_here(cli, seen)) {
    std::cerr << "artel: the nodes that others had started are gone; going on with own ones\n";
    if (const auto again = submit_here(cli, what.nodes, ours, *request); !again)
      return fail(again.error());
    seen = watch();
  }
  if (seen.how == watch_end::cluster_gone) return fail(seen.why);
  if (seen.how == watch_end::interrupted) {
    if (ours.empty()) {
      std::cerr << "artel: left; the run goes on. 'artel show " << to_text(accepted->run)
                << "' shows it, 'artel cancel' ends it\n";
      return nodes::exit_cancelled;
    }
    static_cast<void>(
        client.ask<done_so>(cancel_run{to_text(accepted->run), "interrupted", "the command line"}));
    std::cerr << "artel: interrupted; the run is cancelled, stopping the nodes\n";
    return nodes::exit_cancelled;
  }
  tell_end(cli, seen.last);
  wait_for_others(cli, ours, accepted->run, interrupt);
  return exit_code_of(seen.last.summary.state);
}

int wait(const context& cli, const std::string& which, const std::string& timeout) {
  using clock = std::chrono::steady_clock;
  std::optional<clock::time_point> until;
  if (!timeout.empty()) {
    const auto ms = config::duration_ms(timeout);
    if (!ms) return fail(bad_input("--timeout: expected e.g. 30s or 10m, found '" + timeout + "'"));
    until = clock::now() + std::chrono::milliseconds(*ms);
  }
  nodes::block_signals();
  interrupt_flag interrupt;
  const auto found = cli.client().ask<run_shown>(show_run{which});
  if (!found) return fail(found.error());
  const auto& id = found->summary.run;
  const auto late = [&] { return until && clock::now() >= *until; };
  const auto seen = watch_run(
      cli, id, !cli.as_json && ::isatty(STDOUT_FILENO) == 1,
      [&] { return interrupt.raised() || late(); }, [] { return std::string(); });
  if (seen.how == watch_end::cluster_gone) return fail(seen.why);
  if (seen.how == watch_end::interrupted) {
    if (!late()) return nodes::exit_cancelled;
    return fail({trouble_code::unavailable, "run " + to_text(id) + " goes on after " + timeout +
                                                "; wait again, or cancel it"});
  }
  tell_end(cli, seen.last);
  return exit_code_of(seen.last.summary.state);
}

}  // namespace artel::cli
