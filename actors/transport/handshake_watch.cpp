#include "actors/transport/handshake_watch.hpp"

#include <atomic>
#include <cstring>

namespace artel::transport {
namespace {

// A handshake that just breaks off is no refusal: the peer may be busy, and is tried again.
constexpr int watched = ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL;
std::atomic<unsigned> watches{0};

const char* text_of(std::uint16_t event) {
  return event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
             ? "the supervisor node refuses this key; it is not in its access file (or the file "
               "gives it another place: nodes, users)"
             : "the supervisor node wants keys and none was given, or the other way round; or "
               "--server-key is not its key";
}

}  // namespace

handshake_watch::handshake_watch(zmq::context_t& context, zmq::socket_t& of)
    : of_(of), events_(context, zmq::socket_type::pair) {
  const auto name = "inproc://handshakes-" + std::to_string(++watches);
  if (::zmq_socket_monitor(of.handle(), name.c_str(), watched) != 0) throw zmq::error_t();
  events_.set(zmq::sockopt::linger, 0);
  events_.connect(name);
}

/// First the one who writes, then the one who reads: ZeroMQ's own thread must never wait for us.
handshake_watch::~handshake_watch() {
  if (of_.handle() != nullptr) ::zmq_socket_monitor(of_.handle(), nullptr, 0);
}

std::string handshake_watch::refusal() {
  std::string last;
  zmq::message_t event, address;
  while (events_.recv(event, zmq::recv_flags::dontwait)) {
    if (!event.more() || !events_.recv(address, zmq::recv_flags::dontwait)) break;
    std::uint16_t number = 0;
    if (event.size() >= sizeof number) std::memcpy(&number, event.data(), sizeof number);
    last = text_of(number);
  }
  return last;
}

}  // namespace artel::transport
