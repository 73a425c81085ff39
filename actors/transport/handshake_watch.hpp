// What became of a socket's handshakes: ZeroMQ itself says nothing and tries for ever, which leaves
// people with a silent client and no idea that their key was refused.
#pragma once

#include <string>
#include <zmq.hpp>

namespace artel::transport {

class handshake_watch {
public:
  /// Of a socket that is not connected yet; it must outlive the watch.
  handshake_watch(zmq::context_t& context, zmq::socket_t& of);

  /// Why the other side will have nothing to do with us, as far as that was said since this was
  /// asked last; empty: it was not.
  std::string refusal();

private:
  zmq::socket_t events_;
};

}  // namespace artel::transport
