// Frames on a byte stream (a socket pair between a worker and its step host): four bytes of length,
// little endian, then an envelope.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "messages/wire/envelope.hpp"

namespace artel::wire {

constexpr std::size_t stream_frame_bytes_max = 16U << 20;

inline void append_to_stream(std::string& to, std::string_view frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(size >> shift & 0xff);
  to += frame;
}

/// Seals a message for a stream: no sequence, since a stream loses nothing.
template <class Message>
void append_message(std::string& to, const Message& message) {
  envelope head;
  head.sender = "stream";
  append_to_stream(to, seal(head, message));
}

/// Takes complete frames off the front of what was read.
class stream_reader {
public:
  void add(std::string_view data) { buffer_ += data; }
  /// Calls on_frame(std::string_view) for each complete frame; false when a length is beyond the
  /// bound.
  template <class OnFrame>
  bool each_frame(OnFrame&& on_frame) {
    std::size_t at = 0;
    bool good = true;
    while (buffer_.size() - at >= 4) {
      std::uint32_t size = 0;
      for (int i = 3; i >= 0; --i)
        size = size << 8 | static_cast<unsigned char>(buffer_[at + static_cast<std::size_t>(i)]);
      good = size <= stream_frame_bytes_max;
      if (!good || buffer_.size() - at - 4 < size) break;
      on_frame(std::string_view(buffer_).substr(at + 4, size));
      at += 4 + size;
    }
    buffer_.erase(0, at);
    return good;
  }

private:
  std::string buffer_;
};

}  // namespace artel::wire
