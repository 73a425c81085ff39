// Work on a few threads with results in order: item i's result is delivered before item i+1's,
// whatever finished first, and no more than a window of results waits in memory.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
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
/// stop early.
template <class Make, class Deliver>
void in_order(std::size_t count, unsigned threads_wanted, Make make, Deliver deliver) {
  using result = decltype(make(std::size_t{0}));
  if (threads_wanted <= 1) {
    for (std::size_t i = 0; i < count; ++i)
      if (!deliver(i, make(i))) return;
    return;
  }
  std::vector<std::optional<result>> slots(std::min(count, results_in_flight_max));
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t next = 0;
  std::size_t delivered = 0;
  bool stopped = false;
  const auto work = [&] {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock,
                   [&] { return stopped || next >= count || next < delivered + slots.size(); });
      if (stopped || next >= count) return;
      const auto mine = next++;
      lock.unlock();
      auto made = make(mine);
      lock.lock();
      slots[mine % slots.size()] = std::move(made);
      changed.notify_all();
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::min<std::size_t>(threads_wanted, count); ++i)
    threads.emplace_back(work);
  std::unique_lock lock(mutex);
  while (delivered < count && !stopped) {
    auto& slot = slots[delivered % slots.size()];
    changed.wait(lock, [&] { return slot.has_value(); });
    auto ready = std::move(*slot);
    slot.reset();
    lock.unlock();
    const bool more = deliver(delivered, std::move(ready));
    lock.lock();
    ++delivered;
    stopped = !more;
    changed.notify_all();
  }
}

}  // namespace artel::analysis
