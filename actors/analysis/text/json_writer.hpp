// Writes JSON to a file as it goes, so that a result of any size costs one buffer. Text is UTF-8
// without ASCII escapes; bytes that are not UTF-8 become U+FFFD, so the output is valid whatever
// the input was. The file appears under its name only when it is complete.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::analysis {

/// `text` as a JSON string with its quotes, appended.
void append_json_text(std::string& to, std::string_view text);

/// Bytes to a file through one buffer; keeps the first trouble until `close`.
class file_sink {
public:
  explicit file_sink(const std::filesystem::path& file);
  file_sink(const file_sink&) = delete;
  file_sink& operator=(const file_sink&) = delete;
  ~file_sink();
  void put(std::string_view bytes);
  std::string& buffer() { return buffer_; }
  void flush_if_full();
  outcome<done> close();

private:
  void flush();
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::string buffer_;
  std::string problem_;
};

/// Nested values in order; keys before values inside objects.
class json_writer {
public:
  explicit json_writer(file_sink& sink, bool indented = true) : sink_(sink), indented_(indented) {}

  json_writer& key(std::string_view name);
  void object() { open('{'); }
  void array() { open('['); }
  void end();
  void text(std::string_view value);
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

  file_sink& sink_;
  bool indented_;
  bool after_key_ = false;
  std::vector<level> levels_;
};

}  // namespace artel::analysis
