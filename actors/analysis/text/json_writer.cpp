#include "actors/analysis/text/json_writer.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cmath>
#include <cstdio>
#include <utility>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

/// What each byte becomes inside a JSON string: 0 itself, 'u' \u00XX, else a backslash and this.
struct escapes {
  char of[256] = {};
  constexpr escapes() {
    for (int i = 0; i < 0x20; ++i) of[i] = 'u';
    of[static_cast<int>('"')] = '"', of[static_cast<int>('\\')] = '\\';
    of[static_cast<int>('\n')] = 'n', of[static_cast<int>('\r')] = 'r';
    of[static_cast<int>('\t')] = 't';
  }
};
constexpr escapes escape;

/// Collects what is escaped in a block on the stack and hands it over when the block is full.
class escaper {
public:
  explicit escaper(std::string& to) : to_(to) {}
  ~escaper() { to_.append(block_, size_); }
  escaper(const escaper&) = delete;
  escaper& operator=(const escaper&) = delete;

  void put(std::string_view text, line_style ends) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
      if (size_ + room > sizeof block_) to_.append(block_, std::exchange(size_, 0));
      at += plain(at, end);
      for (; at < end && size_ + room <= sizeof block_; ++at) {
        const char as = escape.of[static_cast<unsigned char>(*at)];
        if (as == 0) break;
        if (*at == '\r' && ends == line_style::feeds) {
          if (at + 1 < end && at[1] == '\n') continue;
          put_escape('\n', 'n');
        } else {
          put_escape(*at, as);
        }
      }
    }
  }

private:
  static constexpr std::size_t room = 32;  // what one turn of a loop may put

  // Copies bytes up to the first that must be escaped, at most as many as there is room for.
  std::size_t plain(const char* from, const char* end) {
    const char* at = from;
#ifdef __SSE2__
    while (end - at >= 16 && size_ + room <= sizeof block_) {
      const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(block_ + size_), bytes);
      const auto low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
      const auto special =
          _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                         _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
      const auto count = mask == 0 ? 16 : std::countr_zero(mask);
      at += count, size_ += static_cast<std::size_t>(count);
      if (mask != 0) return static_cast<std::size_t>(at - from);
    }
#endif
    while (at < end && size_ + room <= sizeof block_ &&
           escape.of[static_cast<unsigned char>(*at)] == 0)
      block_[size_++] = *at++;
    return static_cast<std::size_t>(at - from);
  }

  void put_escape(char byte, char as) {
    block_[size_++] = '\\';
    block_[size_++] = as;
    if (as != 'u') return;
    constexpr char digits[] = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    for (const char each : {'0', '0', digits[value >> 4U], digits[value & 0xFU]})
      block_[size_++] = each;
  }

  std::string& to_;
  char block_[4096];
  std::size_t size_ = 0;
};

}  // namespace

void append_json_code(std::string& to, std::string_view text, line_style ends) {
  escaper(to).put(text, ends);
}

void append_json_text(std::string& to, std::string_view text) {
  to += '"';
  if (invalid_utf8_at(text) == std::string_view::npos)
    append_json_code(to, text, line_style::as_written);
  else
    append_json_code(to, valid_utf8(text), line_style::as_written);
  to += '"';
}

void json_writer::new_line() {
  if (!indented_) return;
  auto& to = sink_.buffer();
  to += '\n';
  to.append(levels_.size() * 2, ' ');
}

void json_writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  if (!levels_.back().empty) sink_.buffer() += ',';
  levels_.back().empty = false;
  new_line();
}

json_writer& json_writer::key(std::string_view name) {
  before_value();
  append_json_text(sink_.buffer(), name);
  sink_.buffer() += indented_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

void json_writer::open(char bracket) {
  before_value();
  sink_.buffer() += bracket;
  levels_.push_back({bracket == '{' ? '}' : ']'});
}

void json_writer::end() {
  const auto closed = levels_.back();
  levels_.pop_back();
  if (!closed.empty) new_line();
  sink_.buffer() += closed.closes;
  sink_.flush_if_full();
}

void json_writer::text(std::string_view value) {
  before_value();
  append_json_text(sink_.buffer(), value);
  sink_.flush_if_full();
}

void json_writer::code(std::string_view value, line_style ends) {
  before_value();
  sink_.buffer() += '"';
  append_json_code(sink_.buffer(), value, ends);
  sink_.buffer() += '"';
  sink_.flush_if_full();
}

void json_writer::raw(std::string_view json) {
  before_value();
  sink_.put(json);
}

void json_writer::number(std::int64_t value) {
  before_value();
  sink_.buffer() += std::to_string(value);
}

void json_writer::number(std::uint64_t value) {
  before_value();
  sink_.buffer() += std::to_string(value);
}

void json_writer::real(double value) {
  before_value();
  if (!std::isfinite(value)) value = 0;
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", value);
  sink_.buffer() += text;
}

void json_writer::boolean(bool value) {
  before_value();
  sink_.buffer() += value ? "true" : "false";
}

void json_writer::null() {
  before_value();
  sink_.buffer() += "null";
}

}  // namespace artel::analysis
