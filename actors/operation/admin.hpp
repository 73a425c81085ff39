// The admin actor: takes the requests of the admin socket, looks whether who asks may, sends each
// to the actor that knows, and its answer back. Every request gets exactly one answer, also when
// the actor asked dies or is slow; the answer to a change comes when the audit log has it.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/timer.hpp"

namespace artel::operation {

struct admin_options {
  directory_ptr names;
  node_name node;  ///< of the supervisor node itself
};

/// To itself.
struct end_this_process {
  bool at_once;
};

constexpr auto look_every = std::chrono::milliseconds(500);  ///< for nodes that do not answer

class admin : public caf::event_based_actor {
public:
  admin(caf::actor_config& config, admin_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "admin"; }

private:
  void on_asked(client_asked& said);
  void deny(const client_asked& said);
  /// The answer, once the audit log has the change.
  void answer_change(const client_asked& said, admin_answer what);
  void read_log_of(const client_asked& said, const read_log& what);
  void read_artifact_of(const client_asked& said, const read_artifact& what);
  void change(const client_asked& said, const change_node& what);
  /// Of the supervisor node itself.
  admin_answer change_self(const change_node& what);
  void show_metrics(const client_asked& said, const read_metrics& what);
  void show_trees(const client_asked& said, const show_tree& what);
  /// Sends `question` to the actor of that name; its answer, or why there is none, goes to the
  /// client.
  template <class Question>
  void forward(const client_asked& said, const char* to, Question question);
  void answer(const client_asked& said, admin_answer what);
  void deliver(const client_asked& said, admin_answer what);
  metrics_taken measure() const;

  admin_options options_;
  struct denial_count {
    std::chrono::minutes minute;
    std::size_t count;
  };
  std::map<std::pair<std::string, std::string>, std::uint64_t> answered_;  ///< by kind and how
  std::map<std::string, denial_count> denials_;                            ///< by user
  struct pending_change {
    client_asked said;
    std::chrono::steady_clock::time_point until;
  };
  std::map<std::uint64_t, pending_change> changes_;  ///< of nodes that have not answered
  struct pending_question {
    client_asked said;
    const char* to;
    std::chrono::steady_clock::time_point until;
  };
  void give_up(std::uint64_t number, const std::string& why);
  void look_at_clock();
  std::map<std::uint64_t, pending_question> asked_;  ///< of other actors, in the order of asking
  std::uint64_t last_asked_ = 0;
  timer timer_{*this};
  std::uint64_t last_change_ = 0;
  std::map<node_name, std::vector<tree_row>> trees_;  ///< as the worker nodes told them last
};

}  // namespace artel::operation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::end_this_process)
