#include "actors/transport/cluster_links.hpp"

#include "actors/logging/events.hpp"

#include <algorithm>

namespace artel::transport {
namespace {
constexpr std::int64_t heartbeat_every_ms = 500;
constexpr std::int64_t ask_every_ms = 200;
constexpr std::int64_t probe_every_ms = 50;
constexpr std::int64_t reconnect_ms_max = 400;  ///< a living node connects again within that
constexpr std::int64_t complain_every_ms = 1'000;
constexpr std::int64_t tell_again_ms = 1'000;
constexpr std::uint64_t credit_max = 64 * bytes_asked_max;  ///< of one node for another
constexpr std::size_t strangers_max = 1'024;
constexpr std::uint64_t acks_owed_max = 64;  ///< more settled frames are acknowledged at once
}  // namespace

void cluster_links::complain(const std::string& from, const std::string& what) {
  ++complaints_;
  if (now_ms_ - complained_ms_ < complain_every_ms) return;
  logging::note(events::frame_refused,
                {{"from", from}, {"reason", what}, {"refused_in_all", complaints_}});
  complained_ms_ = now_ms_;
}

void cluster_links::on_frame(const std::string& from, std::string_view frame, std::int64_t now_ms) {
  now_ms_ = now_ms;
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
  if (asked_.size() > strangers_max) asked_.clear();
  auto& asked = asked_[from];
  if (now_ms_ - asked < ask_every_ms) return;
  asked = now_ms_;
  put(from, seal(nullptr, 0, who_are_you{"this supervisor node does not know your session"}));
}

void cluster_links::on_hello(const std::string& from, const wire::envelope& head) {
  const auto known = peers_.find(head.sender);
  if (known != peers_.end() && known->second.session == head.session &&
      known->second.hello_number == head.sequence) {
    put(from, seal(&known->second, head.sequence, known->second.greeting));  // our welcome got lost
    return;
  }
  const auto pending = introduced_.find(from);
  // A hello that was long under way: a later one of the same process has overtaken it.
  if ((known != peers_.end() && known->second.session == head.session &&
       known->second.hello_number > head.sequence) ||
      (pending != introduced_.end() && pending->second.hello_number > head.sequence))
    return;
  if (pending != introduced_.end() && pending->second.hello_number == head.sequence &&
      now_ms_ - pending->second.told_ms < tell_again_ms)
    return;
  const auto good = wire::open_body(head, [&](auto&& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, artel::hello>) {
      introduced_[from] = {head.sequence, now_ms_};
      events_.hello(
          {head.sender, head.session, std::move(message), head.sequence, options_.session});
    }
  });
  if (!good) complain(from, good.error().text);
}

void cluster_links::on_known(peer& one, const wire::envelope& head) {
  one.heard_ms = now_ms_;
  heard_anew_ = true;
  one.gone_since_ms = 0;
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
  if (pass_on(one, head) || take_word(head)) return;
  complain(head.sender, "kind " + std::to_string(head.kind) + " without a sequence number");
}

/// Bytes of artifacts go from node to node through us: a worker node has one connection and opens
/// no port. What finds no room in a queue is dropped, and asked for again.
bool cluster_links::pass_on(peer& one, const wire::envelope& head) {
  if (head.kind != number_of<read_blob>() && head.kind != number_of<blob_piece>()) return false;
  const auto good = wire::open_body(head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, blob_piece>) {
      if (message.node.empty()) {  // no node's name: ours, as send(ask_for_blob) has it
        message.node = head.sender;
        if (events_.piece) events_.piece({std::move(message)});
        return;
      }
    }
    if constexpr (std::is_same_v<type, read_blob> || std::is_same_v<type, blob_piece>) {
      const auto to = peers_.find(message.node);
      // Credit is kept for nodes that there are, not for any name that somebody makes up.
      if (to != peers_.end() && !may_pass(head.sender, message)) return;
      if (to != peers_.end()) {
        message.node = head.sender;
        put(to->second.address, seal(&to->second, 0, message));
      } else if constexpr (std::is_same_v<type, read_blob>) {
        put(one.address, seal(&one, 0,
                              blob_piece{message.node,
                                         message.hash,
                                         message.offset,
                                         0,
                                         {},
                                         "node '" + message.node + "' is not there"}));
      }
    }
  });
  if (!good) complain(head.sender, good.error().text);
  return true;
}

/// What a node says that nothing hangs on.
bool cluster_links::take_word(const wire::envelope& head) {
  if (head.kind != number_of<log_lines>() && head.kind != number_of<node_usage>() &&
      head.kind != number_of<node_changed>())
    return false;
  const auto good = wire::open_body(head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, log_lines>) {
      if (message.lines.size() > lines_per_frame_max)
        complain(head.sender, "more lines of a log in a frame than there may be");
      else if (events_.lines)
        events_.lines({head.sender, head.session, std::move(message)});
    } else if constexpr (std::is_same_v<type, node_usage>) {
      if (events_.used) events_.used({head.sender, message});
    } else if constexpr (std::is_same_v<type, node_changed>) {
      if (events_.answered) events_.answered({head.sender, std::move(message)});
    }
  });
  if (!good) complain(head.sender, good.error().text);
  return true;
}

