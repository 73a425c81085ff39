#include "actors/transport/node_link.hpp"

#include "actors/logging/events.hpp"

#include <algorithm>

namespace artel::transport {
namespace {
constexpr std::int64_t hello_every_ms = 50;
constexpr std::int64_t ask_every_ms = 200;
// A node of the same name may just have been killed: the cluster needs a lease to notice, so a
// refusal is final only after this long.
constexpr std::int64_t refusal_patience_ms = 5'000;
constexpr std::int64_t silence_ms = 3'000;
constexpr std::int64_t alone_ms = 10'000;  ///< without an answer to a hello, until that is told
}  // namespace

wire::envelope node_link::head(std::uint64_t sequence) const {
  wire::envelope one;
  one.sender = options_.name;
  one.session = options_.session;
  one.sequence = sequence;
  one.ack = link_.settled();
  return one;
}

void node_link::on_frame(std::string_view frame, std::int64_t now_ms) {
  const auto head = wire::open(frame);
  if (!head) {
    // The other side speaks another version: waiting does not help.
    return events_.refused_for_good(
        {trouble_code::corrupt, options_.endpoint + ": " + head.error().text});
  }
  heard_ms_ = now_ms;
  if (silent_) logging::note(events::supervisor_heard_again, {{"endpoint", options_.endpoint}});
  silent_ = false;
  // Asked while we are linked; or our hello is one that was answered long ago and counts no more.
  if (head->kind == number_of<who_are_you>() &&
      (phase_ == phase::linked || (phase_ == phase::greeting && head->sequence == hello_number_)))
    return introduce_anew("the supervisor node asks");
  if (phase_ == phase::linked && head->session == server_session_ &&
      head->kind != number_of<welcome>())
    return on_linked(*head, now_ms);
  // Another process speaks there now. A hello that was long under way may have made it believe that
  // it has a link with us.
  if (phase_ == phase::linked && head->session != server_session_ &&
      head->kind != number_of<refused>())
    return introduce_anew("the supervisor node was restarted");
  const auto good = wire::open_body(*head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_same_v<type, welcome>)
      on_welcome(*head, message);
    else if constexpr (std::is_same_v<type, refused>)
      on_refused(message, now_ms);
  });
  if (!good)
    logging::note(events::frame_refused, {{"from", head->sender}, {"reason", good.error().text}});
}

void node_link::introduce_anew(const char* why) {
  phase_ = phase::asking;
  events_.introduce({why});
}

void node_link::on_refused(const refused& why, std::int64_t now_ms) {
  const bool first = refused_since_ms_ == 0;
  if (first) refused_since_ms_ = now_ms;
  const bool final =
      why.code != trouble_code::conflict || now_ms - refused_since_ms_ > refusal_patience_ms;
  if (final) return events_.refused_for_good(why);
  if (first) logging::note(events::hello_refused, {{"reason", why.text}});
}

void node_link::on_welcome(const wire::envelope& said, const welcome& what) {
  if (phase_ != phase::greeting || said.sequence != hello_number_) return;
  // A new link: what the old one had not been acknowledged goes first, under new numbers.
  core::reliable_link old = std::exchange(
      link_, core::reliable_link(options_.limits, first_sequence_after(hello_number_)));
  server_session_ = said.session;
  phase_ = phase::linked;
  unsent_from_ = 0;
  refused_since_ms_ = 0;
  heartbeat_every_ms_ = what.heartbeat_ms;
  old.resend_after(0, [&](const std::string& frame) {
    if (const auto before = wire::open(frame))
      keep_and_put(before->kind, std::string(before->body.data));
  });
  events_.welcome({what});
}

void node_link::on_linked(const wire::envelope& head, std::int64_t now_ms) {
  link_.acknowledged(head.ack);
  tell_pressure();
  if (head.sequence == 0) {
    const auto good = wire::open_body(head, [&](auto&& message) {
      using type = std::decay_t<decltype(message)>;
      if constexpr (std::is_same_v<type, heartbeat>) {
        if (link_.missing(message.sent)) put_(wire::seal(this->head(0), resume{link_.received()}));
      } else if constexpr (std::is_same_v<type, resume>) {
        resend(message.received);
      } else if constexpr (std::is_same_v<type, read_blob>) {
        events_.blob_asked(std::move(message));
      } else if constexpr (std::is_same_v<type, blob_piece>) {
        events_.piece_came(std::move(message));
      } else if constexpr (std::is_same_v<type, lines_taken>) {
        if (events_.lines_taken) events_.lines_taken(message);
      } else if constexpr (std::is_same_v<type, node_change>) {
        if (events_.change) events_.change(std::move(message));
      } else if constexpr (std::is_same_v<type, refused>) {
        events_.refused_for_good(message);
      }
    });
    if (!good)
      logging::note(events::frame_refused, {{"from", head.sender}, {"reason", good.error().text}});
    return;
  }
  switch (link_.receive(head.sequence)) {
    case core::reliable_link::verdict::duplicate:
      return;
    case core::reliable_link::verdict::gap:
      if (now_ms - asked_resume_ms_ >= ask_every_ms) {
        asked_resume_ms_ = now_ms;
        put_(wire::seal(this->head(0), resume{link_.received()}));
      }
      return;
    case core::reliable_link::verdict::deliver:
      return deliver(head);
  }
}

