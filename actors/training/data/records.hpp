// Records of a data file, one after the other, as texts: CSV and TSV (RFC 4180), JSON Lines,
// libsvm. Strict: a record of another width, a quote in the wrong place, bytes that are no UTF-8 or
// a value that is nested are mistakes with file and line; nothing is guessed and nothing is skipped
// but lines without anything.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/training/data/byte_source.hpp"

namespace artel::training {

constexpr std::size_t value_bytes_max = 16U << 20;
constexpr std::size_t record_bytes_max = 64U << 20;
constexpr std::size_t columns_max = 100'000;

enum class file_format { csv, tsv, json_lines, libsvm };

/// By the name's end, `.gz` aside; bad_input when it tells nothing.
outcome<file_format> format_of(const std::string& path);
/// "csv", "tsv", "json_lines", "libsvm".
std::string to_text(file_format format);
outcome<file_format> format_from(const std::string& text);

struct record_value {
  std::uint32_t column = 0;
  bool missing = false;  ///< there, and said to be nothing (JSON null)
  std::string text;
};

struct record {
  std::uint64_t line = 0;
  std::vector<record_value> values;  ///< of other columns nothing is said
};

class record_reader {
public:
  virtual ~record_reader() = default;
  /// False at the end. Throws data_mistake.
  virtual bool next(record& into) = 0;
  /// Names of the columns that have been met so far; a header's are known at once.
  const std::vector<std::string>& names() const { return names_; }

protected:
  std::vector<std::string> names_;
};

struct record_format {
  file_format format = file_format::csv;
  char delimiter = 0;  ///< 0: that of the format
  bool header = true;  ///< the first line has the names; without it they are c1, c2 …
};

/// Throws data_mistake.
std::unique_ptr<record_reader> open_records(const std::string& path, const record_format& how);

/// Place of the first byte that is not UTF-8; npos when all are.
std::size_t invalid_utf8_at(std::string_view text);

}  // namespace artel::training
