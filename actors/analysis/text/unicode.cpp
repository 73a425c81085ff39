#include "actors/analysis/text/unicode.hpp"

#include <cstdint>
#include <cstring>

namespace artel::analysis {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

char32_t bits(std::string_view text, std::size_t at, unsigned mask) {
  return static_cast<unsigned char>(text[at]) & mask;
}

void append(std::string& to, char32_t value) {
  if (value < 0x80) {
    to += static_cast<char>(value);
  } else if (value < 0x800) {
    to += static_cast<char>(0xC0U | (value >> 6U));
    to += static_cast<char>(0x80U | (value & 0x3FU));
  } else {
    to += static_cast<char>(0xE0U | (value >> 12U));
    to += static_cast<char>(0x80U | ((value >> 6U) & 0x3FU));
    to += static_cast<char>(0x80U | (value & 0x3FU));
  }
}

// A letter whose small form has another number of bytes.
std::string fold_slowly(std::string_view text) {
  std::string folded;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    const auto small = lower(point.value);
    if (small == point.value || (point.value == replacement && point.size == 1))
      folded += text.substr(at, point.size);
    else
      append(folded, small);
    at += point.size;
  }
  return folded;
}

}  // namespace

char32_t detail::lower_rare(char32_t value) {
  if (value >= 0x400 && value <= 0x40F) return value + 80;  // Ѐ-Џ, Ё among them
  if ((value >= 0xC0 && value <= 0xDE) && value != 0xD7) return value + 32;
  if (value >= 0x460 && value <= 0x52F && !(value >= 0x482 && value <= 0x48A) && value != 0x4C0)
    return (value >= 0x4C1 && value <= 0x4CE) ? value + (value & 1U) : (value | 1U);
  if (value >= 0x100 && value <= 0x137) return value | 1U;
  if (value >= 0x391 && value <= 0x3A9) return value + 32;
  return value;
}

code_point detail::decode_long(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first >= 0xE0 && first <= 0xEF && continues(text, at + 1) && continues(text, at + 2)) {
    const auto value =
        (bits(text, at, 0x0F) << 12U) | (bits(text, at + 1, 0x3F) << 6U) | bits(text, at + 2, 0x3F);
    if (value >= 0x800 && !(value >= 0xD800 && value <= 0xDFFF)) return {value, 3};
  }
  if (first >= 0xF0 && first <= 0xF4 && continues(text, at + 1) && continues(text, at + 2) &&
      continues(text, at + 3)) {
    const auto value = (bits(text, at, 0x07) << 18U) | (bits(text, at + 1, 0x3F) << 12U) |
                       (bits(text, at + 2, 0x3F) << 6U) | bits(text, at + 3, 0x3F);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {replacement, 1};
}

bool is_blank(char32_t value) {
  if (value <= 0x20) return value != U'\n' && value != U'\r';
  return value == 0x7F || value == 0x85 || value == 0xA0 || value == 0xAD || value == 0x1680 ||
         (value >= 0x2000 && value <= 0x200F) || (value >= 0x2028 && value <= 0x202F) ||
         (value >= 0x205F && value <= 0x2064) || value == 0x3000 || value == 0xFEFF;
}

bool detail::is_rare_letter(char32_t value) {
  if (value < 0xC0) return value == 0xAA || value == 0xB5 || value == 0xBA;
  if (value == 0xD7 || value == 0xF7 || value == replacement) return false;
  if (value >= 0x2000 && value < 0x2C00)
    return value >= 0x2070 && value < 0x2190 && value != 0x20AC;
  return !(value >= 0x3000 && value <= 0x3004) && !(value >= 0xE000 && value <= 0xF8FF) &&
         !(value >= 0xFF00 && value <= 0xFF20);
}

std::string fold(std::string_view text) {
  std::string folded(text);
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) {
      if (first >= 'A' && first <= 'Z') folded[at] = static_cast<char>(first + 32);
      ++at;
      continue;
    }
    if (first == 0xD0 && at + 1 < text.size()) {  // А-Я, the most of what comes here
      const auto second = static_cast<unsigned char>(text[at + 1]);
      if (second >= 0x90 && second <= 0xAF) {
        folded[at] = second < 0xA0 ? '\xD0' : '\xD1';
        folded[at + 1] = static_cast<char>(second < 0xA0 ? second + 0x20 : second - 0x20);
      }
      if (second >= 0x90 && second <= 0xBF) {
        at += 2;
        continue;
      }
    }
    const auto point = decode(text, at);
    const auto small = lower(point.value);
    if (small != point.value && !(point.value == replacement && point.size == 1)) {
      // The small form of these alphabets takes as many bytes as the large one.
      std::string letter;
      append(letter, small);
      if (letter.size() != point.size) return fold_slowly(text);
      folded.replace(at, point.size, letter);
    }
    at += point.size;
  }
  return folded;
}

bool same_name(std::string_view left, std::string_view right) {
  if (left == right) return true;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    const auto a = decode(left, i);
    const auto b = decode(right, j);
    if (lower(a.value) != lower(b.value)) return false;
    i += a.size;
    j += b.size;
  }
  return i == left.size() && j == right.size();
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](code_point each) {
    return each.value == U'\n' || each.value == U'\r' || is_blank(each.value);
  };
  while (!text.empty()) {
    const auto point = decode(text, 0);
    if (!blank(point)) break;
    text.remove_prefix(point.size);
  }
  while (!text.empty()) {
    auto at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && continues(text, at)) --at;
    const auto point = decode(text, at);
    if (at + point.size != text.size() || !blank(point)) break;
    text.remove_suffix(point.size);
  }
  return text;
}

std::size_t invalid_utf8_at(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto size = text.size();
  for (std::size_t at = 0; at < size;) {
    if (bytes[at] < 0x80) {
      ++at;
      std::uint64_t eight = 0;
      while (at + sizeof eight <= size) {
        std::memcpy(&eight, bytes + at, sizeof eight);
        if ((eight & 0x8080808080808080ULL) != 0) break;
        at += sizeof eight;
      }
      continue;
    }
    // Two bytes: Cyrillic, the most of what comes here; four letters at once, then one by one.
    std::uint64_t four = 0;
    while (at + sizeof four <= size) {
      std::memcpy(&four, bytes + at, sizeof four);
      if ((four & 0xC0FEC0FEC0FEC0FEULL) != 0x80D080D080D080D0ULL) break;
      at += sizeof four;
    }
    if (at >= size || bytes[at] < 0x80) continue;
    if (bytes[at] >= 0xC2 && bytes[at] <= 0xDF && at + 1 < size &&
        (bytes[at + 1] & 0xC0U) == 0x80) {
      at += 2;
      continue;
    }
    const auto point = decode(text, at);
    if (point.size == 1) return at;
    at += point.size;
  }
  return std::string_view::npos;
}

std::string valid_utf8(std::string_view text) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    if (point.size == 1 && static_cast<unsigned char>(text[at]) >= 0x80)
      made += "\xEF\xBF\xBD";
    else
      made += text.substr(at, point.size);
    at += point.size;
  }
  return made;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char each : text) count += (static_cast<unsigned char>(each) & 0xC0U) != 0x80U;
  return count;
}

}  // namespace artel::analysis
