// Writes JSON as it goes, so that a result of any size costs one buffer. Text is UTF-8 without
// ASCII escapes; bytes that are not UTF-8 become U+FFFD, so the output is valid whatever the input
// was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "actors/analysis/text/sinks.hpp"

namespace artel::analysis {

/// `text` as a JSON string with its quotes, appended. Bytes that are not UTF-8 become U+FFFD.
void append_json_text(std::string& to, std::string_view text);

enum class line_style { as_written, feeds };

/// The inside of a JSON string of text that is UTF-8 for certain; with `feeds` every line end is
/// LF. Many times as fast as the above.
void append_json_code(std::string& to, std::string_view text, line_style ends);

/// Nested values in order; keys before values inside objects.
class json_writer {
public:
  explicit json_writer(text_sink& sink, bool indented = true) : sink_(sink), indented_(indented) {}

  json_writer& key(std::string_view name);
  void object() { open('{'); }
  void array() { open('['); }
  void end();
  void text(std::string_view value);
  /// A text that is UTF-8 for certain: code of a snapshot.
  void code(std::string_view value, line_style ends = line_style::as_written);
  /// A value that is JSON already.
  void raw(std::string_view json);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void real(double value);
  void boolean(bool value);
  void null();
  /// Ends the top value with a line end (one line per value in .jsonl files).
  void line() { sink_.put("\n"); }

  void field(std::string_view name, std::string_view value) { key(name).text(value); }
  void field(std::string_view name, const char* value) { key(name).text(value); }
  void field(std::string_view name, const std::string& value) { key(name).text(value); }
  void field(std::string_view name, bool value) { key(name).boolean(value); }
  void field(std::string_view name, double value) { key(name).real(value); }
  template <class Number>
  requires std::is_integral_v<Number>
  void field(std::string_view name, Number value) {
    if constexpr (std::is_signed_v<Number>)
      key(name).number(static_cast<std::int64_t>(value));
    else
      key(name).number(static_cast<std::uint64_t>(value));
  }
  /// {"name": ["a", "b"]}
  template <class Texts>
  void texts(std::string_view name, const Texts& values) {
    key(name).array();
    for (const auto& each : values) text(each);
    end();
  }
  /// {"name": {"a": value}} for maps to text or numbers.
  template <class Map>
  void map(std::string_view name, const Map& values) {
    key(name).object();
    for (const auto& [each, value] : values) field(each, value);
    end();
  }

private:
  struct level {
    char closes;
    bool empty = true;
  };
  void open(char bracket);
  void before_value();
  void new_line();

  text_sink& sink_;
  bool indented_;
  bool after_key_ = false;
  std::vector<level> levels_;
};

}  // namespace artel::analysis
