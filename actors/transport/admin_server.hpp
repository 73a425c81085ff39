// The admin socket: a ROUTER that takes one request per frame and answers each with one frame under
// the same sequence number. Requests under way and the rate of each user are bounded; a client that
// floods is told so rather than queued for ever. Local sockets belong to the node's own user; with
// a gate the socket speaks CURVE, and the key says who asks.
#pragma once

#include <functional>
#include <map>

#include "actors/interfaces.hpp"
#include "actors/transport/curve.hpp"
#include "actors/transport/gate.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

constexpr std::size_t requests_under_way_max = 1'024;
constexpr std::size_t requests_under_way_of_user_max = 256;     ///< with CURVE
constexpr std::size_t requests_per_second_of_user_max = 1'000;  ///< with CURVE
constexpr std::int64_t remote_request_bytes_max = 4 << 20;
constexpr int remote_requests_queued_max = 64;  ///< of one connection, read by nobody yet

struct admin_server_options {
  std::vector<std::string> endpoints;
  node_name name;
  session_no session = 0;
  char mark = 'l';  ///< begins its clients' names, so that answers find the right socket
  key_pair keys;
  gate* by = nullptr;  ///< speaks CURVE when there is one
};

class admin_server : public channel {
public:
  /// Throws std::runtime_error when it can not bind one of `endpoints`.
  admin_server(zmq::context_t& context, admin_server_options what,
               std::function<void(client_asked)> asked);

  zmq::socket_ref socket() override { return socket_; }
  void read(int frames) override;
  void tick(std::int64_t now_ms) override;
  void answer(const answer_client& what);

private:
  struct usage {
    std::size_t under_way = 0;
    std::size_t this_second = 0;
  };
  void on_frame(const std::string& client, const zmq::message_t& frame);
  /// Nobody: no longer allowed.
  std::optional<asking_user> who_asks(const zmq::message_t& frame) const;
  bool take(const std::string& user);
  void reply(const std::string& client, const std::string& frame);
  template <class Message>
  std::string seal(std::uint64_t sequence, const Message& message) const;

  zmq::socket_t socket_;
  admin_server_options options_;
  std::function<void(client_asked)> asked_;
  std::size_t under_way_ = 0;
  std::map<std::string, usage> users_;
  std::map<std::pair<std::string, std::uint64_t>, std::string> asked_by_;
  std::int64_t second_began_ms_ = 0;
};

}  // namespace artel::transport
