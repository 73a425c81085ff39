// A worker node's side of its link: a DEALER to the supervisor node. Says hello until welcomed,
// sends heartbeats, keeps every frame until its ack says that it is durable, and carries what is
// not acknowledged over into a new link when the supervisor node was restarted.
#pragma once

#include <functional>

#include "actors/core/reliable_link.hpp"
#include "actors/interfaces.hpp"
#include "actors/transport/poll_thread.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

/// Where decoded messages go. Called on the poll thread; must not block.
struct client_events {
  std::function<void(introduce_yourself)> introduce;
  std::function<void(welcomed)> welcome;
  std::function<void(node_order)> order;
  std::function<void(link_pressure)> pressure;
  std::function<void(refused)> refused_for_good;  ///< this node can not belong to that cluster
};

class cluster_client : public channel {
public:
  cluster_client(zmq::context_t& context, const std::string& endpoint, node_name name,
                 session_no session, client_events events);

  zmq::socket_ref socket() override { return socket_; }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override;

  // From actors, through poll_thread::post.
  void introduce(hello what);
  template <class Message>
  void send(const Message& message);
  bool pressed() const { return pressed_; }

private:
  enum class phase : std::uint8_t { asking, greeting, linked };

  void on_frame(std::string_view frame);
  void on_welcome(const wire::envelope& head, const welcome& what);
  void on_refused(const refused& why);
  void on_linked(const wire::envelope& head);
  void deliver(const wire::envelope& head);
  void say_hello();
  bool put(const std::string& frame);
  void keep_and_put(message_no kind, const std::string& body);
  void resend(std::uint64_t after);
  void tell_pressure();
  wire::envelope head(std::uint64_t sequence) const;

  zmq::socket_t socket_;
  node_name name_;
  session_no session_;
  std::string endpoint_;
  client_events events_;
  phase phase_ = phase::asking;
  hello hello_;
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
  bool pressed_ = false;
  bool silent_ = false;
};

template <class Message>
void cluster_client::send(const Message& message) {
  keep_and_put(number_of<Message>(), wire::pack(message));
}

}  // namespace artel::transport
