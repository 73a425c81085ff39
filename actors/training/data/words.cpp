// Words of texts and of code, for features that count them.
#include "actors/training/data/features.hpp"

namespace artel::training {
namespace {

struct letter {
  enum class sort { other, digit, small, capital } is = sort::other;
  std::string small;  ///< the same letter, small
};

/// The letter at `at`, which moves behind it. Latin and Cyrillic have capitals; all else beyond
/// ASCII is a small letter.
letter take(std::string_view text, std::size_t& at) {
  using sort = letter::sort;
  const auto byte = static_cast<unsigned char>(text[at++]);
  if (byte < 0x80) {
    const char c = static_cast<char>(byte);
    if (c >= 'A' && c <= 'Z') return {sort::capital, std::string(1, static_cast<char>(c + 32))};
    if (c >= 'a' && c <= 'z') return {sort::small, std::string(1, c)};
    if (c >= '0' && c <= '9') return {sort::digit, std::string(1, c)};
    return {};
  }
  std::string whole(1, static_cast<char>(byte));
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    whole += text[at++];
  if (whole.size() != 2 || byte != 0xD0) return {sort::small, whole};
  const auto second = static_cast<unsigned char>(whole[1]);
  if (second == 0x81) return {sort::capital, "\xD1\x91"};           // Ё
  if (second < 0x90 || second > 0xAF) return {sort::small, whole};  // а – п and others
  if (second <= 0x9F)                                               // А – П
    return {sort::capital, std::string("\xD0") + static_cast<char>(second + 0x20)};
  return {sort::capital, std::string("\xD1") + static_cast<char>(second - 0x20)};  // Р – Я
}

}  // namespace

void each_word(std::string_view text, const std::function<void(std::string_view)>& on_word) {
  std::string word;
  auto before = letter::sort::other;
  const auto end_word = [&] {
    if (!word.empty()) on_word(word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto now = take(text, at);
    const bool begins = now.is == letter::sort::other ||
                        (now.is == letter::sort::capital && before == letter::sort::small);
    if (begins) end_word();
    word += now.small;
    before = now.is;
  }
  end_word();
}

}  // namespace artel::training
