// The supervisor node's cluster socket: a ROUTER whose peers are worker nodes, and the links that
// speak through it.
#pragma once

#include "actors/transport/cluster_links.hpp"
#include "actors/transport/curve.hpp"
#include "actors/transport/gate.hpp"

namespace artel::transport {

class cluster_server : public channel {
public:
  /// `name` and `session` are this supervisor node's own. Throws std::runtime_error when it can not
  /// bind. With a gate it speaks CURVE, and a node is who its key says.
  cluster_server(zmq::context_t& context, const std::string& endpoint, node_name name,
                 session_no session, cluster_events events, const key_pair& keys, gate* by);

  zmq::socket_ref socket() override { return socket_; }
  bool wants_input() const override { return links_.wants_input(); }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override { links_.tick(now_ms); }
  std::int64_t due_ms(std::int64_t ticked_ms) const override { return links_.due_ms(ticked_ms); }

  // From actors, through poll_thread::post.
  void admit(const admit_node& what) { links_.admit(what, steady_ms()); }
  void refuse(const refuse_node& what) { links_.refuse(what); }
  void renew(const renew_hello& what) { links_.renew(what); }
  void forget(const forget_node& what) { links_.forget(what); }
  void settle(const settle_frame& what) { links_.settle(what); }
  template <class Message>
  void send(const Message& what) {
    links_.send(what);
  }

private:
  put_result put(const std::string& to, const std::string& frame);
  bool is_itself(const std::string& from, const zmq::message_t& frame);

  zmq::socket_t socket_;
  gate* gate_;
  std::int64_t complained_ms_ = 0;
  cluster_links links_;
};

}  // namespace artel::transport
