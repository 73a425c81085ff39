// Quantities as people write them: durations ("90s", "10m"), sizes ("512MB"), cores (1.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace artel::config {

/// "250ms", "90s", "10m", "2h", "1d" → milliseconds. A number without a unit is not a duration.
std::optional<std::uint64_t> duration_ms(std::string_view text);
/// "1024", "64KB", "512MB", "4GB" (powers of 1024) → bytes.
std::optional<std::uint64_t> size_bytes(std::string_view text);
/// "2", "0.5" → 2000, 500. Up to 1024 cores.
std::optional<std::uint32_t> cores_milli(std::string_view text);
/// Decimal digits only, no sign; nothing else around them.
std::optional<std::uint64_t> whole_number(std::string_view text);
std::optional<double> real_number(std::string_view text);

}  // namespace artel::config
