#include "actors/training/data/byte_source.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace artel::training {
namespace {
constexpr std::size_t buffer_bytes = 256U << 10;
}

byte_source::byte_source(const std::string& path) : path_(path), buffer_(buffer_bytes) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    throw data_mistake{"data file " + path + ": " + std::strerror(errno)};
  if (!S_ISREG(about.st_mode)) throw data_mistake{"data file " + path + ": is no regular file"};
  file_.reset(gzopen(path.c_str(), "rb"));
  if (file_ == nullptr) throw data_mistake{"data file " + path + ": " + std::strerror(errno)};
  gzbuffer(file_.get(), buffer_bytes);
  // The mark at the beginning that some editors write is none of the data.
  fill();
  if (size_ >= 3 && buffer_[0] == 0xEF && buffer_[1] == 0xBB && buffer_[2] == 0xBF) at_ = 3;
  if (size_ >= 2 &&
      ((buffer_[0] == 0xFF && buffer_[1] == 0xFE) || (buffer_[0] == 0xFE && buffer_[1] == 0xFF))) {
    throw data_mistake{"data file " + path + ": is UTF-16; convert it to UTF-8"};
  }
}

void byte_source::mistake(std::uint64_t line, const std::string& what) const {
  throw data_mistake{path_ + ":" + std::to_string(line) + ": " + what};
}

int byte_source::get_more() {
  fill();
  return at_ < size_ ? count(buffer_[at_++]) : end;
}

void byte_source::fill() {
  const int read = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  int code = Z_OK;
  const char* why = gzerror(file_.get(), &code);
  if (read < 0 || (read == 0 && code != Z_OK && code != Z_STREAM_END))
    mistake(code == Z_BUF_ERROR ? std::string("the gzip file ends in its middle")
            : code == Z_ERRNO   ? std::string(std::strerror(errno))
                                : "is damaged: " + std::string(why));
  at_ = 0;
  size_ = static_cast<std::size_t>(read);
}

}  // namespace artel::training
