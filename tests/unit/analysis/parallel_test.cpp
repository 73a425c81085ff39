// Work on several threads with results in order: early ends and exceptions included.
#include <catch2/catch.hpp>
#include <stdexcept>

#include "actors/analysis/steps/parallel.hpp"

using artel::analysis::in_order;

TEST_CASE("results come in order, each once, whatever the number of threads") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::vector<std::size_t> got;
    in_order(
        1000, threads, [](std::size_t i) { return i * i; },
        [&](std::size_t i, std::size_t made) {
          CHECK(made == i * i);
          got.push_back(i);
          return true;
        });
    CHECK(got.size() == 1000);
    CHECK(std::is_sorted(got.begin(), got.end()));
  }
}

TEST_CASE("an exception of a worker or of the receiver comes out and leaves no thread waiting") {
  const auto throws_at = [](std::size_t bad) {
    return [bad](std::size_t i) {
      if (i == bad) throw std::runtime_error("worker");
      return i;
    };
  };
  CHECK_THROWS_WITH(in_order(100, 3, throws_at(40), [](std::size_t, std::size_t) { return true; }),
                    "worker");
  CHECK_THROWS_WITH(in_order(
                        100, 3, [](std::size_t i) { return i; },
                        [](std::size_t i, std::size_t) -> bool {
                          if (i == 7) throw std::runtime_error("receiver");
                          return true;
                        }),
                    "receiver");
}

TEST_CASE("a receiver that has enough ends the work") {
  std::size_t got = 0;
  in_order(
      1000, 3, [](std::size_t i) { return i; },
      [&](std::size_t, std::size_t) { return ++got < 10; });
  CHECK(got == 10);
}
