#include "actors/transport/cluster_client.hpp"

#include <algorithm>
#include <stdexcept>

#include "actors/logging/events.hpp"
#include "actors/transport/cluster_links.hpp"
#include "actors/transport/endpoint.hpp"

namespace artel::transport {
namespace {
constexpr std::int64_t complain_every_ms = 10'000;
constexpr std::int64_t connect_again_after_ms = 1'000;
}  // namespace

cluster_client::cluster_client(zmq::context_t& context, const std::string& endpoint, node_name name,
                               session_no session, client_events events, const client_keys& keys)
    : socket_(context, zmq::socket_type::dealer),
      handshakes_(context, socket_),
      endpoint_(endpoint),
      link_(
          {name, session, endpoint, {}}, [this](const std::string& frame) { return put(frame); },
          std::move(events)) {
  set_common_options(socket_);
  socket_.set(zmq::sockopt::routing_id, routing_id_of(name, session));
  if (keys.any()) speak_curve(socket_, keys);
  // Without a connection the link keeps frames, not the socket.
  socket_.set(zmq::sockopt::immediate, 1);
  if (auto good = connect(socket_, endpoint); !good) throw std::runtime_error(good.error().text);
}

void cluster_client::tick(std::int64_t now_ms) {
  link_.tick(now_ms);
  if (const auto why = handshakes_.refusal(); !why.empty()) {
    if (complained_ms_ == 0 || now_ms - complained_ms_ >= complain_every_ms) {
      complained_ms_ = now_ms;
      logging::note(events::cluster_refuses_us, {{"cluster", endpoint_}, {"reason", why}});
    }
    connect_again_ms_ = now_ms + connect_again_after_ms;
  }
  if (connect_again_ms_ != 0 && now_ms >= connect_again_ms_) connect_anew();
}

std::int64_t cluster_client::due_ms(std::int64_t ticked_ms) const {
  const auto due = link_.due_ms(ticked_ms);
  return connect_again_ms_ == 0 ? due : std::min(due, connect_again_ms_);
}

/// After a refusal ZeroMQ gives the connection up; the key may be allowed by now.
void cluster_client::connect_anew() {
  connect_again_ms_ = 0;
  try {
    socket_.disconnect(endpoint_);
  } catch (const zmq::error_t&) {
    // It has gone by itself.
  }
  if (const auto good = connect(socket_, endpoint_); !good)
    connect_again_ms_ = steady_ms() + connect_again_after_ms;
}

bool cluster_client::put(const std::string& frame) {
  try {
    return socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t&) {
    return false;
  }
}

void cluster_client::read(int frames) {
  for (int i = 0; i < frames; ++i) {
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    link_.on_frame(frame.to_string_view(), steady_ms());
  }
}

}  // namespace artel::transport
