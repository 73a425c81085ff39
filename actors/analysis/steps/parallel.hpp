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

namespace detail {

/// What the threads of one `in_order` share.
template <class Result>
struct ordered_work {
  explicit ordered_work(std::size_t how_many)
      : count(how_many), slots(std::min(how_many, results_in_flight_max)) {}

  /// A thread's life: the next item, until there is none or somebody stopped.
  template <class Make>
  void work(Make& make) {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock,
                   [&] { return stopped || next >= count || next < delivered + slots.size(); });
      if (stopped || next >= count) return;
      const auto mine = next++;
      lock.unlock();
      try {
        auto made = make(mine);
        lock.lock();
        slots[mine % slots.size()] = std::move(made);
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        if (!problem) problem = std::current_exception();
        stopped = true;
      }
      changed.notify_all();
    }
  }

  void stop() {
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_all();
  }

  const std::size_t count;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Result>> slots;
  std::size_t next = 0;
  std::size_t delivered = 0;
  bool stopped = false;
  std::exception_ptr problem;
};

}  // namespace detail

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
  detail::ordered_work<result> all(count);
  std::vector<std::jthread> threads;
  // Goes before the threads are joined, whatever ends this function: they must not wait on.
  struct stopper {
    detail::ordered_work<result>& all;
    ~stopper() { all.stop(); }
  } const stop{all};
  for (unsigned i = 0; i < std::min<std::size_t>(threads_wanted, count); ++i)
    threads.emplace_back([&all, &make] { all.work(make); });
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
