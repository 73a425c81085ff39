// One direction pair of a reliable conversation over a transport that may lose or repeat frames
// when it reconnects: sequence numbers, a cumulative ack, resend on request. Pure: frames in,
// verdicts out. A link lives as long as both processes' sessions do; after a restart a new link
// begins and the coordinator reconciles.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>

namespace artel::core {

/// When a link is full its sender must hold back (the bridge says so to its actors).
struct link_limits {
  std::size_t frames_max = 8'192;
  std::size_t bytes_max = 64U << 20;
};

class reliable_link {
public:
  reliable_link() = default;
  /// Frames are numbered from `base` + 1 in both directions.
  explicit reliable_link(link_limits bounds, std::uint64_t base = 0)
      : limits_(bounds), first_(base + 1), sent_(base), received_(base), settled_(base) {}

  // Sending.
  std::uint64_t next_sequence() const { return sent_ + 1; }
  std::uint64_t sent() const { return sent_; }
  bool full() const { return unacked_.size() >= limits_.frames_max || bytes_ >= limits_.bytes_max; }
  std::size_t kept() const { return unacked_.size(); }
  bool idle() const { return unacked_.empty(); }
  /// Keeps a frame, sealed under next_sequence(), until it is acknowledged.
  void keep(std::string frame);
  /// Everything up to `ack` is safe on the other side. An ack from the future is ignored: false.
  bool acknowledged(std::uint64_t ack);
  /// The frames after `received`, oldest first.
  template <class Send>
  void resend_after(std::uint64_t received, Send&& send) const {
    for (std::size_t i = 0; i < unacked_.size(); ++i)
      if (first_ + i > received) send(unacked_[i]);
  }

  // Receiving.
  enum class verdict : std::uint8_t { deliver, duplicate, gap };
  verdict receive(std::uint64_t sequence);
  std::uint64_t received() const { return received_; }
  /// The effects of frame `sequence` are durable here. Frames settle in any order; the ack covers
  /// the unbroken prefix. False: not a frame that was received on this link.
  bool settle(std::uint64_t sequence);
  std::uint64_t settled() const { return settled_; }
  /// The other side says how much it has sent: true when some of it has not arrived.
  bool missing(std::uint64_t sent_by_other) const { return sent_by_other > received_; }

private:
  link_limits limits_;
  std::deque<std::string> unacked_;
  std::uint64_t first_ = 1;  ///< sequence of unacked_.front()
  std::uint64_t sent_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t settled_ = 0;
  std::set<std::uint64_t> settled_early_;
};

}  // namespace artel::core
