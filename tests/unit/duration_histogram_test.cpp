// Durations in buckets, as Prometheus reads them.
#include <catch2/catch.hpp>
#include <cmath>

#include "actors/core/duration_histogram.hpp"

using namespace artel;

TEST_CASE("a duration counts in its bucket and all larger ones, the last of which is infinite") {
  core::duration_histogram made;
  made.add_ms(100);  // exactly a bound
  made.add_ms(101);
  made.add_ms(-5);  // the clock was set back
  made.add(1e9);
  const auto seen = made.sample({{"pipeline", "p"}});
  const auto at = [&](double bound) {
    for (const auto& [upper, count] : seen.buckets)
      if (upper == bound) return count;
    return ~std::uint64_t{0};
  };
  CHECK(at(0.0005) == 1);
  CHECK(at(0.1) == 2);
  CHECK(at(0.5) == 3);
  CHECK(at(86'400) == 3);
  CHECK(std::isinf(seen.buckets.back().first));
  CHECK(seen.buckets.back().second == 4);
  CHECK(seen.value == Approx(1e9 + 0.201));
}
