#include "config/quantities.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace artel::config {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

/// A whole number followed by one of `units`.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const unit (&units)[N]) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{}) return std::nullopt;
  const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& each : units)
    if (rest == each.name) {
      if (value > std::numeric_limits<std::uint64_t>::max() / each.factor) return std::nullopt;
      return value * each.factor;
    }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> duration_ms(std::string_view text) {
  constexpr unit units[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  return with_unit(text, units);
}

std::optional<std::uint64_t> size_bytes(std::string_view text) {
  constexpr unit units[] = {
      {"", 1},           {"B", 1}, {"KB", 1ULL << 10}, {"MB", 1ULL << 20}, {"GB", 1ULL << 30},
      {"TB", 1ULL << 40}};
  return with_unit(text, units);
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  constexpr unit units[] = {{"", 1}};
  return with_unit(text, units);
}

std::optional<double> real_number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<std::uint32_t> cores_milli(std::string_view text) {
  const auto value = real_number(text);
  if (!value || *value < 0 || *value > 1024) return std::nullopt;
  return static_cast<std::uint32_t>(std::lround(*value * 1000));
}

}  // namespace artel::config
