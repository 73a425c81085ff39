// A file descriptor that closes itself, and the few calls on it that step hosts and their pump
// share.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace artel::work {

class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~descriptor() { close(); }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

private:
  int number_ = -1;
};

/// A descriptor that is readable when the process has ended. (glibc 2.36 declares pidfd_open
/// without C linkage.)
inline descriptor open_pidfd(pid_t process) {
  return descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
}

/// What a non-blocking read gave: data (maybe none yet), or the end.
enum class read_state { more, later, ended };
inline read_state read_some(int from, std::string& to) {
  thread_local std::array<char, 65'536> buffer;  // a fresh one each time would have to be cleared
  const auto got = ::read(from, buffer.data(), buffer.size());
  if (got > 0) to.append(buffer.data(), static_cast<std::size_t>(got));
  // Less than there was room for: that was all.
  if (got > 0 && static_cast<std::size_t>(got) < buffer.size()) return read_state::later;
  if (got > 0) return read_state::more;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return read_state::later;
  return read_state::ended;
}

/// Writes as much of `from` as fits and takes it off; false when the other end is gone.
inline bool write_some(int to, std::string& from) {
  std::size_t at = 0;
  while (at < from.size()) {
    const auto put = ::write(to, from.data() + at, from.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put < 0) return false;
    at += static_cast<std::size_t>(put);
  }
  from.erase(0, at);
  return true;
}

}  // namespace artel::work
