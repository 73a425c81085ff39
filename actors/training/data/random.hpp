// Random numbers that are the same on every platform: splitmix64, and what is made from it by
// arithmetic that is the same everywhere.
#pragma once

#include <cstdint>

namespace artel::training {

class random_numbers {
public:
  explicit random_numbers(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    auto value = state_;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
  }
  /// From 0 to below `end`, which is at least 1.
  std::uint64_t below(std::uint64_t end) {
    // Numbers beyond the last whole multiple would prefer small results.
    const auto limit = end * (~0ULL / end);
    for (;;)
      if (const auto value = next(); value < limit) return value % end;
  }
  /// From 0 to below 1, in steps of 2^-53.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  /// Sum of twelve uniform numbers: mean 0, variance 1, near enough to normal to begin a search
  /// from.
  double about_normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }
  template <class List>
  void shuffle(List& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

private:
  std::uint64_t state_;
};

}  // namespace artel::training
