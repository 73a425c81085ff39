#include "actors/core/reliable_link.hpp"

namespace artel::core {

void reliable_link::keep(std::string frame) {
  ++sent_;
  bytes_ += frame.size();
  unacked_.push_back(std::move(frame));
}

bool reliable_link::acknowledged(std::uint64_t ack) {
  if (ack > sent_) return false;
  while (!unacked_.empty() && first_ <= ack) {
    bytes_ -= unacked_.front().size();
    unacked_.pop_front();
    ++first_;
  }
  return true;
}

reliable_link::verdict reliable_link::receive(std::uint64_t sequence) {
  if (sequence <= received_) return verdict::duplicate;
  if (sequence != received_ + 1) return verdict::gap;
  received_ = sequence;
  return verdict::deliver;
}

bool reliable_link::settle(std::uint64_t sequence) {
  if (sequence <= settled_ || sequence > received_) return false;
  settled_early_.insert(sequence);
  while (!settled_early_.empty() && *settled_early_.begin() == settled_ + 1) {
    settled_early_.erase(settled_early_.begin());
    ++settled_;
  }
  return true;
}

}  // namespace artel::core
