// Files for the analysis: bounded reading into memory, read-only mapping, and paths as UTF-8 text.
// Every trouble names the file and the operating system's reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::analysis {

/// Whole contents; refused with a sentence when it is larger than `bytes_max` or can not be read.
outcome<std::string> read_file(const std::filesystem::path& file, std::uintmax_t bytes_max);

/// With forward slashes.
std::string path_text(const std::filesystem::path& path);

/// A file mapped for reading, as long as this lives. Empty files map to an empty view.
class mapped_file {
public:
  static outcome<mapped_file> open(const std::filesystem::path& file);
  mapped_file() = default;
  mapped_file(mapped_file&& other) noexcept;
  mapped_file& operator=(mapped_file&& other) noexcept;
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();
  std::string_view bytes() const { return {data_, size_}; }

private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace artel::analysis
