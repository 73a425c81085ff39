// Identifiers that travel. A run id is a ULID: 48 bits of milliseconds, 80 bits of chance, so ids
// sort by time; made by whoever submits, which makes a submission idempotent. Pure: time and chance
// are arguments.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace artel {

struct run_id {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const run_id&) const = default;
};

/// ms: milliseconds since 1970; chance: two random words (16 + 64 bits are used).
run_id make_run_id(std::uint64_t ms, std::uint64_t chance_high, std::uint64_t chance_low);
/// 26 characters of Crockford's base 32, upper case.
std::string to_text(const run_id& id);
/// Accepts lower case; nothing else than 26 valid characters.
std::optional<run_id> run_id_from(std::string_view text);

using attempt_no = std::uint32_t;   ///< the fence; 1 is the first attempt, 0 means none yet
using instance_no = std::uint32_t;  ///< a step instance, counted through the whole run from 0
using node_name = std::string;
using session_no = std::uint64_t;  ///< chosen at random by a process when it starts; never 0

/// W3C Trace Context of an attempt: a run's id has the 16 bytes of a trace's, and the instance with
/// the attempt's number are its span.
std::string trace_parent(const run_id& run, instance_no instance, attempt_no attempt);
/// The run's id in hex: its trace.
std::string trace_text(const run_id& run);

}  // namespace artel

template <>
struct std::hash<artel::run_id> {
  std::size_t operator()(const artel::run_id& id) const noexcept {
    std::uint64_t low = 0;
    std::memcpy(&low, id.bytes.data() + 8, 8);
    return low;
  }
};
