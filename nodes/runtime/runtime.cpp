#include "nodes/runtime/runtime.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <random>
#include <utility>

#include "actors/logging/events.hpp"
#include "nodes/runtime/start_pages.hpp"

namespace artel::nodes {
namespace {

constexpr int memory_looked_at_ms = 10'000;
constexpr int settled_after_ms = 1'500;  ///< then a node has started, and joined its cluster

/// Watches the root supervisor from outside: its end is the node's end.
class root_watch : public caf::event_based_actor {
public:
  root_watch(caf::actor_config& config, caf::actor root, std::function<void(std::string)> ended)
      : caf::event_based_actor(config), root_(std::move(root)), ended_(std::move(ended)) {}
  caf::behavior make_behavior() override {
    monitor(root_);
    root_ = nullptr;
    set_down_handler([this](caf::down_msg& down) {
      ended_(text_of(down.reason));
      quit();
    });
    return {[](tick) {}};
  }

private:
  caf::actor root_;
  std::function<void(std::string)> ended_;
};

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, each);
  return set;
}

}  // namespace

int exit_code_of(trouble_code code) {
  switch (code) {
    case trouble_code::none:
      return exit_ok;
    case trouble_code::bad_input:
      return exit_bad_input;
    case trouble_code::not_found:
      return exit_not_found;
    case trouble_code::cancelled:
      return exit_cancelled;
    case trouble_code::unavailable:
    case trouble_code::io_error:
    case trouble_code::limit:
      return exit_unavailable;
    case trouble_code::denied:
      return exit_denied;
    default:
      return exit_failed;
  }
}

std::uint64_t random_number() {
  std::random_device chance;
  return static_cast<std::uint64_t>(chance()) << 32 | chance();
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

std::string version() { return ARTEL_VERSION; }

std::string binary_folder() {
  std::error_code problem;
  return std::filesystem::read_symlink("/proc/self/exe", problem).parent_path().string();
}

std::string default_data_folder() {
  if (const char* given = std::getenv("ARTEL_DATA"); given != nullptr && *given != 0) return given;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != 0)
    return std::string(state) + "/artel";
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr && *home != 0 ? home : "/var/lib") + "/.local/state/artel";
}

outcome<int> lock_folder(const std::string& folder, const std::string& who) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    return trouble{trouble_code::io_error, "data folder '" + folder + "' can not be made: " +
                                               problem.message() + "; choose another with --data"};
  const auto path = folder + "/" + who + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0)
    return trouble{trouble_code::io_error, path + ": can not be opened: " + std::strerror(errno) +
                                               "; choose another folder with --data"};
  // A process that was just killed may take a moment to go.
  int locked = ::flock(file, LOCK_EX | LOCK_NB);
  for (int turn = 0; turn < 40 && locked != 0; ++turn) {
    ::poll(nullptr, 0, 25);
    locked = ::flock(file, LOCK_EX | LOCK_NB);
  }
  if (locked != 0) {
    ::close(file);
    return trouble{trouble_code::unavailable,
                   "another " + who + " uses the data folder '" + folder +
                       "'; stop it or choose another folder with --data"};
  }
  return file;
}

