// The notifier: tells people of alerts, by HTTP or by a program. A detached actor, since both may
// take their time; what fails is tried again for a while.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "messages/alert.hpp"

namespace artel::operation {

/// monitor → notifier.
struct notify {
  alert_receiver to;
  alert_view what;
  std::string body;  ///< JSON, as Alertmanager's webhooks have it
  std::uint32_t tries = 0;
};

class notifier : public caf::event_based_actor {
public:
  explicit notifier(caf::actor_config& config);
  caf::behavior make_behavior() override;
  const char* name() const override { return "notifier"; }
};

/// The JSON that receivers get: the format of Alertmanager's webhooks, version 4.
std::string notification_text(const alert_receiver& to, const alert_view& what,
                              const node_name& from, std::int64_t ended_ms);

}  // namespace artel::operation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::notify)
