// The admin socket: a ROUTER that takes one request per frame and answers each with one frame under
// the same sequence number. Requests under way are bounded; a client that floods is told so rather
// than queued for ever.
#pragma once

#include <functional>
#include <map>

#include "actors/interfaces.hpp"
#include "actors/transport/poll_thread.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

constexpr std::size_t requests_under_way_max = 1'024;

class admin_server : public channel {
public:
  /// Throws std::runtime_error when it can not bind one of `endpoints`.
  admin_server(zmq::context_t& context, const std::vector<std::string>& endpoints, node_name name,
               session_no session, std::function<void(client_asked)> asked);

  zmq::socket_ref socket() override { return socket_; }
  void read(int frames) override;
  void tick(std::int64_t) override {}
  void answer(const answer_client& what);

private:
  void on_frame(const std::string& client, std::string_view frame);
  void reply(const std::string& client, std::uint64_t sequence, const std::string& frame);
  template <class Message>
  std::string seal(std::uint64_t sequence, const Message& message) const;

  zmq::socket_t socket_;
  node_name name_;
  session_no session_;
  std::function<void(client_asked)> asked_;
  std::size_t under_way_ = 0;
};

}  // namespace artel::transport
