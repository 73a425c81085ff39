#include "actors/analysis/text/sinks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t buffer_bytes = 1U << 20U;
constexpr std::size_t disk_block =
    4096;  // what disks write at once: places and sizes past the cache

}  // namespace

file_sink::file_sink(const std::filesystem::path& file, use as)
    : text_sink(buffer_bytes), file_(file), cached_(as == use::read_again) {
  std::error_code ignored;
  if (file == "-") {
    descriptor_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    cached_ = true;
    if (descriptor_ < 0) problem_ = std::strerror(errno);
    return;
  }
  const auto open = [this] {
    return ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  };
  descriptor_ = open();
  if (descriptor_ < 0 && errno == ENOENT) {
    std::filesystem::create_directories(file.parent_path(), ignored);
    descriptor_ = open();
  }
  if (descriptor_ < 0) problem_ = std::strerror(errno);
}

file_sink::~file_sink() {
  if (descriptor_ >= 0) ::close(descriptor_);
  std::free(block_);
}

void file_sink::write(std::string_view bytes) {
  while (problem_.empty() && !bytes.empty()) {
    const auto put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
      // A short write past the cache may end anywhere; the rest can not go the same way.
      if (!bytes.empty() && !cached_) cached_ = ::fcntl(descriptor_, F_SETFL, 0) == 0;
    } else if (errno == EINVAL && !cached_) {
      cached_ = ::fcntl(descriptor_, F_SETFL, 0) == 0;  // refused only now: through the cache then
    } else if (errno != EINTR) {
      problem_ = std::strerror(errno);
    }
  }
}

// Called when the buffer is full: the whole blocks of it go out, the rest waits.
void file_sink::flush() {
  auto& from = buffer();
  if (!cached_ && block_ == nullptr) {
    block_ = std::aligned_alloc(disk_block, buffer_bytes);
    cached_ = block_ == nullptr || ::fcntl(descriptor_, F_SETFL, O_DIRECT) != 0;
  }
  std::size_t done = 0;
  for (; !cached_ && done + buffer_bytes <= from.size(); done += buffer_bytes) {
    std::memcpy(block_, from.data() + done, buffer_bytes);
    write({static_cast<const char*>(block_), buffer_bytes});
  }
  if (cached_ && done < from.size()) {
    write(std::string_view(from).substr(done));
    done = from.size();
  }
  from.erase(0, done);
}

outcome<done> file_sink::close() {
  if (!buffer().empty()) {
    if (!cached_ && block_ != nullptr && ::fcntl(descriptor_, F_SETFL, 0) != 0)
      problem_ = std::strerror(errno);
    cached_ = true;
    flush();
  }
  if (descriptor_ >= 0 && ::close(std::exchange(descriptor_, -1)) != 0 && problem_.empty())
    problem_ = std::strerror(errno);
  if (problem_.empty()) return done{};
  if (file_ == "-")
    return trouble{trouble_code::io_error, "stdout can not be written: " + problem_};
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);  // half a report is worse than none
  return trouble{trouble_code::io_error, "can not write " + path_text(file_) + ": " + problem_ +
                                             "; free space or choose another output folder"};
}

}  // namespace artel::analysis
