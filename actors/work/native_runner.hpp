// Runs native steps, one after the other, on one dedicated thread (some training libraries are
// bound to the thread they were created on). Takes batches and gives batches, so that very small
// steps cost no hand-over each.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/native_step.hpp"
#include "messages/dispatch.hpp"
#include "messages/report.hpp"

namespace artel::work {

/// One attempt of a native step.
struct native_job {
  attempt_ref ref;
  std::shared_ptr<const step_plan> plan;
  std::shared_ptr<std::atomic<bool>> cancelled;
  std::vector<std::string> values;  ///< as in step_order
  std::shared_ptr<std::atomic<std::uint32_t>> cores =
      std::make_shared<std::atomic<std::uint32_t>>(1);  ///< allotted to it
};

class native_runner {
public:
  /// On the runner's thread: reports, in the order in which the jobs came.
  using told_reports = std::function<void(std::vector<step_report>)>;
  /// `wake` is an eventfd that is written when progress can be taken.
  native_runner(const native_step_registry& steps, std::filesystem::path attempts, int wake,
                told_reports ended);
  ~native_runner();

  void add(std::vector<native_job> jobs);
  std::vector<step_progress> take_progress();

private:
  class monitor;
  void loop();
  step_report run(const native_job& job);
  void wake_up() const;

  const native_step_registry& steps_;
  std::filesystem::path attempts_;
  int wake_;
  told_reports ended_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<native_job> jobs_;
  std::vector<step_progress> progress_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace artel::work
