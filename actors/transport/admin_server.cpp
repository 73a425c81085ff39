#include "actors/transport/admin_server.hpp"

#include <stdexcept>

#include "actors/transport/endpoint.hpp"

namespace artel::transport {

admin_server::admin_server(zmq::context_t& context, const std::vector<std::string>& endpoints,
                           node_name name, session_no session,
                           std::function<void(client_asked)> asked)
    : socket_(context, zmq::socket_type::router),
      name_(std::move(name)),
      session_(session),
      asked_(std::move(asked)) {
  set_common_options(socket_);
  for (const auto& endpoint : endpoints)
    if (auto good = bind(socket_, endpoint); !good) throw std::runtime_error(good.error().text);
}

void admin_server::read(int frames) {
  for (int i = 0; i < frames; ++i) {
    zmq::message_t client, frame;
    if (!socket_.recv(client, zmq::recv_flags::dontwait)) return;
    // A REQ socket puts an empty frame before its request; a DEALER does not. The last frame is the
    // request.
    for (bool more = client.more(); more; more = frame.more())
      if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    on_frame(client.to_string(), frame.to_string_view());
  }
}

template <class Message>
std::string admin_server::seal(std::uint64_t sequence, const Message& message) const {
  wire::envelope head;
  head.sender = name_;
  head.session = session_;
  head.sequence = sequence;
  head.ack = sequence;
  return wire::seal(head, message);
}

void admin_server::reply(const std::string& client, std::uint64_t, const std::string& frame) {
  try {
    if (!socket_.send(zmq::buffer(client), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
      return;
    static_cast<void>(socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait));
  } catch (const zmq::error_t&) {
    // The client has gone; nobody waits for this answer.
  }
}

void admin_server::on_frame(const std::string& client, std::string_view frame) {
  const auto head = wire::open(frame);
  if (!head) return reply(client, 0, seal(0, refused{trouble_code::corrupt, head.error().text}));
  if (under_way_ >= requests_under_way_max)
    return reply(client, head->sequence,
                 seal(head->sequence, refused{trouble_code::limit,
                                              "too many requests under way; ask again later"}));
  bool taken = false;
  const auto good = wire::open_body(*head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_constructible_v<admin_request, type>) {
      taken = true;
      ++under_way_;
      asked_({client, head->sequence, std::move(message)});
    }
  });
  if (!good)
    reply(client, head->sequence,
          seal(head->sequence, refused{good.error().code, good.error().text}));
  else if (!taken)
    reply(client, head->sequence,
          seal(head->sequence, refused{trouble_code::bad_input,
                                       "'" + std::string(name_of(head->kind)) +
                                           "' is not a request; docs/PROTOCOL.md lists them"}));
}

void admin_server::answer(const answer_client& what) {
  if (under_way_ > 0) --under_way_;
  std::visit(
      [&](const auto& message) { reply(what.client, what.sequence, seal(what.sequence, message)); },
      what.what);
}

}  // namespace artel::transport
