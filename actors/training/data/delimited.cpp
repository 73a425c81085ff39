// CSV and TSV as RFC 4180 has them: fields in quotes may hold delimiters, line breaks and doubled
// quotes.
#include "actors/training/data/readers.hpp"

namespace artel::training {
namespace {

class delimited_reader : public record_reader {
public:
  delimited_reader(const std::string& path, const record_format& how)
      : in_(path),
        delimiter_(how.delimiter != 0               ? how.delimiter
                   : how.format == file_format::tsv ? '\t'
                                                    : ',') {
    record first;
    if (!how.header || !read(first)) return;
    for (auto& each : first.values) {
      if (each.text.empty())
        in_.mistake(first.line, "column " + std::to_string(each.column + 1) +
                                    " has no name in the header; without a header declare "
                                    "'header: false'");
      check_new_name(in_, first.line, names_, each.text);
      names_.push_back(std::move(each.text));
    }
  }

  bool next(record& into) override {
    if (!read(into)) return false;
    if (names_.empty())
      for (std::size_t i = 1; i <= into.values.size(); ++i)
        names_.push_back("c" + std::to_string(i));
    if (into.values.size() != names_.size())
      in_.mistake(into.line, "has " + std::to_string(into.values.size()) + " fields, expected " +
                                 std::to_string(names_.size()) + " as in the first line");
    return true;
  }

private:
  bool read(record& into) {
    while (in_.peek() == '\n' || in_.peek() == '\r') in_.get();  // lines without anything
    if (in_.peek() == byte_source::end) return false;
    into.line = in_.line();
    std::size_t count = 0, bytes = 0;
    for (bool more = true; more; ++count) {
      if (count == columns_max)
        in_.mistake(into.line, "has more than " + std::to_string(columns_max) + " fields");
      if (count == into.values.size()) into.values.emplace_back();
      auto& value = into.values[count];
      value.column = static_cast<std::uint32_t>(count);
      value.text.clear();
      more = in_.peek() == '"' ? quoted(value.text, into.line, count) : plain(value.text, count);
      bytes += value.text.size();
      if (bytes > record_bytes_max)
        in_.mistake(into.line, "is longer than " + std::to_string(record_bytes_max) + " bytes");
      check_utf8(in_, into.line, value.text, name_of(count));
    }
    into.values.resize(count);
    return true;
  }

  std::string name_of(std::size_t column) const {
    return column < names_.size() ? names_[column] : std::to_string(column + 1);
  }

  void put(std::string& into, int byte, std::size_t column) {
    if (into.size() == value_bytes_max)
      in_.mistake("column '" + name_of(column) + "': a value is longer than " +
                  std::to_string(value_bytes_max) + " bytes; is a quote missing?");
    into += static_cast<char>(byte);
  }

  /// Returns whether another field follows.
  bool plain(std::string& into, std::size_t column) {
    for (;;) {
      const int byte = in_.get();
      if (byte == delimiter_) return true;
      if (byte == byte_source::end || byte == '\n') break;
      if (byte == '"')
        in_.mistake("column '" + name_of(column) +
                    "': a quote inside a value that does not begin with one; put the value in "
                    "quotes and double those inside");
      if (byte == 0)
        in_.mistake("column '" + name_of(column) + "': a byte 0; is this a text file?");
      put(into, byte, column);
    }
    if (!into.empty() && into.back() == '\r') into.pop_back();
    return false;
  }

  bool quoted(std::string& into, std::uint64_t began, std::size_t column) {
    in_.get();
    for (;;) {
      const int byte = in_.get();
      if (byte == byte_source::end)
        in_.mistake(began, "column '" + name_of(column) + "': a quote is opened and not closed");
      if (byte != '"') {
        put(into, byte, column);
        continue;
      }
      const int after = in_.get();
      if (after == '"') {
        put(into, '"', column);
        continue;
      }
      if (after == delimiter_) return true;
      if (after == byte_source::end || after == '\n') return false;
      if (after == '\r' && (in_.peek() == '\n' || in_.peek() == byte_source::end)) {
        in_.get();
        return false;
      }
      in_.mistake("column '" + name_of(column) +
                  "': text behind a closing quote; expected the delimiter or the line's end");
    }
  }

  byte_source in_;
  int delimiter_;
};

}  // namespace

std::unique_ptr<record_reader> open_delimited(const std::string& path, const record_format& how) {
  return std::make_unique<delimited_reader>(path, how);
}

}  // namespace artel::training
