// The one thread that owns every ZeroMQ socket of a process. Actors hand it work with post(); it
// sleeps in zmq::poll on its channels' sockets and one eventfd, which is written only when it is
// asleep, so a burst costs one wake-up.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "actors/transport/pace.hpp"

namespace artel::transport {

/// Monotonic milliseconds.
std::int64_t steady_ms();

/// A socket and what to do with it. All calls come from the poll thread.
class channel {
public:
  virtual ~channel() = default;
  virtual zmq::socket_ref socket() = 0;
  /// False while what was read before is not worked off: the peers' sockets fill up, which is the
  /// backpressure.
  virtual bool wants_input() const { return true; }
  /// Reads at most `frames` frames without blocking.
  virtual void read(int frames) = 0;
  virtual void tick(std::int64_t now_ms) = 0;
  /// When to call it next, when the last time was at `ticked_ms`; both monotonic. Asked for again
  /// after everything that happens.
  virtual std::int64_t due_ms(std::int64_t ticked_ms) const { return ticked_ms + idle_ms; }
};

constexpr int frames_per_turn = 64;

class poll_thread {
public:
  poll_thread();
  ~poll_thread();
  poll_thread(const poll_thread&) = delete;
  poll_thread& operator=(const poll_thread&) = delete;

  zmq::context_t& context() { return context_; }
  /// Before start() only.
  void add(std::unique_ptr<channel> one) { channels_.push_back(std::move(one)); }
  void start();
  /// Runs `work` on the poll thread, in order. Any thread. Dropped after stop.
  void post(std::function<void()> work);
  /// Gives queued work and lingering frames a moment, then ends the thread.
  void stop();
  /// stop(), and all sockets are closed; what is posted later is dropped.
  void close();

private:
  void run();
  std::int64_t due_ms() const;
  void wait(std::int64_t ms);

  zmq::context_t context_;
  std::vector<std::unique_ptr<channel>> channels_;
  std::mutex mutex_;
  std::vector<std::function<void()>> queue_;
  bool asleep_ = false;
  bool stopping_ = false;
  std::int64_t ticked_ms_ = 0;
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace artel::transport
