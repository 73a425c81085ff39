// The publisher: moves the outputs of accepted attempts into place. A detached actor, since it
// syncs files.
#pragma once

#include <atomic>
#include <caf/event_based_actor.hpp>
#include <deque>
#include <memory>

#include "actors/interfaces.hpp"

namespace artel::work {

class publisher : public caf::event_based_actor {
public:
  /// `stop` ends publishing between two files: the node gives its attempts back.
  publisher(caf::actor_config& config, std::shared_ptr<std::atomic<bool>> stop)
      : caf::event_based_actor(config), stop_(std::move(stop)) {}
  caf::behavior make_behavior() override;
  const char* name() const override { return "publisher"; }

private:
  step_report publish_one(const publish_output& what);
  std::shared_ptr<std::atomic<bool>> stop_;
  std::deque<attempt_ref> published_;  ///< the last ones: an order may come twice
};

}  // namespace artel::work
