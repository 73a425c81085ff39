#include "actors/transport/admin_server.hpp"

#include <stdexcept>

#include "actors/transport/endpoint.hpp"

namespace artel::transport {

admin_server::admin_server(zmq::context_t& context, admin_server_options what,
                           std::function<void(client_asked)> asked)
    : socket_(context, zmq::socket_type::router),
      options_(std::move(what)),
      asked_(std::move(asked)) {
  set_common_options(socket_);
  if (options_.by != nullptr) {
    speak_curve(socket_, options_.keys, admin_domain);
    socket_.set(zmq::sockopt::maxmsgsize, remote_request_bytes_max);
    socket_.set(zmq::sockopt::rcvhwm, remote_requests_queued_max);
  }
  for (const auto& endpoint : options_.endpoints)
    if (auto good = bind(socket_, endpoint, admin_domain); !good)
      throw std::runtime_error(good.error().text);
}

void admin_server::tick(std::int64_t now_ms) {
  if (now_ms - second_began_ms_ < 1'000) return;
  second_began_ms_ = now_ms;
  for (auto& [name, one] : users_) one.this_second = 0;
  std::erase_if(users_, [](const auto& each) { return each.second.under_way == 0; });
}

void admin_server::read(int frames) {
  for (int i = 0; i < frames; ++i) {
    zmq::message_t client, frame;
    if (!socket_.recv(client, zmq::recv_flags::dontwait)) return;
    // A REQ socket puts an empty frame before its request; a DEALER does not. The last frame is the
    // request.
    for (bool more = client.more(); more; more = frame.more())
      if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    on_frame(client.to_string(), frame);
  }
}

template <class Message>
std::string admin_server::seal(std::uint64_t sequence, const Message& message) const {
  wire::envelope head;
  head.sender = options_.name;
  head.session = options_.session;
  head.sequence = sequence;
  head.ack = sequence;
  return wire::seal(head, message);
}

void admin_server::reply(const std::string& client, const std::string& frame) {
  try {
    if (!socket_.send(zmq::buffer(client), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
      return;
    static_cast<void>(socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait));
  } catch (const zmq::error_t&) {
    // The client has gone; nobody waits for this answer.
  }
}

std::optional<asking_user> admin_server::who_asks(const zmq::message_t& frame) const {
  if (options_.by == nullptr) return asking_user{"", user_role::admin, "local"};
  const auto user = options_.by->user_behind(frame);
  if (!user) return std::nullopt;
  return asking_user{user->name, user->role, address_behind(frame)};
}

bool admin_server::take(const std::string& user) {
  if (under_way_ >= requests_under_way_max) return false;
  if (options_.by == nullptr) return true;
  auto& one = users_[user];
  return one.under_way < requests_under_way_of_user_max &&
         ++one.this_second <= requests_per_second_of_user_max;
}

void admin_server::on_frame(const std::string& client, const zmq::message_t& frame) {
  const auto head = wire::open(frame.to_string_view());
  if (!head) return reply(client, seal(0, refused{trouble_code::corrupt, head.error().text}));
  const auto refuse = [&](trouble_code code, const std::string& text) {
    reply(client, seal(head->sequence, refused{code, text}));
  };
  const auto who = who_asks(frame);
  if (!who) return refuse(trouble_code::denied, "this key is not in the access file any more");
  if (!take(who->name))
    return refuse(trouble_code::limit, "too many requests under way, or a second; ask again later");
  if (asked_by_.contains({client, head->sequence}))
    return refuse(trouble_code::conflict, "a request of this number is under way already");
  bool taken = false;
  const auto good = wire::open_body(*head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_constructible_v<admin_request, type>) {
      taken = true;
      ++under_way_;
      if (options_.by != nullptr) {
        ++users_[who->name].under_way;
        asked_by_[{client, head->sequence}] = who->name;
      }
      asked_({options_.mark + client, head->sequence, std::move(message), *who});
    }
  });
  if (!good)
    refuse(good.error().code, good.error().text);
  else if (!taken)
    refuse(trouble_code::bad_input, "'" + std::string(name_of(head->kind)) +
                                        "' is not a request; docs/PROTOCOL.md lists them");
}

void admin_server::answer(const answer_client& what) {
  if (under_way_ > 0) --under_way_;
  const auto client = what.client.substr(1);
  if (auto asked = asked_by_.extract({client, what.sequence}); asked)
    if (auto& one = users_[asked.mapped()]; one.under_way > 0) --one.under_way;
  std::visit([&](const auto& message) { reply(client, seal(what.sequence, message)); }, what.what);
}

}  // namespace artel::transport
