#include "actors/transport/cluster_server.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>

#include "actors/transport/endpoint.hpp"

namespace artel::transport {
namespace {
constexpr std::int64_t heartbeat_every_ms = 500;
constexpr std::int64_t ask_every_ms = 200;
constexpr std::int64_t complain_every_ms = 1'000;
constexpr std::int64_t tell_again_ms = 1'000;
constexpr std::size_t strangers_max = 1'024;
constexpr std::uint64_t acks_owed_max =
    64;  ///< more settled frames than this are acknowledged at once
}  // namespace

cluster_server::cluster_server(zmq::context_t& context, const std::string& endpoint, node_name name,
                               session_no session, cluster_events events)
    : socket_(context, zmq::socket_type::router),
      name_(std::move(name)),
      session_(session),
      events_(std::move(events)) {
  set_common_options(socket_);
  socket_.set(zmq::sockopt::router_mandatory, 1);  // a vanished peer is an error, not silence
  socket_.set(zmq::sockopt::router_handover, 1);   // a reconnecting peer keeps its name
  if (auto good = bind(socket_, endpoint); !good) throw std::runtime_error(good.error().text);
}

void cluster_server::read(int frames) {
  for (int i = 0; i < frames && wants_input(); ++i) {
    zmq::message_t from, frame;
    if (!socket_.recv(from, zmq::recv_flags::dontwait)) return;
    bool more = from.more();
    if (!more) continue;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    more = frame.more();
    for (zmq::message_t rest; more; more = rest.more())
      if (!socket_.recv(rest, zmq::recv_flags::dontwait)) return;
    on_frame(from.to_string(), frame.to_string_view());
  }
}

void cluster_server::complain(const std::string& from, const std::string& what) {
  ++complaints_;
  const auto now = steady_ms();
  if (now - complained_ms_ < complain_every_ms) return;
  spdlog::warn("frame_refused from=\"{}\" reason=\"{}\" refused_in_all={}", from, what,
               complaints_);
  complained_ms_ = now;
}

void cluster_server::on_frame(const std::string& from, std::string_view frame) {
  const auto head = wire::open(frame);
  if (!head) {
    complain(from, head.error().text);
    // A peer of another version is told so; it may understand our refusal at least.
    put(from, seal(nullptr, 0, refused{trouble_code::corrupt, head.error().text}));
    return;
  }
  if (routing_id_of(head->sender, head->session) != from)
    return complain(from, "the sender calls itself '" + head->sender +
                              "' but connected under another name or session");
  if (head->kind == number_of<artel::hello>()) return on_hello(from, *head);
  const auto known = peers_.find(head->sender);
  if (known != peers_.end() && known->second.session == head->session)
    return on_known(known->second, *head);
  if (introduced_.contains(from)) return;  // the coordinator is being asked
  const auto now = steady_ms();
  if (asked_.size() > strangers_max) asked_.clear();
  auto& asked = asked_[from];
  if (now - asked < ask_every_ms) return;
  asked = now;
  put(from, seal(nullptr, 0, who_are_you{"this supervisor node does not know your session"}));
}

void cluster_server::on_hello(const std::string& from, const wire::envelope& head) {
  const auto known = peers_.find(head.sender);
  if (known != peers_.end() && known->second.session == head.session &&
      known->second.hello_number == head.sequence) {
    put(from, seal(&known->second, head.sequence, known->second.greeting));  // our welcome got lost
    return;
  }
  const auto now = steady_ms();
  const auto pending = introduced_.find(from);
  if (pending != introduced_.end() && pending->second.hello_number == head.sequence &&
      now - pending->second.told_ms < tell_again_ms)
    return;
  const auto good = wire::open_body(head, [&](auto&& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, artel::hello>) {
      introduced_[from] = {head.sequence, now};
      events_.hello({head.sender, head.session, std::move(message), head.sequence});
    }
  });
  if (!good) complain(from, good.error().text);
}

void cluster_server::on_known(peer& one, const wire::envelope& head) {
  one.heard_ms = steady_ms();
  if (!one.link.acknowledged(head.ack))
    complain(head.sender, "ack " + std::to_string(head.ack) + " of a frame that was never sent");
  if (head.sequence != 0) return on_sequenced(one, head);
  if (head.kind == number_of<heartbeat>()) return on_heartbeat(one, head);
  if (head.kind == number_of<resume>()) {
    const auto good = wire::open_body(head, [&](auto&& message) {
      if constexpr (std::is_same_v<std::decay_t<decltype(message)>, resume>)
        resend(one, message.received);
    });
    if (!good) complain(head.sender, good.error().text);
    return;
  }
  complain(head.sender, "kind " + std::to_string(head.kind) + " without a sequence number");
}

void cluster_server::on_heartbeat(peer& one, const wire::envelope& head) {
  const auto good = wire::open_body(head, [&](auto&& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, heartbeat>) {
      if (one.link.missing(message.sent))
        put(one.address, seal(&one, 0, resume{one.link.received()}));
      put(one.address, seal(&one, 0, heartbeat{one.link.sent(), one.link.received(), 0}));
    }
  });
  if (!good) complain(head.sender, good.error().text);
}

void cluster_server::on_sequenced(peer& one, const wire::envelope& head) {
  switch (one.link.receive(head.sequence)) {
    case core::reliable_link::verdict::duplicate:
      return;
    case core::reliable_link::verdict::gap:
      if (const auto now = steady_ms(); now - one.asked_ms >= ask_every_ms) {
        one.asked_ms = now;
        put(one.address, seal(&one, 0, resume{one.link.received()}));
      }
      return;
    case core::reliable_link::verdict::deliver:
      return deliver(one, head);
  }
}

