// What every node's main does: log, lock its data folder, start its supervision tree, wait for a
// signal or the tree's death, stop in good order. Wiring only.
#pragma once

#include <caf/actor_system.hpp>
#include <functional>
#include <string>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/supervision/supervisor.hpp"

namespace artel::nodes {

// Exit codes of nodes and of the command line; docs/PIPELINES.md and `artel --help` list them.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;  ///< a run failed, a node died of its own
inline constexpr int exit_bad_input = 2;
inline constexpr int exit_unavailable = 3;  ///< nobody listens, port in use, disk full
inline constexpr int exit_not_found = 4;
inline constexpr int exit_cancelled = 5;
inline constexpr int exit_denied = 6;  ///< who asks may not
int exit_code_of(trouble_code code);

std::uint64_t random_number();
std::string host_name();
std::string version();
/// Folder of the running binary.
std::string binary_folder();
/// $ARTEL_DATA, else the XDG state folder, else ~/.local/state/artel.
std::string default_data_folder();

/// Holds a lock file in `folder` (made if need be) for the life of the process; trouble when
/// another process holds it.
outcome<int> lock_folder(const std::string& folder, const std::string& who);

/// Blocks the signals that end a node; before any thread is started.
void block_signals();

/// Ends wait_for_end from any thread.
class stop_request {
public:
  stop_request();
  void ask(int exit_code, const std::string& why);
  int descriptor() const { return event_; }
  int exit_code() const { return exit_code_; }

private:
  int event_;
  std::atomic<int> exit_code_{0};
  std::atomic<bool> asked_{false};
};

struct node_tree_options {
  supervision::options root;
  bool stop_with_stdin = false;  ///< end when stdin closes: the parent is gone
  /// Called before the tree is stopped, with the reason.
  std::function<void(caf::actor_system&, const std::string&)> before_stop;
  /// Called on SIGHUP. None: the node ends then, as who was started from a terminal expects.
  std::function<void(caf::actor_system&)> read_again;
  /// The name of the actor that answers take_pulse when the node is well; for systemd's watchdog.
  const char* heart = nullptr;
};

/// Runs the tree until a signal, a stop request or the tree's own end. Returns the exit code.
int run_node(node_tree_options what, stop_request& stop);

}  // namespace artel::nodes
