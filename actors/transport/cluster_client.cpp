#include "actors/transport/cluster_client.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>

#include "actors/transport/cluster_links.hpp"
#include "actors/transport/endpoint.hpp"

namespace artel::transport {
namespace {
constexpr std::int64_t complain_every_ms = 10'000;
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
  const auto why = handshakes_.refusal();
  if (why.empty() || (complained_ms_ != 0 && now_ms - complained_ms_ < complain_every_ms)) return;
  complained_ms_ = now_ms;
  spdlog::error("cluster_refuses_us cluster={} reason=\"{}\"", endpoint_, why);
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
