#include "actors/analysis/text/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace artel::analysis {
namespace {

trouble system_trouble(const std::filesystem::path& file, const char* what, int number) {
  const auto code = number == ENOENT ? trouble_code::not_found : trouble_code::io_error;
  return {code,
          std::string("can not ") + what + " " + path_text(file) + ": " + std::strerror(number)};
}

struct descriptor {
  int number = -1;
  ~descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::string path_text(const std::filesystem::path& path) { return path.generic_string(); }

outcome<std::string> read_file(const std::filesystem::path& file, std::uintmax_t bytes_max) {
  // Non-blocking: a pipe among the sources must not hang the run.
  descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (opened.number < 0) return system_trouble(file, "open", errno);
  struct stat about {};
  if (::fstat(opened.number, &about) != 0) return system_trouble(file, "look at", errno);
  if (!S_ISREG(about.st_mode))
    return trouble{trouble_code::io_error, path_text(file) + " is not a regular file"};
  const auto size = static_cast<std::uintmax_t>(about.st_size);
  if (size > bytes_max)
    return trouble{trouble_code::limit, path_text(file) + " has " + std::to_string(size) +
                                            " bytes (limit " + std::to_string(bytes_max) + ")"};
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = ::read(opened.number, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_trouble(file, "read", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

outcome<mapped_file> mapped_file::open(const std::filesystem::path& file) {
  descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (opened.number < 0) return system_trouble(file, "open", errno);
  struct stat about {};
  if (::fstat(opened.number, &about) != 0) return system_trouble(file, "look at", errno);
  if (!S_ISREG(about.st_mode))
    return trouble{trouble_code::io_error, path_text(file) + " is not a regular file"};
  mapped_file made;
  if (about.st_size == 0) return made;
  made.size_ = static_cast<std::size_t>(about.st_size);
  void* at = ::mmap(nullptr, made.size_, PROT_READ, MAP_PRIVATE, opened.number, 0);
  if (at == MAP_FAILED) return system_trouble(file, "map", errno);
  made.data_ = static_cast<const char*>(at);
  return made;
}

mapped_file::mapped_file(mapped_file&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

mapped_file& mapped_file::operator=(mapped_file&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

mapped_file::~mapped_file() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace artel::analysis
