// The publisher: moves the outputs of accepted attempts into place. A detached actor, since it
// syncs files.
#pragma once

#include <caf/event_based_actor.hpp>
#include <deque>

#include "actors/interfaces.hpp"

namespace artel::work {

class publisher : public caf::event_based_actor {
public:
  explicit publisher(caf::actor_config& config) : caf::event_based_actor(config) {}
  caf::behavior make_behavior() override;
  const char* name() const override { return "publisher"; }

private:
  step_report publish_one(const publish_output& what);
  std::deque<attempt_ref> published_;  ///< the last ones: an order may come twice
};

}  // namespace artel::work
