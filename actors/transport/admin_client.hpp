// The client side of the admin socket, blocking, for the command line: one request, one answer, a
// deadline.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "actors/transport/curve.hpp"
#include "actors/transport/handshake_watch.hpp"
#include "messages/wire/envelope.hpp"

namespace artel::transport {

class admin_client {
public:
  /// Throws nothing; a malformed endpoint shows up in the first ask().
  explicit admin_client(std::string endpoint,
                        std::chrono::milliseconds patience = std::chrono::seconds(10),
                        client_keys keys = {});  ///< needed for tcp, not for ipc

  /// The answer of type Answer; the trouble of a refusal, of silence, or of an answer that can not
  /// be read.
  template <class Answer, class Request>
  outcome<Answer> ask(const Request& request);

  const std::string& endpoint() const { return endpoint_; }

private:
  outcome<done> ensure_connected();
  void disconnect();
  outcome<std::string> exchange(std::uint64_t sequence, const std::string& frame);

  std::string endpoint_;
  std::chrono::milliseconds patience_;
  client_keys keys_;
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::unique_ptr<handshake_watch> handshakes_;  ///< of socket_
  std::uint64_t sequence_ = 0;
  session_no session_;
};

template <class Answer, class Request>
outcome<Answer> admin_client::ask(const Request& request) {
  wire::envelope head;
  head.sender = "artel";
  head.session = session_;
  head.sequence = ++sequence_;
  auto frame = exchange(head.sequence, wire::seal(head, request));
  if (!frame) return frame.error();
  const auto said = wire::open(*frame);
  if (!said) return trouble{trouble_code::corrupt, endpoint_ + ": " + said.error().text};
  outcome<Answer> result =
      trouble{trouble_code::corrupt, endpoint_ + ": an answer of an unexpected kind"};
  const auto good = wire::open_body(*said, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, Answer>)
      result = std::move(message);
    else if constexpr (std::is_same_v<type, refused>)
      result = trouble{message.code, message.text};
  });
  if (!good) return trouble{trouble_code::corrupt, endpoint_ + ": " + good.error().text};
  return result;
}

}  // namespace artel::transport
