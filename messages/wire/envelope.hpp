// The envelope: one ZeroMQ frame = one envelope = one message. docs/PROTOCOL.md shows it byte by
// byte. Decoding checks the version first, so that a peer of another version gets a clear answer
// rather than a codec error.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "messages/bytes.hpp"
#include "messages/catalog.hpp"
#include "messages/wire/packing.hpp"

namespace artel::wire {

constexpr std::uint16_t protocol_version = 2;
constexpr std::size_t sender_bytes_max = 128;

/// What surrounds every message. sequence 0 means: not sequenced (cluster control) or, for admin, a
/// request's number.
struct envelope {
  std::uint16_t version = protocol_version;
  message_no kind = 0;
  std::string sender;
  session_no session = 0;
  std::uint64_t sequence = 0;
  std::uint64_t ack = 0;  ///< the highest sequence of the receiver's whose effects are durable here
  bytes_view body;        ///< msgpack of the message; points into the frame
  ARTEL_FIELDS(envelope, version, kind, sender, session, sequence, ack, body);
};

/// The frame for `message` under `head`, whose kind and body are filled in here.
template <class Message>
std::string seal(envelope head, const Message& message) {
  static_assert(number_of<Message>() != 0, "the message is not in the catalog");
  const std::string body = pack(message);
  head.kind = number_of<Message>();
  head.body = bytes_view{body};
  return pack(head);
}

/// The envelope of a frame, or why not. The result's body points into `frame`.
outcome<envelope> open(std::string_view frame, const limits& bounds = {});

/// Decodes the body as its catalog type and calls visit(message). Trouble for unknown kinds and bad
/// bodies.
template <class Visitor>
outcome<done> open_body(const envelope& head, Visitor&& visit, const limits& bounds = {}) {
  outcome<done> result = trouble{trouble_code::corrupt,
                                 "kind " + std::to_string(head.kind) + " is not in the catalog"};
  std::apply(
      [&](auto... entry) {
        const auto attempt = [&](auto each) {
          using entry_type = decltype(each);
          if (entry_type::number != head.kind) return;
          auto message = unpack<typename entry_type::message>(head.body.data, bounds);
          if (!message) {
            result =
                trouble{message.error().code, std::string(each.name) + ": " + message.error().text};
            return;
          }
          result = done{};
          visit(*std::move(message));
        };
        (attempt(entry), ...);
      },
      catalog);
  return result;
}

}  // namespace artel::wire