void node_link::deliver(const wire::envelope& head) {
  const auto good = wire::open_body(head, [&](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    if constexpr (std::is_constructible_v<node_order, type>)
      events_.order(std::move(message));
    else
      logging::note(events::frame_refused, {{"from", head.sender},
                                            {"reason", "kind " + std::to_string(head.kind) +
                                                           " is not for a worker node"}});
  });
  if (!good)
    logging::note(events::frame_refused, {{"from", head.sender}, {"reason", good.error().text}});
  link_.settle(
      head.sequence);  // orders live as long as this process; its death is told by its lease
}

void node_link::introduce(hello what, std::int64_t now_ms) {
  hello_ = std::move(what);
  // An attempt whose report is not acknowledged is still ours to tell of: left out, it would count
  // as lost.
  link_.resend_after(0, [this](const std::string& frame) {
    const auto head = wire::open(frame);
    if (!head || head->kind != number_of<steps_reported>()) return;
    static_cast<void>(wire::open_body(*head, [this](auto&& message) {
      if constexpr (std::is_same_v<std::decay_t<decltype(message)>, steps_reported>)
        for (const auto& report : message.reports)
          hello_.attempts.push_back({report.run, report.instance, report.attempt});
    }));
  });
  hello_number_ = std::max(hello_number_ + 1, static_cast<std::uint64_t>(now_ms));
  phase_ = phase::greeting;
  say_hello(now_ms);
}

void node_link::say_hello(std::int64_t now_ms) {
  next_hello_ms_ = now_ms + hello_every_ms;
  put_(wire::seal(head(hello_number_), hello_));
}

void node_link::keep_and_put(message_no kind, const std::string& body) {
  auto one = head(link_.next_sequence());
  one.kind = kind;
  one.body = bytes_view{body};
  auto frame = wire::pack(one);
  if (phase_ != phase::linked || (unsent_from_ == 0 && !put_(frame)))
    if (unsent_from_ == 0) unsent_from_ = one.sequence;
  link_.keep(std::move(frame));
  tell_pressure();
}

void node_link::tell_pressure() {
  if (link_.full() == pressed_) return;
  pressed_ = link_.full();
  events_.pressure({pressed_});
}

void node_link::resend(std::uint64_t after) {
  unsent_from_ = 0;
  std::uint64_t sequence = after;
  link_.resend_after(after, [&](const std::string& frame) {
    ++sequence;
    if (unsent_from_ == 0 && !put_(frame)) unsent_from_ = sequence;
  });
}

std::int64_t node_link::due_ms(std::int64_t ticked_ms) const {
  const auto due = ticked_ms + idle_ms;
  if (phase_ == phase::greeting) return std::min(due, next_hello_ms_);
  if (phase_ != phase::linked) return due;
  return unsent_from_ == 0 ? next_heartbeat_ms_
                           : std::min(next_heartbeat_ms_, ticked_ms + again_ms);
}

void node_link::tick(std::int64_t now_ms) {
  if (phase_ == phase::greeting && now_ms >= next_hello_ms_) say_hello(now_ms);
  if (phase_ != phase::linked) {
    if (alone_since_ms_ == 0) alone_since_ms_ = now_ms;
    if (!silent_ && now_ms - alone_since_ms_ > alone_ms) {
      silent_ = true;
      logging::note(events::supervisor_silent,
                    {{"endpoint", options_.endpoint},
                     {"reason", "nobody has answered a hello for " + std::to_string(alone_ms) +
                                    " ms: no supervisor node is there, or it does not know this "
                                    "node's key, or the server key is another one; it is tried "
                                    "again and again"}});
    }
    return;
  }
  alone_since_ms_ = 0;
  if (unsent_from_ != 0) resend(unsent_from_ - 1);
  if (!silent_ && now_ms - heard_ms_ > silence_ms) {
    silent_ = true;
    logging::note(events::supervisor_silent,
                  {{"endpoint", options_.endpoint},
                   {"reason", "not heard for " + std::to_string(silence_ms) +
                                  " ms; steps go on, results wait"}});
  }
  if (now_ms < next_heartbeat_ms_) return;
  next_heartbeat_ms_ = now_ms + heartbeat_every_ms_;
  put_(wire::seal(head(0), heartbeat{link_.sent(), link_.received(), 0}));
}

}  // namespace artel::transport
