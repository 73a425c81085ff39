// What trainings draw by chance, made from the core's seeded source by arithmetic that is the same
// on every platform.
#pragma once

#include <utility>

#include "actors/core/random.hpp"

namespace artel::training {

class random_numbers : public core::random_source {
public:
  using core::random_source::random_source;
  /// From 0 to below `end`, which is at least 1.
  std::uint64_t below(std::uint64_t end) {
    // Numbers beyond the last whole multiple would prefer small results.
    const auto limit = end * (~0ULL / end);
    for (;;)
      if (const auto value = next(); value < limit) return value % end;
  }
  /// Sum of twelve uniform numbers: mean 0, variance 1, near enough to normal to begin a search
  /// from.
  double about_normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += fraction();
    return sum;
  }
  template <class List>
  void shuffle(List& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }
};

}  // namespace artel::training
