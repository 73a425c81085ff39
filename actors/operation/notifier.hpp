// The notifier: tells people of alerts, by HTTP or by a program. Every receiver has a detached
// actor of its own, so that one that hangs holds up nobody else; what fails is tried again for a
// minute.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <deque>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/timer.hpp"
#include "messages/alert.hpp"

namespace artel::operation {

/// monitor → notifier → the receiver's teller.
struct notify {
  alert_receiver to;
  alert_view what;
  std::string body;  ///< JSON, as Alertmanager's webhooks have it
  std::uint32_t tries = 0;
  std::chrono::steady_clock::time_point first = {};  ///< when it failed first
};
/// teller → notifier.
struct teller_said {
  notify what;
  std::string problem;  ///< empty: told
};
/// notifier → monitor: it has been told, or given up.
struct notified {
  std::string to;
  alert_view what;
  bool told;
};
/// What stops a teller that waits for somebody.
class teller_stop;

class notifier : public caf::event_based_actor {
public:
  notifier(caf::actor_config& config, directory_ptr names);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "notifier"; }

private:
  struct lane {
    caf::actor teller;
    std::shared_ptr<teller_stop> stop;
    std::deque<notify> waiting;
    bool busy = false;
    std::chrono::steady_clock::time_point not_before{};
  };
  void pump(lane& of);
  void on_said(teller_said& said);

  directory_ptr names_;
  std::map<std::string, lane> lanes_;  ///< by receiver
  timer timer_{*this};
};

/// The JSON that receivers get: the format of Alertmanager's webhooks, version 4.
std::string notification_text(const alert_receiver& to, const alert_view& what,
                              const node_name& from, std::int64_t ended_ms);

}  // namespace artel::operation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::notify)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::teller_said)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::notified)