void cluster_links::send(const answer_lines& what) {
  const auto known = peers_.find(what.name);
  if (known != peers_.end() && known->second.session == what.session)
    put(known->second.address, seal(&known->second, 0, what.what));
}

void cluster_links::send(const ask_node& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || !put(known->second.address, seal(&known->second, 0, what.what)))
    events_.answered({what.name,
                      {what.what.number, "",
                       "node '" + what.name + "' is not in the cluster; artel nodes lists them"}});
}

void cluster_links::send(const ask_for_blob& what) {
  const auto& asked = what.what;
  const auto known = peers_.find(asked.node);
  const read_blob from_us{"", asked.hash, asked.offset, asked.size};
  if (known != peers_.end() && put(known->second.address, seal(&known->second, 0, from_us))) return;
  if (known == peers_.end() && events_.piece)
    events_.piece(
        {{asked.node, asked.hash, asked.offset, 0, {}, "node '" + asked.node + "' is not there"}});
}

/// Who asks gives credit; nobody is sent what he has not asked for.
bool cluster_links::may_pass(const std::string& from, const read_blob& what) {
  if (what.size == 0 || what.size > bytes_asked_max) return false;
  auto& credit = credit_[{what.node, from}];
  credit = std::min<std::uint64_t>(credit + what.size, credit_max);
  return true;
}

bool cluster_links::may_pass(const std::string& from, const blob_piece& what) {
  const auto found = credit_.find({from, what.node});
  const auto size = what.data.data.size();
  if (found == credit_.end() || size > piece_bytes_max || found->second < size) return false;
  found->second -= size;
  return true;
}

void cluster_links::on_heartbeat(peer& one, const wire::envelope& head) {
  const auto good = wire::open_body(head, [&](auto&& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, heartbeat>) {
      if (one.link.missing(message.sent))
        put(one.address, seal(&one, 0, resume{one.link.received()}));
      put(one.address, seal(&one, 0, heartbeat{one.link.sent(), one.link.received(), 0}));
    }
  });
  if (!good) complain(head.sender, good.error().text);
}

void cluster_links::on_sequenced(peer& one, const wire::envelope& head) {
  switch (one.link.receive(head.sequence)) {
    case core::reliable_link::verdict::duplicate:
      return;
    case core::reliable_link::verdict::gap:
      if (now_ms_ - one.asked_ms >= ask_every_ms) {
        one.asked_ms = now_ms_;
        put(one.address, seal(&one, 0, resume{one.link.received()}));
      }
      return;
    case core::reliable_link::verdict::deliver:
      return deliver(one, head);
  }
}

void cluster_links::deliver(peer& one, const wire::envelope& head) {
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
std::string cluster_links::seal(const peer* one, std::uint64_t sequence,
                                const Message& message) const {
  wire::envelope head;
  head.sender = options_.name;
  head.session = options_.session;
  head.sequence = sequence;
  head.ack = one ? one->link.settled() : 0;
  return wire::seal(head, message);
}

template <class Message>
void cluster_links::put_sequenced(peer& one, const Message& message) {
  const auto sequence = one.link.next_sequence();
  auto frame = seal(&one, sequence, message);
  one.acked = one.link.settled();
  if (one.unsent_from == 0 && !put(one.address, frame)) one.unsent_from = sequence, unsent_ = true;
  one.link.keep(std::move(frame));
}

void cluster_links::resend(peer& one, std::uint64_t after) {
  one.unsent_from = 0;
  std::uint64_t sequence = after;
  one.link.resend_after(after, [&](const std::string& frame) {
    ++sequence;
    if (one.unsent_from == 0 && !put(one.address, frame))
      one.unsent_from = sequence, unsent_ = true;
  });
}

void cluster_links::admit(const admit_node& what, std::int64_t now_ms) {
  now_ms_ = now_ms;
  const auto address = routing_id_of(what.name, what.session);
  const auto pending = introduced_.find(address);
  // A later hello may have taken the place of the one that is answered; it will be joined by
  // itself.
  if (pending == introduced_.end() || pending->second.hello_number != what.hello_number) return;
  if (const auto old = peers_.find(what.name); old != peers_.end())
    unsettled_ -=
        std::min<std::size_t>(unsettled_, old->second.link.received() - old->second.link.settled());
  auto& one = peers_[what.name] = peer{};
  one.link =
      core::reliable_link(options_.limits, first_sequence_after(pending->second.hello_number));
  one.acked = one.link.settled();
  one.address = address;
  one.session = what.session;
  one.hello_number = pending->second.hello_number;
  one.greeting = what.what;
  one.heard_ms = now_ms_;
  one.heartbeat_ms = what.what.heartbeat_ms;
  introduced_.erase(pending);
  put(one.address, seal(&one, one.hello_number, one.greeting));
}

void cluster_links::refuse(const refuse_node& what) {
  const auto address = routing_id_of(what.name, what.session);
  introduced_.erase(address);
  put(address, seal(nullptr, 0, what.what));
}

void cluster_links::renew(const renew_hello& what) {
  const auto address = routing_id_of(what.name, what.session);
  const auto pending = introduced_.find(address);
  if (pending != introduced_.end() && pending->second.hello_number == what.hello_number)
    introduced_.erase(pending);
  put(address, seal(nullptr, what.hello_number, who_are_you{"your hello was answered before"}));
}

void cluster_links::forget(const forget_node& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || known->second.session != what.session) return;
  unsettled_ -= std::min<std::size_t>(unsettled_,
                                      known->second.link.received() - known->second.link.settled());
  peers_.erase(known);
  std::erase_if(credit_, [&](const auto& one) {
    return one.first.first == what.name || one.first.second == what.name;
  });
}

