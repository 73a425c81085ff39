// How long to wait before a restart: min·factorⁿ up to max, then plus or minus a jitter, so that
// what failed together does not come back together.
#pragma once

#include <cmath>

#include "actors/core/random.hpp"
#include "messages/pipeline.hpp"

namespace artel::core {

/// Milliseconds before restart `n` (0 is the first). Between 0 and 2·max_ms.
inline std::int64_t backoff_ms(const backoff_policy& policy, std::uint32_t n,
                               random_source& chance) {
  // pow may overflow to infinity for large n; min() brings it back.
  const double grown = policy.min_ms * std::pow(policy.factor, static_cast<double>(n));
  const double capped = std::fmin(grown, policy.max_ms);
  const double swing = capped * policy.jitter * (2 * chance.fraction() - 1);
  return static_cast<std::int64_t>(std::llround(std::fmax(0, capped + swing)));
}

/// Milliseconds that no wait by this policy exceeds.
inline std::int64_t longest_ms(const backoff_policy& policy) {
  return static_cast<std::int64_t>(std::ceil(policy.max_ms * (1 + policy.jitter))) + 1;
}

}  // namespace artel::core
