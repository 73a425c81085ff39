#include "actors/training/data/records.hpp"

#include <algorithm>

#include "actors/training/data/readers.hpp"

namespace artel::training {

std::size_t invalid_utf8_at(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) {
      ++at;
      continue;
    }
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + size > text.size()) return at;
    std::uint32_t value = first & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      const auto byte = static_cast<unsigned char>(text[at + k]);
      if ((byte & 0xC0U) != 0x80U) return at;
      value = (value << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    if (surrogate || overlong || value > 0x10FFFF) return at;
    at += size;
  }
  return std::string_view::npos;
}

void check_utf8(const byte_source& in, std::uint64_t line, std::string_view text,
                const std::string& column) {
  if (const auto at = invalid_utf8_at(text); at != std::string_view::npos)
    in.mistake(line, "column '" + column + "': byte " + std::to_string(at + 1) +
                         " of the value is no UTF-8; convert the file");
}

void check_new_name(const byte_source& in, std::uint64_t line,
                    const std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) != names.end())
    in.mistake(line, "two columns are named '" + name + "'; names must differ");
}

bool read_line(byte_source& in, std::string& into, std::uint64_t& line) {
  do {
    into.clear();
    line = in.line();
    int byte = 0;
    while ((byte = in.get()) != byte_source::end && byte != '\n') {
      if (into.size() == record_bytes_max)
        in.mistake(line, "is longer than " + std::to_string(record_bytes_max) + " bytes");
      into += static_cast<char>(byte);
    }
    if (!into.empty() && into.back() == '\r') into.pop_back();
    if (byte == byte_source::end && into.empty()) return false;
  } while (into.find_first_not_of(" \t") == std::string::npos);
  return true;
}

namespace {
constexpr std::pair<const char*, file_format> formats[] = {{"csv", file_format::csv},
                                                           {"tsv", file_format::tsv},
                                                           {"json_lines", file_format::json_lines},
                                                           {"libsvm", file_format::libsvm}};
constexpr std::pair<const char*, file_format> endings[] = {
    {".csv", file_format::csv},           {".tsv", file_format::tsv},
    {".tab", file_format::tsv},           {".jsonl", file_format::json_lines},
    {".ndjson", file_format::json_lines}, {".libsvm", file_format::libsvm},
    {".svm", file_format::libsvm},        {".svmlight", file_format::libsvm}};
}  // namespace

outcome<file_format> format_of(const std::string& path) {
  std::string_view name = path;
  if (name.ends_with(".gz")) name.remove_suffix(3);
  for (const auto& [ending, format] : endings)
    if (name.ends_with(ending)) return format;
  return bad_input(
      "data file " + path +
      ": its name does not tell its format; name it .csv, .tsv, .jsonl or .libsvm (and "
      ".gz), or declare 'format'");
}

std::string to_text(file_format format) {
  for (const auto& [text, value] : formats)
    if (value == format) return text;
  return "csv";
}

outcome<file_format> format_from(const std::string& text) {
  for (const auto& [name, value] : formats)
    if (name == text) return value;
  return bad_input("format '" + text + "': expected csv, tsv, json_lines or libsvm");
}

std::unique_ptr<record_reader> open_records(const std::string& path, const record_format& how) {
  switch (how.format) {
    case file_format::json_lines:
      return open_json_lines(path);
    case file_format::libsvm:
      return open_libsvm(path);
    default:
      return open_delimited(path, how);
  }
}

}  // namespace artel::training
