// The bytes of a file, plain or gzip (told by its first bytes), one after the other in bounded
// memory. Knows the line, so that every mistake has its place.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::training {

/// A file that can not be read as what it should be; thrown inside the room, told as a trouble.
struct data_mistake {
  std::string text;
};

class byte_source {
public:
  static constexpr int end = -1;

  /// Throws data_mistake when it can not be opened.
  explicit byte_source(const std::string& path);
  byte_source(const byte_source&) = delete;
  byte_source& operator=(const byte_source&) = delete;

  /// The next byte, or `end`. Throws data_mistake when it can not be read or a gzip file is cut.
  int get() { return at_ < size_ ? count(buffer_[at_++]) : get_more(); }
  int peek() {
    if (at_ == size_) fill();
    return at_ < size_ ? buffer_[at_] : end;
  }
  /// Of the next byte, from 1.
  std::uint64_t line() const { return line_; }
  const std::string& path() const { return path_; }
  [[noreturn]] void mistake(const std::string& what) const { mistake(line_, what); }
  [[noreturn]] void mistake(std::uint64_t line, const std::string& what) const;

private:
  int count(unsigned char byte) {
    line_ += byte == '\n';
    return byte;
  }
  int get_more();
  void fill();

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_{nullptr, gzclose};
  std::vector<unsigned char> buffer_;
  std::size_t at_ = 0, size_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace artel::training
