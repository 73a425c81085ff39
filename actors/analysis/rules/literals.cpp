#include "actors/analysis/rules/literals.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

bool digit(char value) { return value >= '0' && value <= '9'; }
bool latin(char value) { return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z'); }

/// Walks "ru = '…'; en = '…'".
class translation_reader {
public:
  explicit translation_reader(std::string_view text) : text_(text) {}

  bool read() {
    for (skip(); at_ < text_.size(); skip())
      if (!entry()) return false;
    return known_;
  }

private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() {
    while (at_ < text_.size()) {
      const auto point = decode(text_, at_);
      const bool blank = here() == '|' || here() == '\n' || here() == '\r' || is_blank(point.value);
      if (!blank) return;
      at_ += point.size;
    }
  }
  bool entry() {
    const auto from = at_;
    while (latin(here()) || here() == '_' || here() == '-' || digit(here())) ++at_;
    const auto code = text_.substr(from, at_ - from);
    if (code.empty()) return false;
    known_ |= same_name(code, "ru") || same_name(code, "en");
    skip();
    if (here() != '=') return false;
    ++at_;
    skip();
    if (!quoted()) return false;
    skip();
    if (at_ >= text_.size()) return true;
    if (here() != ';') return false;
    ++at_;
    return true;
  }
  bool quoted() {
    const bool doubled = text_.substr(at_).starts_with("\"\"");
    if (!doubled && here() != '\'') return false;
    const std::string_view quote = doubled ? "\"\"" : "'";
    at_ += quote.size();
    for (;;) {
      const auto end = text_.find(quote, at_);
      if (end == std::string_view::npos) return false;
      at_ = end + quote.size();
      if (!text_.substr(at_).starts_with(quote)) return true;
      at_ += quote.size();  // a quote inside, doubled
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool known_ = false;
};

/// A number from 0 to 255 at `at`, moved on behind it; -1 when there is none.
int octet(std::string_view text, std::size_t& at) {
  int value = 0;
  const auto from = at;
  while (at < text.size() && digit(text[at]) && at - from < 4)
    value = value * 10 + (text[at++] - '0');
  return at == from || at - from > 3 || value > 255 ? -1 : value;
}

}  // namespace

bool is_translated_text(std::string_view text) { return translation_reader(text).read(); }

std::uint32_t highest_placeholder(std::string_view text) {
  std::uint32_t highest = 0;
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at)) {
    ++at;
    if (at < text.size() && text[at] == '%') {
      ++at;
      continue;
    }
    const bool in_parentheses = at < text.size() && text[at] == '(';
    if (in_parentheses) ++at;
    std::uint32_t value = 0;
    const auto from = at;
    constexpr std::size_t digits_max = 2;  // ten is the last that the platform knows
    while (at < text.size() && digit(text[at]) && at - from < digits_max)
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    highest = std::max(highest, value);
  }
  return highest;
}

std::string_view unknown_format_key(std::string_view text) {
  constexpr std::array<std::string_view, 32> keys = {
      "ЧЦ",  "ЧДЦ", "ЧС", "ЧРД", "ЧРГ", "ЧН",  "ЧВН", "ЧГ", "ЧО",  "ЧФ",  "ДФ",
      "ДЛФ", "ДП",  "БЛ", "БИ",  "Л",   "ND",  "NFD", "NS", "NDS", "NGS", "NZ",
      "NLZ", "NG",  "NN", "NF",  "DF",  "DLF", "DE",  "BF", "BT",  "L"};
  for (auto rest = trimmed(text); !rest.empty();) {
    const auto end = rest.find_first_of("=;");
    const auto key = trimmed(rest.substr(0, end));
    if (!key.empty() && std::none_of(keys.begin(), keys.end(),
                                     [&](std::string_view each) { return same_name(each, key); }))
      return key;
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
    if (text[static_cast<std::size_t>(rest.data() - text.data()) - 1] == ';') continue;
    // The value: a quoted one may hold semicolons.
    rest = trimmed(rest);
    std::size_t close = 0;
    if (rest.starts_with("'"))
      close = rest.find('\'', 1);
    else if (rest.starts_with("\"\""))
      close = rest.find("\"\"", 2);
    if (close == std::string_view::npos) return {};
    const auto next = rest.find(';', close);
    if (next == std::string_view::npos) return {};
    rest.remove_prefix(next + 1);
  }
  return {};
}

bool is_file_path(std::string_view text) {
  if (text.size() > 3 && latin(text[0]) && text[1] == ':' && (text[2] == '\\' || text[2] == '/'))
    return true;
  if (text.size() > 4 && text.starts_with("\\\\") && (latin(text[2]) || digit(text[2])) &&
      text.find('\\', 3) != std::string_view::npos)
    return true;
  for (const std::string_view each : {"/home/", "/usr/", "/etc/", "/var/", "/tmp/", "/opt/",
                                      "/mnt/", "/root/", "/bin/", "/srv/", "~/"})
    if (text.starts_with(each) && text.size() > each.size()) return true;
  return false;
}

std::string_view network_address(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!digit(text[at])) continue;
    const auto from = at;
    const bool begins = from == 0 || (text[from - 1] != '.' && !latin(text[from - 1]) &&
                                      static_cast<unsigned char>(text[from - 1]) < 0x80);
    int parts = 0;
    int first = -1;
    for (;; ++at) {
      const auto value = octet(text, at);
      if (value < 0) break;
      if (parts++ == 0) first = value;
      if (at >= text.size() || text[at] != '.') break;
    }
    const bool ends =
        at >= text.size() || (text[at] != '.' && !digit(text[at]) && !latin(text[at]));
    // Below ten it is more often the number of a version or of a paragraph.
    if (begins && ends && parts == 4 && first >= 10 && first != 127 && first != 255)
      return text.substr(from, at - from);
    while (at < text.size() && (digit(text[at]) || text[at] == '.')) ++at;
  }
  return {};
}

bool names_a_secret(std::string_view name) {
  const auto folded = fold(name);
  for (const std::string_view each : {"пароль", "password", "секретныйключ", "secretkey", "apikey",
                                      "accesstoken", "токендоступа"})
    if (folded.ends_with(each)) return true;
  return false;
}

bool looks_secret(std::string_view text) {
  if (text.size() < 3 || text.find_first_not_of('*') == std::string_view::npos) return false;
  if (text.find_first_of(" .%<>=;&#\r\n\t\"") != std::string_view::npos) return false;
  const bool ascii = std::none_of(
      text.begin(), text.end(), [](char each) { return static_cast<unsigned char>(each) >= 0x80; });
  return ascii && !names_a_secret(text) &&
         text.find_first_of("0123456789!@$^_-") != std::string_view::npos;
}

}  // namespace artel::analysis