void block_signals() {
  const auto set = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

stop_request::stop_request() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void stop_request::ask(int exit_code, const std::string& why) {
  if (asked_.exchange(true)) return;
  exit_code_ = exit_code;
  if (exit_code != 0) logging::note(events::node_fails, {{"reason", why}});
  const std::uint64_t one = 1;
  if (::write(event_, &one, sizeof one) < 0) ::_exit(exit_code);
}

namespace {

/// Says to systemd how the node is, when systemd has started it so.
class service_manager {
public:
  explicit service_manager(node_tree_options& of) : heart_(of.heart), names_(of.root.names) {
    std::uint64_t us = 0;
    if (::sd_watchdog_enabled(0, &us) > 0) every_ms_ = static_cast<int>(us / 3'000);
  }
  static void ready() { ::sd_notify(0, "READY=1"); }
  static void stopping() { ::sd_notify(0, "STOPPING=1"); }
  /// How long to wait before it is to be called again; -1: for ever.
  int pause_ms() const { return every_ms_; }
  void tell(caf::actor_system& system) const {
    if (every_ms_ < 0) return;
    const auto heart = heart_ == nullptr ? caf::actor() : names_->find(heart_);
    bool well = false;
    caf::scoped_actor self(system);
    if (heart)
      self->request(heart, std::chrono::milliseconds(every_ms_), take_pulse{})
          .receive([&](const pulse&) { well = true; }, [](caf::error&) {});
    if (well) ::sd_notify(0, "WATCHDOG=1");
  }

private:
  const char* heart_;
  directory_ptr names_;
  int every_ms_ = -1;
};

/// Waits; returns why the node ends.
std::string wait_for_end(const stop_request& stop, bool with_stdin, const service_manager& manager,
                         caf::actor_system& system,
                         const std::function<void(caf::actor_system&)>& read_again) {
  const auto set = ending_signals();
  const int signals = ::signalfd(-1, &set, SFD_CLOEXEC);
  bool settled = false;
  auto look_at_memory =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(settled_after_ms);
  for (;;) {
    pollfd items[3] = {
        {signals, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}, {with_stdin ? 0 : -1, POLLIN, 0}};
    const int look_after_ms = settled ? memory_looked_at_ms : settled_after_ms;
    const int ready = ::poll(
        items, 3,
        manager.pause_ms() < 0 ? look_after_ms : std::min(manager.pause_ms(), look_after_ms));
    if (const auto now = std::chrono::steady_clock::now(); now >= look_at_memory) {
      settled ? give_back_free_memory() : give_back_start_pages();
      settled = true;
      look_at_memory = now + std::chrono::milliseconds(memory_looked_at_ms);
    }
    manager.tell(system);
    if (ready <= 0) continue;
    if ((items[1].revents & POLLIN) != 0) return "stop requested";
    if ((items[0].revents & POLLIN) != 0) {
      signalfd_siginfo info{};
      if (::read(signals, &info, sizeof info) != sizeof info) continue;
      if (info.ssi_signo == SIGHUP && read_again) {
        read_again(system);
        continue;
      }
      return std::string("signal ") + ::strsignal(static_cast<int>(info.ssi_signo));
    }
    if (items[2].revents != 0) {
      char drop[256];
      if (::read(0, drop, sizeof drop) <= 0) return "the process that started this node has ended";
    }
  }
}

}  // namespace

int run_node(node_tree_options what, stop_request& stop) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{2});
  config.set("scheduler.max-throughput", std::size_t{300});
  caf::actor_system system(config);
  const auto names = what.root.names;
  const service_manager manager(what);
  auto root = supervision::start_supervisor(system, std::move(what.root));
  if (!root) {
    logging::note(events::node_not_started, {{"reason", root.error().text}});
    return exit_failed;
  }
  std::atomic<bool> stopping{false};
  // Held: CAF ends an actor that nobody refers to.
  auto watch =
      system.spawn<root_watch>(*root, std::function<void(std::string)>([&](const std::string& why) {
        if (!stopping)
          stop.ask(why.find("start_failed") != std::string::npos ? exit_unavailable : exit_failed,
                   why);
      }));
  service_manager::ready();
  const auto why = wait_for_end(stop, what.stop_with_stdin, manager, system, what.read_again);
  service_manager::stopping();
  stopping = true;
  if (stop.exit_code() == 0) {
    logging::note(events::node_stops, {{"reason", why}});
    if (what.before_stop) what.before_stop(system, why);
  }
  caf::anon_send(*root, supervision::shut_down{});
  *root = nullptr;
  watch = nullptr;
  system.await_all_actors_done();
  names->clear();
  return stop.exit_code();
}

}  // namespace artel::nodes
