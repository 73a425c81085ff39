// The log sender: what this worker node notes goes to the supervisor node as well, a bounded frame
// at a time. When that node is slow or away, lines wait here; what finds no room is counted and
// told.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/timer.hpp"

namespace artel::work {

struct log_sender_options {
  directory_ptr names;
  /// Of the first line that was not taken yet; of the process, since the receiver counts by
  /// process.
  std::shared_ptr<std::uint64_t> next = std::make_shared<std::uint64_t>(1);
};

class log_sender : public caf::event_based_actor {
public:
  log_sender(caf::actor_config& config, log_sender_options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "log_sender"; }

private:
  void send_more();

  log_sender_options options_;
  std::vector<log_line> under_way_;
  std::chrono::steady_clock::time_point sent_{};
  timer timer_{*this};
};

}  // namespace artel::work
