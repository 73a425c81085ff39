// Work on rows that do not know each other, on several threads. What comes of it is the same for
// any number of them.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

namespace artel::training {

/// Calls `work(from, to)` for pieces that make up 0 … `count`, on at most `threads` threads, this
/// one among them. `work` must not throw.
template <class Number, class Work>
void in_pieces(std::uint32_t threads, Number count, Number piece_min, const Work& work) {
  const auto pieces =
      std::clamp<Number>(count / std::max<Number>(piece_min, 1), 1, std::max(1U, threads));
  std::vector<std::jthread> others;
  for (Number i = 1; i < pieces; ++i)
    others.emplace_back([&, i] { work(count * i / pieces, count * (i + 1) / pieces); });
  work(Number{0}, count / pieces);
}

}  // namespace artel::training