void cluster_server::deliver(peer& one, const wire::envelope& head) {
  const auto& from = head.sender;
  bool kept = false;  // someone will settle it later
  const auto good = wire::open_body(head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, steps_reported>) {
      kept = true;
      events_.reported({from, head.session, head.sequence, std::move(message)});
    } else if constexpr (std::is_same_v<type, step_output>) {
      kept = true;
      events_.output({from, head.session, head.sequence, std::move(message)});
    } else if constexpr (std::is_same_v<type, steps_progressed>) {
      events_.progressed({from, head.session, std::move(message)});
    } else if constexpr (std::is_same_v<type, node_tree>) {
      events_.tree({from, std::move(message)});
    } else if constexpr (std::is_same_v<type, goodbye>) {
      events_.left({from, head.session, std::move(message)});
    } else {
      complain(from, "kind " + std::to_string(head.kind) + " is not for a supervisor node");
    }
  });
  if (!good) complain(from, good.error().text);
  if (kept)
    ++unsettled_;
  else
    one.link.settle(head.sequence);
}

template <class Message>
std::string cluster_server::seal(const peer* one, std::uint64_t sequence,
                                 const Message& message) const {
  wire::envelope head;
  head.sender = name_;
  head.session = session_;
  head.sequence = sequence;
  head.ack = one ? one->link.settled() : 0;
  return wire::seal(head, message);
}

bool cluster_server::put(const std::string& to, const std::string& frame) {
  try {
    // The frame follows its address at once or not at all: a ROUTER that took the address takes the
    // frame.
    if (!socket_.send(zmq::buffer(to), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
      return false;
    return socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t&) {
    return false;  // the peer is not connected now; its link keeps what matters
  }
}

template <class Message>
void cluster_server::put_sequenced(peer& one, const Message& message) {
  const auto sequence = one.link.next_sequence();
  auto frame = seal(&one, sequence, message);
  one.acked = one.link.settled();
  if (one.unsent_from == 0 && !put(one.address, frame)) one.unsent_from = sequence;
  one.link.keep(std::move(frame));
}

void cluster_server::resend(peer& one, std::uint64_t after) {
  one.unsent_from = 0;
  std::uint64_t sequence = after;
  one.link.resend_after(after, [&](const std::string& frame) {
    ++sequence;
    if (one.unsent_from == 0 && !put(one.address, frame)) one.unsent_from = sequence;
  });
}

void cluster_server::admit(const admit_node& what) {
  const auto address = routing_id_of(what.name, what.session);
  const auto pending = introduced_.find(address);
  if (pending == introduced_.end()) return;
  if (const auto old = peers_.find(what.name); old != peers_.end())
    unsettled_ -=
        std::min<std::size_t>(unsettled_, old->second.link.received() - old->second.link.settled());
  auto& one = peers_[what.name] = peer{};
  one.address = address;
  one.session = what.session;
  one.hello_number = pending->second.hello_number;
  one.greeting = what.what;
  one.heard_ms = steady_ms();
  introduced_.erase(pending);
  put(one.address, seal(&one, one.hello_number, one.greeting));
}

void cluster_server::refuse(const refuse_node& what) {
  const auto address = routing_id_of(what.name, what.session);
  introduced_.erase(address);
  put(address, seal(nullptr, 0, what.what));
}

void cluster_server::forget(const forget_node& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || known->second.session != what.session) return;
  unsettled_ -= std::min<std::size_t>(unsettled_,
                                      known->second.link.received() - known->second.link.settled());
  peers_.erase(known);
}

void cluster_server::settle(const settle_frame& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || known->second.session != what.session) return;
  if (unsettled_ > 0) --unsettled_;
  auto& one = known->second;
  one.link.settle(what.sequence);
  if (one.link.settled() - one.acked < acks_owed_max)
    return;  // the next order or heartbeat carries it
  one.acked = one.link.settled();
  put(one.address, seal(&one, 0, heartbeat{one.link.sent(), one.link.received(), 0}));
}

void cluster_server::send(const send_order& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || known->second.session != what.session)
    return;  // reconciled when it says hello
  std::visit([&](const auto& message) { put_sequenced(known->second, message); }, what.what);
}

void cluster_server::tick(std::int64_t now_ms) {
  // Stopped (SIGSTOP, a suspended machine): what was sent meanwhile is still in the sockets.
  if (const auto gap = now_ms - ticked_ms_; ticked_ms_ != 0 && gap > heartbeat_every_ms)
    for (auto& [name, one] : peers_) one.heard_ms += gap;
  ticked_ms_ = now_ms;
  if (!wants_input())  // nobody can be heard while we do not listen: that is not their fault
    for (auto& [name, one] : peers_) one.heard_ms = now_ms;
  for (auto& [name, one] : peers_)
    if (one.unsent_from != 0) resend(one, one.unsent_from - 1);
  if (now_ms < next_heartbeat_ms_) return;
  next_heartbeat_ms_ = now_ms + heartbeat_every_ms / 5;
  nodes_heard heard;
  for (auto& [name, one] : peers_) heard.ms_ago.emplace_back(name, now_ms - one.heard_ms);
  events_.heard(std::move(heard));
}

}  // namespace artel::transport
