// Any bytes give a message or an error, never a crash: as a frame from the network, as the body of
// every kind, and as a stream from a step host. What decodes is packed again and must decode to the
// same.
#include <cstdint>
#include <cstdlib>

#include "messages/wire/stream.hpp"

namespace {

using namespace artel;

void round_trip(const wire::envelope& head) {
  const auto good = wire::open_body(head, [](auto&& message) {
    using type = std::decay_t<decltype(message)>;
    const auto again = wire::unpack<type>(wire::pack(message));
    if (!again) std::abort();
  });
  if (!good && good.error().text.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto head = wire::open(input)) round_trip(*head);
  if (size > 1) {
    wire::envelope direct;
    direct.kind = data[0];
    direct.sender = "fuzz";
    direct.body = bytes_view{input.substr(1)};
    round_trip(direct);
  }
  wire::stream_reader stream;
  for (std::size_t at = 0; at < size; at += 7) stream.add(input.substr(at, 7));
  static_cast<void>(stream.each_frame([](std::string_view frame) {
    if (const auto head = wire::open(frame)) round_trip(*head);
  }));
  return 0;
}
