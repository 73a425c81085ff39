// Where results go: buffers in memory, and files behind one buffer each.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::analysis {

/// Where text goes: a buffer that somebody empties, or nobody.
class text_sink {
public:
  text_sink() = default;
  text_sink(const text_sink&) = delete;
  text_sink& operator=(const text_sink&) = delete;
  virtual ~text_sink() = default;
  std::string& buffer() { return buffer_; }
  void put(std::string_view bytes) {
    buffer_ += bytes;
    flush_if_full();
  }
  void flush_if_full() {
    if (buffer_.size() >= full_) flush();
  }

protected:
  explicit text_sink(std::size_t full) : full_(full) {}
  virtual void flush() {}

private:
  std::string buffer_;
  std::size_t full_ = ~std::size_t{0};
};

/// Text that stays in memory.
class memory_sink : public text_sink {};

/// Bytes to a file, or to stdout when it is called "-"; keeps the first trouble until `close`.
/// Files are written where nobody looks yet: a step's are published when all are there.
///
/// What does not fit the buffer goes to the disk past the page cache where the file system lets it:
/// results are written once, synced when they are published, and not read by the steps behind.
/// Through the cache each gigabyte cost two seconds of a core, past it a tenth (bench/README.md).
class file_sink : public text_sink {
public:
  enum class use { results, read_again };  ///< read_again: later steps read it, so keep it cached
  explicit file_sink(const std::filesystem::path& file, use as = use::results);
  ~file_sink() override;
  outcome<done> close();

private:
  void flush() override;
  void write(std::string_view bytes);
  std::filesystem::path file_;
  int descriptor_ = -1;
  bool cached_ = true;
  void* block_ = nullptr;  ///< aligned as the disk wants it
  std::string problem_;
};

}  // namespace artel::analysis
