#include "actors/analysis/metadata/form_container.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

namespace artel::analysis {
namespace {

constexpr std::uint32_t nowhere = 0x7FFFFFFF;
constexpr std::size_t header_size = 16;
constexpr std::size_t block_head_size = 31;
constexpr std::size_t elements_max = 1000;
constexpr std::size_t element_head_size = 20;  // before the name

std::optional<std::uint32_t> hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// All of what begins in the block at this place. Pages can not take more than there are bytes, so a
// circle of pages ends as well.
std::optional<std::string> document(std::string_view bytes, std::uint32_t at) {
  std::string made;
  std::optional<std::uint32_t> size;
  for (std::size_t walked = 0; at != nowhere && walked <= bytes.size();) {
    if (at > bytes.size() || bytes.size() - at < block_head_size) return std::nullopt;
    const auto head = bytes.substr(at, block_head_size);
    const auto whole = hexadecimal(head.substr(2, 8));
    const auto page = hexadecimal(head.substr(11, 8));
    const auto next = hexadecimal(head.substr(20, 8));
    if (!head.starts_with("\r\n") || !whole || !page || !next) return std::nullopt;
    if (!size) size = *whole;
    const auto data = bytes.substr(at + block_head_size);
    if (*page > data.size() || *size > bytes.size()) return std::nullopt;
    made += data.substr(0, std::min<std::size_t>(*page, *size - made.size()));
    if (made.size() >= *size) return made;
    walked += block_head_size + *page;
    at = *next;
  }
  return std::nullopt;
}

std::string plain_name(std::string_view utf16) {
  std::string made;
  for (std::size_t i = 0; i + 1 < utf16.size() && utf16[i] != '\0'; i += 2)
    made += utf16[i + 1] == '\0' ? utf16[i] : '?';
  return made;
}

}  // namespace

outcome<std::string> module_of_form(std::string_view bytes) {
  const trouble wrong{trouble_code::corrupt,
                      "the ordinary form is not in a form that is known here; its code is not "
                      "read"};
  if (bytes.size() < header_size + block_head_size || number_at(bytes, 0) != nowhere) return wrong;
  const auto contents = document(bytes, header_size);
  if (!contents) return wrong;
  for (std::size_t i = 0; i < elements_max && (i + 1) * 12 <= contents->size(); ++i) {
    const auto head = document(bytes, number_at(*contents, i * 12));
    if (!head || head->size() < element_head_size) return wrong;
    if (plain_name(std::string_view(*head).substr(element_head_size)) != "module") continue;
    const auto where = number_at(*contents, i * 12 + 4);
    if (where == nowhere) return std::string();
    auto text = document(bytes, where);
    if (!text) return wrong;
    return *std::move(text);
  }
  return std::string();
}

}  // namespace artel::analysis
