// The one wake-up that an actor has ahead of it, as soon as somebody needs it: an actor that has
// nothing to do until something comes is not woken for nothing. CAF can not take a delayed message
// back, so one that a sooner wake-up has overtaken is told by its number.
#pragma once

#include <caf/event_based_actor.hpp>
#include <chrono>
#include <cstdint>

namespace artel {

struct timer_due {
  std::uint64_t number;
};

class timer {
public:
  explicit timer(caf::event_based_actor& owner) : owner_(owner) {}

  /// timer_due comes after so long at the latest.
  void within(std::chrono::milliseconds wait) {
    const auto now = owner_.clock().now();
    const auto at = now + wait;
    if (armed_ && at_ <= at) return;
    armed_ = true;
    at_ = at;
    owner_.delayed_send(&owner_, wait, timer_due{++number_});
  }
  /// True: it is the one that is waited for, and nothing is ahead any more.
  bool take(timer_due due) {
    if (!armed_ || due.number != number_) return false;
    armed_ = false;
    return true;
  }

private:
  caf::event_based_actor& owner_;
  caf::actor_clock::time_point at_{};
  std::uint64_t number_ = 0;
  bool armed_ = false;
};

}  // namespace artel

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::timer_due)
