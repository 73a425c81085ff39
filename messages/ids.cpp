#include "messages/ids.hpp"

#include <cstdio>

namespace artel {
namespace {
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
}

run_id make_run_id(std::uint64_t ms, std::uint64_t chance_high, std::uint64_t chance_low) {
  run_id id;
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  for (int i = 0; i < 2; ++i) id.bytes[6 + i] = static_cast<std::uint8_t>(chance_high >> (8 * i));
  for (int i = 0; i < 8; ++i) id.bytes[8 + i] = static_cast<std::uint8_t>(chance_low >> (8 * i));
  return id;
}

std::string to_text(const run_id& id) {
  // 128 bits in 26 digits of 5 bits: the first digit carries the top 3 bits.
  std::string text(26, '0');
  for (int digit = 0; digit < 26; ++digit) {
    unsigned value = 0;
    for (int bit = 0; bit < 5; ++bit) {
      const int position = digit * 5 + bit - 2;
      const unsigned one = position < 0 ? 0 : (id.bytes[position / 8] >> (7 - position % 8)) & 1U;
      value = value << 1 | one;
    }
    text[digit] = alphabet[value];
  }
  return text;
}

std::optional<run_id> run_id_from(std::string_view text) {
  if (text.size() != 26) return std::nullopt;
  run_id id;
  for (int digit = 0; digit < 26; ++digit) {
    char c = text[digit];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    for (int bit = 0; bit < 5; ++bit) {
      const int position = digit * 5 + bit - 2;
      const bool one = (value >> (4 - bit)) & 1U;
      if (position < 0) {
        if (one) return std::nullopt;  // more than 128 bits
      } else if (one) {
        id.bytes[position / 8] |= static_cast<std::uint8_t>(1U << (7 - position % 8));
      }
    }
  }
  return id;
}

std::string trace_text(const run_id& run) {
  std::string hex;
  for (const auto byte : run.bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", byte);
    hex += two;
  }
  return hex;
}

std::string trace_parent(const run_id& run, instance_no instance, attempt_no attempt) {
  char span[18];
  std::snprintf(span, sizeof span, "%08x%08x", instance, attempt);
  return "00-" + trace_text(run) + "-" + span + "-01";
}

}  // namespace artel
