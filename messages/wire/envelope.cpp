#include "messages/wire/envelope.hpp"

namespace artel::wire {

outcome<envelope> open(std::string_view frame, const limits& bounds) {
  limits outer = bounds;
  outer.string_max = bounds.bytes_max;
  reader probe(frame, outer);
  if (!probe.failed()) {
    probe.enter("envelope");
    const auto fields = probe.take_array();
    const auto version = probe.take_unsigned(0xffff);
    if (!probe.failed() && version != protocol_version)
      return trouble{trouble_code::corrupt, "protocol version " + std::to_string(version) +
                                                ", this node speaks " +
                                                std::to_string(protocol_version) +
                                                ": install the same release on both sides"};
    if (!probe.failed() && fields != field_count<envelope>)
      probe.fail("expected " + std::to_string(field_count<envelope>) + " fields, found " +
                 std::to_string(fields));
  }
  if (probe.failed()) return *probe.finish();
  auto head = unpack<envelope>(frame, outer);
  if (head && (head->sender.empty() || head->sender.size() > sender_bytes_max))
    return trouble{trouble_code::corrupt, "envelope.sender: expected 1 to 128 bytes, found " +
                                              std::to_string(head->sender.size())};
  return head;
}

}  // namespace artel::wire
