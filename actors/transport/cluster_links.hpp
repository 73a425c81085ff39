// The supervisor node's side of all links, without a socket: frames and times go in, frames and
// messages come out. Keeps a reliable link per admitted session; unknown sessions are asked who
// they are. Wants no input while too much of what was read is not durable. cluster_server gives it
// a socket; the simulation gives it a network that lies.
#pragma once

#include <functional>
#include <map>

#include "actors/core/reliable_link.hpp"
#include "actors/interfaces.hpp"
#include "actors/transport/pace.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

constexpr std::size_t unsettled_frames_max = 2'048;  ///< read but not yet durable, over all nodes

/// A worker node's address on the cluster socket. Two processes that were given one name stay
/// apart, and a reconnecting process keeps its own.
inline std::string routing_id_of(const node_name& name, session_no session) {
  return name + "#" + std::to_string(session);
}

/// Where decoded messages go. Must not block.
struct cluster_events {
  std::function<void(node_hello)> hello;
  std::function<void(node_reported)> reported;
  std::function<void(node_progressed)> progressed;
  std::function<void(node_output)> output;
  std::function<void(node_tree_told)> tree;
  std::function<void(node_left)> left;
  std::function<void(nodes_heard)> heard;
  std::function<void(node_unreachable)> unreachable;
  std::function<void(node_lines)> lines = {};
  std::function<void(node_used)> used = {};
  std::function<void(node_answered)> answered = {};
  std::function<void(piece_came)> piece = {};  ///< that the supervisor node itself asked for
};

/// What became of a frame that was handed to the transport.
enum class put_result : std::uint8_t {
  taken,
  later,   ///< the peer's queue is full
  nobody,  ///< no connection to the peer
};

struct cluster_links_options {
  node_name name;
  session_no session = 0;  ///< of this supervisor node's process
  core::link_limits limits;
};

class cluster_links {
public:
  using put_frame = std::function<put_result(const std::string& to, const std::string& frame)>;

  cluster_links(cluster_links_options what, put_frame put, cluster_events events)
      : options_(std::move(what)), put_(std::move(put)), events_(std::move(events)) {}

  bool wants_input() const { return unsettled_ < unsettled_frames_max; }
  // Times are monotonic milliseconds; `from` is a routing id.
  void on_frame(const std::string& from, std::string_view frame, std::int64_t now_ms);
  void tick(std::int64_t now_ms);
  /// When tick has something to do, if the last was at `ticked_ms`.
  std::int64_t due_ms(std::int64_t ticked_ms) const;

  void admit(const admit_node& what, std::int64_t now_ms);
  void refuse(const refuse_node& what);
  void renew(const renew_hello& what);
  void forget(const forget_node& what);
  void settle(const settle_frame& what);
  void send(const send_order& what);
  /// Not kept: the node sends its lines again, and who asks for a change is told that there was no
  /// answer.
  void send(const answer_lines& what);
  void send(const ask_node& what);
  /// Bytes for the supervisor node itself; what gets lost is asked for again.
  void send(const ask_for_blob& what);

  /// The link to a node, or nullptr; for whoever checks bounds.
  const core::reliable_link* link_to(const node_name& name) const {
    const auto known = peers_.find(name);
    return known == peers_.end() ? nullptr : &known->second.link;
  }

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
    std::int64_t heartbeat_ms = 0;  ///< how often it should be heard
    std::int64_t probed_ms = 0;
    std::int64_t gone_since_ms =
        0;  ///< no connection to it since; 0: there is one, as far as known
  };

  void on_hello(const std::string& from, const wire::envelope& head);
  void on_known(peer& one, const wire::envelope& head);
  void on_sequenced(peer& one, const wire::envelope& head);
  void deliver(peer& one, const wire::envelope& head);
  void on_heartbeat(peer& one, const wire::envelope& head);
  bool pass_on(peer& one, const wire::envelope& head);
  bool take_word(const wire::envelope& head);
  bool may_pass(const std::string& from, const read_blob& what);
  bool may_pass(const std::string& from, const blob_piece& what);
  void complain(const std::string& from, const std::string& what);

  template <class Message>
  std::string seal(const peer* one, std::uint64_t sequence, const Message& message) const;
  bool put(const std::string& to, const std::string& frame) {
    return put_(to, frame) == put_result::taken;
  }
  static std::int64_t patience_with(const peer& one) {
    return one.heartbeat_ms + one.heartbeat_ms / 4;
  }
  void probe(peer& one, const node_name& name);
  template <class Message>
  void put_sequenced(peer& one, const Message& message);
  void resend(peer& one, std::uint64_t after);

  cluster_links_options options_;
  put_frame put_;
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
  /// Bytes that the first may still send to the second.
  std::map<std::pair<std::string, std::string>, std::uint64_t> credit_;
  std::size_t unsettled_ = 0;
  bool unsent_ = false;         ///< a socket has refused something
  bool heard_anew_ = false;     ///< since that was told
  std::int64_t silent_ms_ = 0;  ///< no peer is to be probed before
  std::int64_t next_heard_ms_ = 0;
  std::int64_t now_ms_ = 0;  ///< of the call that is being served
  std::int64_t ticked_ms_ = 0;
  std::int64_t complained_ms_ = 0;
  std::uint64_t complaints_ = 0;
};

}  // namespace artel::transport
