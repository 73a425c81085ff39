// A worker node's socket: a DEALER to the supervisor node, and the link that speaks through it.
#pragma once

#include "actors/transport/curve.hpp"
#include "actors/transport/handshake_watch.hpp"
#include "actors/transport/node_link.hpp"
#include "actors/transport/poll_thread.hpp"

namespace artel::transport {

class cluster_client : public channel {
public:
  cluster_client(zmq::context_t& context, const std::string& endpoint, node_name name,
                 session_no session, client_events events, const client_keys& keys);

  zmq::socket_ref socket() override { return socket_; }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override;
  std::int64_t due_ms(std::int64_t ticked_ms) const override;

  // From actors, through poll_thread::post.
  void introduce(hello what) { link_.introduce(std::move(what), steady_ms()); }
  template <class Message>
  void send(const Message& message) {
    link_.send(message);
  }
  template <class Message>
  void send_once(const Message& message) {
    link_.send_once(message);
  }
  void start_over(const char* why) { link_.start_over(why); }
  std::uint64_t frames_kept() const { return link_.link().kept(); }
  bool pressed() const { return link_.pressed(); }

private:
  bool put(const std::string& frame);
  void connect_anew();

  zmq::socket_t socket_;
  handshake_watch handshakes_;
  std::string endpoint_;
  std::int64_t complained_ms_ = 0;
  std::int64_t connect_again_ms_ = 0;  ///< 0: there is a connection, or ZeroMQ sees to it
  node_link link_;
};

}  // namespace artel::transport
