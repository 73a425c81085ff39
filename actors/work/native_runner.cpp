#include "actors/work/native_runner.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "actors/work/attempt_folder.hpp"
#include "actors/work/staging.hpp"
#include "messages/instance_text.hpp"

namespace artel::work {
namespace {
using clock = std::chrono::steady_clock;
constexpr auto progress_every = std::chrono::milliseconds(100);
constexpr auto reports_wait_max =
    std::chrono::milliseconds(1);  ///< a quick step's report waits for its neighbours
}  // namespace

class native_runner::monitor : public step_monitor {
public:
  monitor(native_runner& owner, const native_job& job) : owner_(owner), job_(job) {}

  void progress(std::uint64_t done, std::uint64_t total, std::string_view text) override {
    const auto now = clock::now();
    const std::lock_guard lock(owner_.mutex_);
    if (now - told_ < progress_every && done != total) return;
    told_ = now;
    owner_.progress_.push_back(
        {job_.ref.run, job_.ref.instance, job_.ref.attempt, done, total, std::string(text)});
    owner_.wake_up();
  }
  void log(std::string_view line) override {
    // stdout is a pipe that the worker reads; one write keeps the line whole.
    std::string whole(line);
    whole += '\n';
    if (::write(STDOUT_FILENO, whole.data(), whole.size()) < 0) return;
  }
  bool cancelled() const override { return job_.cancelled->load(std::memory_order_relaxed); }
  std::uint32_t cores() const override { return job_.cores->load(std::memory_order_relaxed); }

private:
  native_runner& owner_;
  const native_job& job_;
  clock::time_point told_{};
};

native_runner::native_runner(const native_step_registry& steps, std::filesystem::path attempts,
                             int wake, told_reports ended)
    : steps_(steps),
      attempts_(std::move(attempts)),
      wake_(wake),
      ended_(std::move(ended)),
      thread_([this] { loop(); }) {}

native_runner::~native_runner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void native_runner::wake_up() const {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // a full eventfd wakes as well
}

void native_runner::add(std::vector<native_job> jobs) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.insert(jobs_.end(), std::make_move_iterator(jobs.begin()),
                 std::make_move_iterator(jobs.end()));
  }
  more_.notify_one();
}

std::vector<step_progress> native_runner::take_progress() {
  const std::lock_guard lock(mutex_);
  return std::exchange(progress_, {});
}

void native_runner::loop() {
  std::vector<native_job> jobs;
  std::vector<step_report> finished;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      more_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      jobs.swap(jobs_);
    }
    auto told = clock::now();
    for (const auto& job : jobs) {
      finished.push_back(run(job));
      if (const auto now = clock::now(); now - told >= reports_wait_max)
        ended_(std::exchange(finished, {})), told = now;
    }
    jobs.clear();
    if (!finished.empty()) ended_(std::exchange(finished, {}));
  }
}

step_report native_runner::run(const native_job& job) {
  step_report report{job.ref.run, job.ref.instance, job.ref.attempt, ending::failed, false, {}};
  if (job.cancelled->load()) return report.how = ending::cancelled, report;
  const auto step = steps_.find(job.plan->use);
  if (step == steps_.end())
    return report.text = "this step host does not know '" + job.plan->use + "'", report;
  const auto number = job.ref.instance - job.plan->first_instance;
  step_input input;
  for (const auto& [key, value] : job.plan->with)
    input.with[key] =
        fill_instance(value, number, job.values, attempt_folder(attempts_, job.ref).string());
  input.attempt = job.ref.attempt;
  if (!job.plan->output.empty()) {
    input.output = fill_instance(job.plan->output, number, job.values);
    input.staging = staging_folder(input.output, job.ref);
    if (auto fenced = fence_earlier(input.output, job.ref); !fenced)
      return report.text = fenced.error().text, report;
    if (auto made = make_staging(input.output, job.ref); !made)
      return report.text = made.error().text, report;
  }
  monitor watch(*this, job);
  outcome<step_result> ended = trouble{trouble_code::internal, ""};
  try {
    ended = step->second(input, watch);
  } catch (const std::exception& e) {
    ended = trouble{trouble_code::internal, "an exception: " + std::string(e.what())};
  }
  if (!ended) {
    report.how = ended.error().code == trouble_code::cancelled ? ending::cancelled : ending::failed;
    report.text = ended.error().text;
    if (!input.staging.empty()) discard(input.staging);
    return report;
  }
  report.how = ending::finished;
  report.staged = !input.staging.empty();
  report.text = *std::move(ended);
  return report;
}

}  // namespace artel::work
