// A worker node's side of its link, without a socket: frames and times go in, frames and messages
// come out. Says hello until welcomed, sends heartbeats, keeps every frame until its ack says that
// it is durable, and carries what is not acknowledged over into a new link when the supervisor node
// was restarted. cluster_client gives it a socket; the simulation gives it a network that lies.
#pragma once

#include <functional>

#include "actors/core/reliable_link.hpp"
#include "actors/interfaces.hpp"
#include "actors/transport/pace.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

/// Where decoded messages go. Must not block.
struct client_events {
  std::function<void(introduce_yourself)> introduce;
  std::function<void(welcomed)> welcome;
  std::function<void(node_order)> order;
  std::function<void(link_pressure)> pressure;
  std::function<void(read_blob)> blob_asked;  ///< another node wants bytes
  std::function<void(blob_piece)> piece_came;
  std::function<void(refused)> refused_for_good;  ///< this node can not belong to that cluster
  std::function<void(lines_taken)> lines_taken = {};
  std::function<void(node_change)> change = {};
};

struct node_link_options {
  node_name name;
  session_no session = 0;
  std::string endpoint;  ///< for messages to people
  core::link_limits limits;
};

class node_link {
public:
  /// Hands a frame to the transport; false when it does not take it now.
  using put_frame = std::function<bool(const std::string& frame)>;

  node_link(node_link_options what, put_frame put, client_events events)
      : options_(std::move(what)),
        put_(std::move(put)),
        events_(std::move(events)),
        link_(options_.limits) {}

  // Times are monotonic milliseconds.
  void on_frame(std::string_view frame, std::int64_t now_ms);
  void tick(std::int64_t now_ms);
  /// When tick has something to do, if the last was at `ticked_ms`.
  std::int64_t due_ms(std::int64_t ticked_ms) const;
  /// What was said in the hello holds no more: makes the link anew. Orders that come until then
  /// count as not received.
  void start_over(const char* why) {
    if (phase_ != phase::asking) introduce_anew(why);  // a hello that is out says the old
  }
  void introduce(hello what, std::int64_t now_ms);
  template <class Message>
  void send(const Message& message) {
    keep_and_put(number_of<Message>(), wire::pack(message));
  }
  /// Not numbered and not kept: who wants bytes of a blob asks again.
  template <class Message>
  void send_once(const Message& message) {
    if (phase_ == phase::linked) put_(wire::seal(head(0), message));
  }
  bool pressed() const { return pressed_; }
  const core::reliable_link& link() const { return link_; }

private:
  enum class phase : std::uint8_t { asking, greeting, linked };

  void on_welcome(const wire::envelope& head, const welcome& what);
  void introduce_anew(const char* why);
  void on_refused(const refused& why, std::int64_t now_ms);
  void on_linked(const wire::envelope& head, std::int64_t now_ms);
  void deliver(const wire::envelope& head);
  void say_hello(std::int64_t now_ms);
  void keep_and_put(message_no kind, const std::string& body);
  void resend(std::uint64_t after);
  void tell_pressure();
  wire::envelope head(std::uint64_t sequence) const;

  node_link_options options_;
  put_frame put_;
  client_events events_;
  phase phase_ = phase::asking;
  hello hello_;
  /// By the clock, so that a process that makes its link anew does not repeat one: it would be
  /// answered from memory, on the old link.
  std::uint64_t hello_number_ = 0;
  session_no server_session_ = 0;
  core::reliable_link link_;
  std::uint64_t unsent_from_ = 0;
  std::int64_t next_hello_ms_ = 0;
  std::int64_t next_heartbeat_ms_ = 0;
  std::int64_t asked_resume_ms_ = 0;
  std::int64_t refused_since_ms_ = 0;
  std::int64_t heartbeat_every_ms_ = 500;
  std::int64_t heard_ms_ = 0;
  std::int64_t alone_since_ms_ = 0;  ///< it has no link since then; 0: it has one
  bool pressed_ = false;
  bool silent_ = false;
};

}  // namespace artel::transport
