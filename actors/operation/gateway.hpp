// The gateway: what the supervisor node says over HTTP. Now the metrics for Prometheus, and whether
// it is well, for whoever watches over it.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/operation/http_server.hpp"

namespace artel::operation {

struct gateway_options {
  directory_ptr names;
  std::string endpoint;  ///< ADDRESS:PORT
};

struct http_asked {
  http_request what;
  http_server::answer_with answer;
};

class gateway : public caf::event_based_actor {
public:
  /// Throws std::runtime_error when it can not listen.
  gateway(caf::actor_config& config, gateway_options what);
  caf::behavior make_behavior() override;
  void on_exit() override { server_.reset(); }
  const char* name() const override { return "gateway"; }

private:
  void tell_metrics(const http_server::answer_with& answer);
  void tell_health(const http_server::answer_with& answer);

  gateway_options options_;
  std::unique_ptr<http_server> server_;
};

/// In Prometheus' text format.
std::string text_of(const std::vector<metric_family>& families);

}  // namespace artel::operation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::operation::http_asked)
