// The analyzer: the admission actor of an analyzer node. Looks at analysis steps before a step host
// is employed, so that a mistyped path fails at once with a sentence rather than after a process
// was started for it.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace artel::analysis {

class analyzer : public caf::event_based_actor {
public:
  explicit analyzer(caf::actor_config& config) : caf::event_based_actor(config) {}
  caf::behavior make_behavior() override;
  const char* name() const override { return "analyzer"; }
};

/// "" when the step may run, else why it can not succeed on this node.
std::string objection(const step_plan& plan);

}  // namespace artel::analysis
