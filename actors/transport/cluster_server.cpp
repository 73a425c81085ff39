#include "actors/transport/cluster_server.hpp"

#include <stdexcept>

#include "actors/logging/events.hpp"
#include "actors/transport/endpoint.hpp"

namespace artel::transport {

cluster_server::cluster_server(zmq::context_t& context, const std::string& endpoint, node_name name,
                               session_no session, cluster_events events, const key_pair& keys,
                               gate* by)
    : socket_(context, zmq::socket_type::router),
      gate_(by),
      links_(
          {std::move(name), session, {}},
          [this](const std::string& to, const std::string& frame) { return put(to, frame); },
          std::move(events)) {
  set_common_options(socket_);
  socket_.set(zmq::sockopt::router_mandatory, 1);  // a vanished peer is an error, not silence
  socket_.set(zmq::sockopt::router_handover, 1);   // a reconnecting peer keeps its name
  if (gate_ != nullptr) speak_curve(socket_, keys, cluster_domain);
  if (auto good = bind(socket_, endpoint, cluster_domain); !good)
    throw std::runtime_error(good.error().text);
}

void cluster_server::read(int frames) {
  for (int i = 0; i < frames && wants_input(); ++i) {
    zmq::message_t from, frame;
    if (!socket_.recv(from, zmq::recv_flags::dontwait)) return;
    bool more = from.more();
    if (!more) continue;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    more = frame.more();
    for (zmq::message_t rest; more; more = rest.more())
      if (!socket_.recv(rest, zmq::recv_flags::dontwait)) return;
    if (gate_ == nullptr || is_itself(from.to_string(), frame))
      links_.on_frame(from.to_string(), frame.to_string_view(), steady_ms());
  }
}

/// A key says which name a node has: nobody speaks in another's.
bool cluster_server::is_itself(const std::string& from, const zmq::message_t& frame) {
  const auto node = gate_->node_behind(frame);
  if (node && from.substr(0, from.rfind('#')) == *node) return true;
  if (const auto now = steady_ms(); complained_ms_ == 0 || now - complained_ms_ > 1'000) {
    complained_ms_ = now;
    logging::note(
        events::node_not_itself,
        {{"claims", from}, {"key_of", node.value_or("")}, {"address", address_behind(frame)}});
  }
  return false;
}

put_result cluster_server::put(const std::string& to, const std::string& frame) {
  try {
    // The frame follows its address at once or not at all: a ROUTER that took the address takes the
    // frame.
    if (!socket_.send(zmq::buffer(to), zmq::send_flags::sndmore | zmq::send_flags::dontwait) ||
        !socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait))
      return put_result::later;
    return put_result::taken;
  } catch (const zmq::error_t& e) {
    // The peer is not connected now; its link keeps what matters.
    return e.num() == EHOSTUNREACH ? put_result::nobody : put_result::later;
  }
}

}  // namespace artel::transport
