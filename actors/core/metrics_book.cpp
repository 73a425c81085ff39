#include "actors/core/metrics_book.hpp"

namespace artel::core {

pipeline_counts& metrics_book::of(run_no number, const std::string& pipeline) {
  if (counts_of_last_ != nullptr && number == last_) return *counts_of_last_;
  const auto known = pipelines_.find(pipeline);
  auto& found = known != pipelines_.end()                   ? known->second
                : pipelines_.size() < pipelines_counted_max ? pipelines_[pipeline]
                                                            : pipelines_["other"];
  last_ = number, counts_of_last_ = &found;
  return found;
}

void metrics_book::note(const fact& happened, const cluster& state) {
  ++facts_;
  if (is_of_no_run(happened.kind)) return;
  const auto* one = state.find(happened.run);
  if (one == nullptr) return;
  auto& to = of(happened.run, one->plan().definition.name);
  if (is_of_step(happened.kind)) return note_step(happened, *one, to);
  if (happened.kind == fact_kind::run_submitted) ++to.submitted;
  if (happened.kind != fact_kind::run_ended) return;
  ++to.ended[static_cast<std::size_t>(happened.number)];
  to.runs.add_ms(happened.at_ms - one->submitted_ms());
}

void metrics_book::note_step(const fact& happened, const run& of_run, pipeline_counts& to) {
  const auto& instance = of_run.at(happened.instance);
  const auto end = [&](attempt_end how) {
    if (happened.attempt == 0) return;  // it could not even be started, or was not
    ++to.attempts[static_cast<std::size_t>(how)];
    if (instance.started_ms != 0) to.attempt_times.add_ms(happened.at_ms - instance.started_ms);
  };
  switch (happened.kind) {
    case fact_kind::step_started:
      ++to.started;
      if (happened.attempt == 1)
        to.waits.add_ms(happened.at_ms - of_run.tally(of_run.step_of(happened.instance)).opened_ms);
      break;
    case fact_kind::step_finished:  // outputs may be left to be published, which can fail
      if (happened.number == 0) end(attempt_end::succeeded);
      break;
    case fact_kind::step_published:
      end(attempt_end::succeeded);
      break;
    case fact_kind::step_failed:
      end(attempt_end::failed);
      to.restarts += happened.number != 0;
      break;
    case fact_kind::step_crashed:
    case fact_kind::step_ran_out_of_memory:
      end(happened.kind == fact_kind::step_crashed ? attempt_end::crashed
                                                   : attempt_end::out_of_memory);
      to.restarts += happened.number != 0;
      to.poisoned += happened.number == 0;
      break;
    case fact_kind::step_cancelled:
      end(attempt_end::cancelled);
      break;
    case fact_kind::step_returned:
      end(attempt_end::returned);
      break;
    case fact_kind::step_skipped:
      ++to.skipped;
      break;
    case fact_kind::step_from_cache:
      ++to.from_cache;
      break;
    case fact_kind::step_marked:
      ++to.marked;
      break;
    case fact_kind::group_restarted:
      ++to.group_restarts;
      break;
    default:
      break;
  }
}

}  // namespace artel::core
