// The supervisor actor: performs what the pure restart plan decides. Every actor of a node lives
// under one, the root of which is the node itself; over budget it ends with max_restarts_exceeded
// and its parent decides.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <functional>
#include <map>

#include "actors/actor_errors.hpp"
#include "actors/core/restart_plan.hpp"
#include "actors/directory.hpp"

namespace artel::supervision {

/// Starts a child; may throw, which counts as a failed start. Called on the supervisor's thread.
using start_child = std::function<caf::actor(caf::local_actor& parent)>;

struct child {
  core::child_spec spec;
  start_child start;
};

struct options {
  std::string name = "root";
  std::string path;            ///< of the parent, "" for the root; its own is path + "/" + name
  std::string node;            ///< for the tree's rows
  core::supervisor_spec spec;  ///< children are filled in from `children`
  std::vector<child> children;
  directory_ptr names;
  std::uint64_t seed = 1;
};

/// Ask a supervisor to stop its children in reverse order and then itself. Answered by its down
/// message.
struct shut_down {
  std::string reason = "shutdown";
};
/// A further child for a simple_one_for_one supervisor.
struct add_child {
  child what;
};

// Internal ticks; `epoch` makes stale ones harmless, since delayed messages can not be cancelled.
struct stop_timeout {
  std::size_t child;
  std::uint64_t epoch;
};
struct restart_due {
  std::uint64_t epoch;
};

class supervisor : public caf::event_based_actor {
public:
  supervisor(caf::actor_config& config, options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "supervisor"; }

private:
  void perform(core::actions todo);
  void start_one(std::size_t index, core::actions& more);
  void ask_to_end(std::size_t index, bool kill);
  void on_down(const caf::down_msg& down);
  void show_child(std::size_t index);
  void show_self(const std::string& state);
  std::string path_of(std::size_t index) const;
  std::int64_t now_ms() const;

  options options_;
  core::restart_plan plan_;
  std::vector<start_child> starts_;
  std::vector<caf::actor> handles_;
  std::map<caf::actor_addr, std::size_t> by_address_;
};

/// Spawns and returns a root supervisor, or the trouble of a faulty specification.
outcome<caf::actor> start_supervisor(caf::actor_system& system, options what);

}  // namespace artel::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::supervision::shut_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::supervision::add_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::supervision::stop_timeout)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::supervision::restart_due)
