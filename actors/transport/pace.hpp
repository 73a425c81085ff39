// How often whatever holds a link looks at it. Knows nothing but std.
#pragma once

#include <cstdint>

namespace artel::transport {

/// What can not be done now is tried again so soon.
constexpr std::int64_t again_ms = 20;
/// Nobody is left alone for longer: who sees a longer gap has been stopped meanwhile.
constexpr std::int64_t idle_ms = 250;

/// … not even a channel that wants nothing.
constexpr std::int64_t longest_pause_ms = 1'000;

}  // namespace artel::transport
