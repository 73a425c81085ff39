// What programs ask of the gateway without logging in: metrics, and whether the node is well.
#include "actors/actor_errors.hpp"
#include "actors/operation/gateway.hpp"
#include "actors/operation/prometheus_text.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(8);
}

void gateway::tell_metrics(const http_reply_ptr& to) {
  const auto who = options_.names->find(names::metrics);
  if (!who) return to->answer({503, "text/plain", "the metrics are being restarted\n"});
  request(who, patience, take_metrics{})
      .then(
          [to](metrics_taken& said) {
            to->answer({200, exposition_type, exposition_of(said.families)});
          },
          [to](caf::error& why) {
            to->answer({503, "text/plain", artel::text_of(why) + "\n"});
          });
}

/// Well is a node whose coordinator answers: it has read its journal, and decides.
void gateway::tell_health(const http_reply_ptr& to) {
  const auto who = options_.names->find(names::coordinator);
  if (!who) return to->answer({503, "text/plain", "the coordinator is being restarted\n"});
  request(who, patience, ask_coordinator{ping{""}})
      .then(
          [to](coordinator_answer&) {
            to->answer({200, "text/plain", "well\n"});
          },
          [to](caf::error&) {
            to->answer({503, "text/plain", "the coordinator is silent\n"});
          });
}

}  // namespace artel::operation
