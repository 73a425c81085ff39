#include "actors/work/publisher.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/work/staging.hpp"

namespace artel::work {
namespace {
constexpr std::size_t remembered_max = 4'096;
}

caf::behavior publisher::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](const publish_output& what) { return outputs_published{{publish_one(what)}}; },
      [](const discard_output& what) { discard(staging_folder(what.output, what.ref)); },
  };
}

step_report publisher::publish_one(const publish_output& what) {
  step_report report{
      what.ref.run, what.ref.instance, what.ref.attempt, ending::published, false, {}};
  if (std::find(published_.begin(), published_.end(), what.ref) != published_.end()) return report;
  const auto staging = staging_folder(what.output, what.ref);
  auto good = fence_earlier(what.output, what.ref);
  if (good) good = publish(staging, what.output, *stop_);
  if (!good) {
    const bool stopped = good.error().code == trouble_code::cancelled;
    report.how = stopped ? ending::returned : ending::failed;
    discard(staging);
    report.text = "the outputs could not be published: " + good.error().text;
    return report;
  }
  published_.push_back(what.ref);
  if (published_.size() > remembered_max) published_.pop_front();
  return report;
}

}  // namespace artel::work
