#include "actors/transport/poll_thread.hpp"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace artel::transport {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

poll_thread::poll_thread() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

poll_thread::~poll_thread() {
  close();
  ::close(wake_);
}

void poll_thread::close() {
  stop();
  channels_.clear();  // sockets before their context
  context_.close();   // waits until their addresses are free: the next life wants them
}

void poll_thread::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "artel.poll");
    run();
  });
}

void poll_thread::post(std::function<void()> work) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.push_back(std::move(work));
    wake = asleep_;
    asleep_ = false;
  }
  const std::uint64_t one = 1;
  if (wake && ::write(wake_, &one, sizeof one) < 0) return;  // a full eventfd wakes as well
}

void poll_thread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) errno = 0;
  if (thread_.joinable()) thread_.join();
}

void poll_thread::run() {
  std::vector<std::function<void()>> work;
  for (;;) {
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      work.swap(queue_);
      stopping = stopping_;
      asleep_ = work.empty();
    }
    for (auto& each : work) each();
    const bool idle = work.empty();
    work.clear();
    if (stopping && idle) return;
    wait(idle ? std::max<std::int64_t>(0, due_ms() - steady_ms()) : 0);
    if (const auto now = steady_ms(); now >= due_ms()) {
      ticked_ms_ = now;
      for (auto& each : channels_) each->tick(now);
    }
  }
}

std::int64_t poll_thread::due_ms() const {
  auto due = ticked_ms_ + longest_pause_ms;
  for (const auto& each : channels_) due = std::min(due, each->due_ms(ticked_ms_));
  return std::max(due, ticked_ms_ + 1);
}

void poll_thread::wait(std::int64_t ms) {
  std::vector<zmq::pollitem_t> items;
  items.push_back({nullptr, wake_, ZMQ_POLLIN, 0});
  for (auto& each : channels_)
    items.push_back(
        {each->socket().handle(), 0, static_cast<short>(each->wants_input() ? ZMQ_POLLIN : 0), 0});
  try {
    zmq::poll(items, std::chrono::milliseconds(ms));
  } catch (const zmq::error_t& e) {
    if (e.num() != EINTR) throw;
    return;
  }
  std::uint64_t count = 0;
  if ((items[0].revents & ZMQ_POLLIN) != 0 && ::read(wake_, &count, sizeof count) < 0) errno = 0;
  for (std::size_t i = 0; i < channels_.size(); ++i)
    if ((items[i + 1].revents & ZMQ_POLLIN) != 0) channels_[i]->read(frames_per_turn);
}

}  // namespace artel::transport
