// Work on rows that do not know each other, on several threads. What comes of it is the same for
// any number of them.
#pragma once

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace artel::training {

/// Calls `work(from, to)` for pieces that make up 0 … `count`, on at most `threads` threads, this
/// one among them. The first exception of a piece is thrown when all have ended; a thread that can
/// not be started costs time only.
template <class Number, class Work>
void in_pieces(std::uint32_t threads, Number count, Number piece_min, const Work& work) {
  const auto pieces =
      std::clamp<Number>(count / std::max<Number>(piece_min, 1), 1, std::max(1U, threads));
  std::vector<std::exception_ptr> wrong(static_cast<std::size_t>(pieces));
  const auto one = [&](Number i) {
    try {
      work(count * i / pieces, count * (i + 1) / pieces);
    } catch (...) {
      wrong[static_cast<std::size_t>(i)] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (Number i = 1; i < pieces; ++i) try {
        others.emplace_back(one, i);
      } catch (const std::system_error&) {
        one(i);
      }
    one(0);
  }
  for (const auto& each : wrong)
    if (each) std::rethrow_exception(each);
}

}  // namespace artel::training
