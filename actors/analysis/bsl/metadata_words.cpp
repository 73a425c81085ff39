#include "actors/analysis/bsl/metadata_words.hpp"

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis::bsl {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

bool part_of_name(char32_t value) { return is_letter(value) || (value >= U'0' && value <= U'9'); }

// Start of the code point that ends before `at`.
std::size_t back(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && continues(text[at]));
  return at;
}

std::size_t word_before(std::string_view text, std::size_t end) {
  auto from = end;
  while (from > 0) {
    const auto at = back(text, from);
    if (!part_of_name(decode(text, at).value)) break;
    from = at;
  }
  return from;
}

std::size_t word_after(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const auto point = decode(text, from);
    if (!part_of_name(point.value)) break;
    from += point.size;
  }
  return from;
}

constexpr std::size_t word_bytes_max = 120;  // the longest type word has less than half of it

}  // namespace

bool is_collection_word(std::string_view word) {
  return word.size() <= word_bytes_max && kind_of_collection(word).has_value();
}

bool is_full_name_word(std::string_view word) {
  return word.size() <= word_bytes_max && kind_of_word(word).has_value();
}

bool holds_query(std::string_view literal) {
  // Looks at one character on each side: a text of nothing but this word must not cost its square.
  const auto part_at = [&](std::size_t at) { return part_of_name(decode(literal, at).value); };
  const auto is_word = [&](std::size_t from, std::string_view word) {
    const auto end = from + word.size();
    return end <= literal.size() && same_name(literal.substr(from, word.size()), word) &&
           (from == 0 || !part_at(back(literal, from))) && (end == literal.size() || !part_at(end));
  };
  for (std::size_t at = 0; at + 6 <= literal.size(); ++at) {
    const char first = literal[at];
    if ((first == 's' || first == 'S') && is_word(at, "SELECT")) return true;
    if (first == '\xD0' && (literal[at + 1] == '\x92' || literal[at + 1] == '\xB2') &&
        is_word(at, "ВЫБРАТЬ"))
      return true;
  }
  return false;
}

void for_each_metadata_name(
    std::string_view text,
    const std::function<void(std::size_t, std::size_t, std::size_t, std::size_t)>& found) {
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
    const auto name_end = word_after(text, dot + 1);
    if (name_end == dot + 1) continue;
    const auto from = word_before(text, dot);
    if (from == dot || (from > 0 && (text[from - 1] == '.' || text[from - 1] == '&'))) continue;
    if (is_full_name_word(text.substr(from, dot - from)))
      found(from, dot - from, dot + 1, name_end - dot - 1);
  }
}

}  // namespace artel::analysis::bsl