void cluster_links::settle(const settle_frame& what) {
  const auto known = peers_.find(what.name);
  if (known == peers_.end() || known->second.session != what.session) return;
  auto& one = known->second;
  if (!one.link.settle(what.sequence)) return;
  if (unsettled_ > 0) --unsettled_;
  if (one.link.settled() - one.acked < acks_owed_max)
    return;  // the next order or heartbeat carries it
  one.acked = one.link.settled();
  put(one.address, seal(&one, 0, heartbeat{one.link.sent(), one.link.received(), 0}));
}

void cluster_links::send(const send_order& what) {
  const auto known = peers_.find(what.name);  // none: reconciled when it says hello
  if (known == peers_.end() || known->second.session != what.session) return;
  std::visit([&](const auto& message) { put_sequenced(known->second, message); }, what.what);
}

/// A node that was killed has no connection any more, which is known at once: its silence need not
/// last a whole lease. One that was cut off for a moment connects again within reconnect_ms_max.
void cluster_links::probe(peer& one, const node_name& name) {
  if (!wants_input() || now_ms_ - one.heard_ms < patience_with(one) ||
      now_ms_ - one.probed_ms < probe_every_ms)
    return;
  one.probed_ms = now_ms_;
  const auto frame = seal(&one, 0, heartbeat{one.link.sent(), one.link.received(), 0});
  if (put_(one.address, frame) != put_result::nobody) {
    one.gone_since_ms = 0;
  } else if (one.gone_since_ms == 0) {
    one.gone_since_ms = now_ms_;
  } else if (now_ms_ - one.gone_since_ms >= std::max(reconnect_ms_max, one.heartbeat_ms)) {
    one.gone_since_ms = now_ms_;  // told again after as long, should nobody have listened
    events_.unreachable({name, one.session, now_ms_ - one.heard_ms});
  }
}

std::int64_t cluster_links::due_ms(std::int64_t ticked_ms) const {
  const auto due =
      std::min(silent_ms_, ticked_ms + (unsent_ || !wants_input() ? again_ms : idle_ms));
  return heard_anew_ ? std::min(due, next_heard_ms_) : due;
}

void cluster_links::tick(std::int64_t now_ms) {
  now_ms_ = now_ms;
  // Stopped (SIGSTOP, a suspended machine): what was sent meanwhile is still in the sockets.
  if (const auto gap = now_ms_ - ticked_ms_; ticked_ms_ != 0 && gap > heartbeat_every_ms)
    for (auto& [name, one] : peers_) {
      heard_anew_ = true;
      one.heard_ms += gap;
      // Peers gave up on their connections meanwhile and are making new ones.
      one.gone_since_ms = 0;
      one.probed_ms = now_ms + one.greeting.lease_ms;
    }
  ticked_ms_ = now_ms_;
  if (!wants_input())  // nobody can be heard while we do not listen: that is not their fault
    for (auto& [name, one] : peers_) one.heard_ms = now_ms_, heard_anew_ = true;
  unsent_ = false;
  silent_ms_ = now_ms_ + idle_ms;
  for (auto& [name, one] : peers_) {
    if (one.unsent_from != 0) resend(one, one.unsent_from - 1);
    probe(one, name);
    silent_ms_ = std::min(
        silent_ms_, std::max(one.heard_ms + patience_with(one), one.probed_ms + probe_every_ms));
  }
  if (!heard_anew_ || now_ms_ < next_heard_ms_) return;
  heard_anew_ = false;
  next_heard_ms_ = now_ms_ + heartbeat_every_ms / 5;
  nodes_heard heard;
  for (auto& [name, one] : peers_) heard.ms_ago.emplace_back(name, now_ms_ - one.heard_ms);
  events_.heard(std::move(heard));
}

}  // namespace artel::transport
