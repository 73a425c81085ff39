// Work on a few threads with results in order: item i's result is delivered before item i+1's,
// whatever finished first, and no more than a window of results waits in memory.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace artel::analysis {

inline constexpr unsigned analysis_threads_max = 8;
inline constexpr std::size_t results_in_flight_max = 16;  // modules, of a few hundred KiB each

inline unsigned analysis_threads() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, analysis_threads_max);
}

/// make(i) on several threads, deliver(i, result) on this one, in order. deliver returns false to
/// stop early. What make or deliver throws, or a thread that can not be started, ends the work and
/// is thrown here.
template <class Make, class Deliver>
void in_order(std::size_t count, unsigned threads_wanted, Make make, Deliver deliver) {
  using result = decltype(make(std::size_t{0}));
  if (threads_wanted <= 1) {
    for (std::size_t i = 0; i < count; ++i)
      if (!deliver(i, make(i))) return;
    return;
  }
  struct shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::optional<result>> slots;
    std::size_t next = 0;
    std::size_t delivered = 0;
    bool stopped = false;
    std::exception_ptr problem;
  } all;
  all.slots.resize(std::min(count, results_in_flight_max));
  const auto work = [&] {
    std::unique_lock lock(all.mutex);
    for (;;) {
      all.changed.wait(lock, [&] {
        return all.stopped || all.next >= count || all.next < all.delivered + all.slots.size();
      });
      if (all.stopped || all.next >= count) return;
      const auto mine = all.next++;
      lock.unlock();
      try {
        auto made = make(mine);
        lock.lock();
        all.slots[mine % all.slots.size()] = std::move(made);
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        if (!all.problem) all.problem = std::current_exception();
        all.stopped = true;
      }
      all.changed.notify_all();
    }
  };
  std::vector<std::jthread> threads;
  // Destroyed before the threads are joined, whatever ends this function: they must not wait on.
  struct stopper {
    shared& all;
    ~stopper() {
      const std::lock_guard lock(all.mutex);
      all.stopped = true;
      all.changed.notify_all();
    }
  } const stop{all};
  for (unsigned i = 0; i < std::min<std::size_t>(threads_wanted, count); ++i)
    threads.emplace_back(work);
  std::unique_lock lock(all.mutex);
  while (all.delivered < count && !all.stopped) {
    auto& slot = all.slots[all.delivered % all.slots.size()];
    all.changed.wait(lock, [&] { return slot.has_value() || all.stopped; });
    if (!slot.has_value()) break;
    auto ready = std::move(*slot);
    slot.reset();
    lock.unlock();
    const bool more = deliver(all.delivered, std::move(ready));
    lock.lock();
    ++all.delivered;
    all.stopped = all.stopped || !more;
    all.changed.notify_all();
  }
  if (all.problem) std::rethrow_exception(all.problem);
}

}  // namespace artel::analysis
