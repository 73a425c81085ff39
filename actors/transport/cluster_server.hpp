// The supervisor node's side of all links: a ROUTER whose peers are worker nodes. Keeps a reliable
// link per admitted session; unknown sessions are asked who they are. Reading stops while too much
// of what was read is not durable.
#pragma once

#include <functional>
#include <map>

#include "actors/core/reliable_link.hpp"
#include "actors/interfaces.hpp"
#include "actors/transport/poll_thread.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

constexpr std::size_t unsettled_frames_max = 2'048;  ///< read but not yet durable, over all nodes

/// Where decoded messages go. Called on the poll thread; must not block.
struct cluster_events {
  std::function<void(node_hello)> hello;
  std::function<void(node_reported)> reported;
  std::function<void(node_progressed)> progressed;
  std::function<void(node_output)> output;
  std::function<void(node_tree_told)> tree;
  std::function<void(node_left)> left;
  std::function<void(nodes_heard)> heard;
};

class cluster_server : public channel {
public:
  /// `name` and `session` are this supervisor node's own. Throws std::runtime_error when it can not
  /// bind.
  cluster_server(zmq::context_t& context, const std::string& endpoint, node_name name,
                 session_no session, cluster_events events);

  zmq::socket_ref socket() override { return socket_; }
  bool wants_input() const override { return unsettled_ < unsettled_frames_max; }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override;

  // From actors, through poll_thread::post.
  void admit(const admit_node& what);
  void refuse(const refuse_node& what);
  void forget(const forget_node& what);
  void settle(const settle_frame& what);
  void send(const send_order& what);

private:
  struct peer {
    std::string address;  ///< routing id
    session_no session = 0;
    std::uint64_t hello_number = 0;
    welcome greeting;
    core::reliable_link link;
    std::int64_t heard_ms = 0;
    std::int64_t asked_ms = 0;      ///< last who_are_you or resume, to limit their rate
    std::uint64_t unsent_from = 0;  ///< the socket refused this frame and what follows
    std::uint64_t acked = 0;        ///< last settled number told to the peer
  };

  void on_frame(const std::string& from, std::string_view frame);
  void on_hello(const std::string& from, const wire::envelope& head);
  void on_known(peer& one, const wire::envelope& head);
  void on_sequenced(peer& one, const wire::envelope& head);
  void deliver(peer& one, const wire::envelope& head);
  void on_heartbeat(peer& one, const wire::envelope& head);
  void complain(const std::string& from, const std::string& what);

  template <class Message>
  std::string seal(const peer* one, std::uint64_t sequence, const Message& message) const;
  bool put(const std::string& to, const std::string& frame);
  template <class Message>
  void put_sequenced(peer& one, const Message& message);
  void resend(peer& one, std::uint64_t after);

  zmq::socket_t socket_;
  node_name name_;
  session_no session_;
  cluster_events events_;
  std::map<std::string, peer> peers_;  ///< admitted, by name
  struct introduction {
    std::uint64_t hello_number;
    std::int64_t
        told_ms;  ///< told again after a while: the coordinator may have been restarted meanwhile
  };
  std::map<std::string, introduction>
      introduced_;  ///< by routing id: hello told to the coordinator, not answered
  std::map<std::string, std::int64_t> asked_;  ///< strangers asked who they are, and when
  std::size_t unsettled_ = 0;
  std::int64_t next_heartbeat_ms_ = 0;
  std::int64_t ticked_ms_ = 0;
  std::int64_t complained_ms_ = 0;
  std::uint64_t complaints_ = 0;
};

}  // namespace artel::transport
