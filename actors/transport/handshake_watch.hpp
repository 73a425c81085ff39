// What became of a socket's handshakes: ZeroMQ itself says nothing when a key is refused, and never
// tries again, which leaves people with a silent client. Who watches says why, and connects anew.
#pragma once

#include <string>
#include <zmq.hpp>

namespace artel::transport {

class handshake_watch {
public:
  /// Of a socket that is not connected yet; it must outlive the watch.
  handshake_watch(zmq::context_t& context, zmq::socket_t& of);
  ~handshake_watch();
  handshake_watch(const handshake_watch&) = delete;
  handshake_watch& operator=(const handshake_watch&) = delete;

  /// Why the other side will have nothing to do with us, as far as that was said since this was
  /// asked last; empty: it was not.
  std::string refusal();

private:
  zmq::socket_t& of_;
  zmq::socket_t events_;
};

}  // namespace artel::transport
