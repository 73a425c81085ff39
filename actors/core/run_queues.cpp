#include "actors/core/run_queues.hpp"

#include <algorithm>

namespace artel::core {

run_queues::turn run_queues::turn_of(const run& of) {
  constexpr std::int64_t point_ms = 60'000;
  return {of.submitted_ms() - of.priority() * point_ms, of.number()};
}

std::string run_queues::queue_of(const run& of) {
  const auto& pipeline = of.plan().definition;
  if (of.lane_limit() == 0 && pipeline.max_active_runs == 0) return {};
  // Texts of one pipeline may have different limits.
  return pipeline.name + '\n' + std::to_string(pipeline.max_active_runs) + '\n' +
         (of.lane_limit() == 0 ? "" : of.lane() + '\n' + std::to_string(of.lane_limit()));
}

void run_queues::add(const run& of) {
  if (!of.lane().empty()) lanes_[of.lane()].insert(of.number());
  const auto name = queue_of(of);
  if (name.empty() || of.begun()) {
    open_.insert(turn_of(of));
    return;
  }
  auto& one = held_[name];
  one.waiting.insert(turn_of(of));
  one.pipeline = of.plan().definition.name;
  one.pipeline_limit = of.plan().definition.max_active_runs;
  one.lane = of.lane();
  one.lane_limit = of.lane_limit();
}

run_queues::walk run_queues::candidates(const std::function<bool(run_no)>& able) const {
  std::vector<turn> held;
  const auto room = [&](const auto& counts, const std::string& name, std::uint32_t most) {
    const auto begun = begun_of(counts, name);
    return most == 0 ? ~0U : most - std::min(most, begun);
  };
  for (const auto& [name, one] : held_) {
    auto count = std::min(room(begun_by_pipeline_, one.pipeline, one.pipeline_limit),
                          room(begun_by_lane_, one.lane, one.lane_limit));
    for (auto next = one.waiting.begin(); count > 0 && next != one.waiting.end(); ++next)
      if (able(next->second)) held.push_back(*next), --count;
  }
  std::sort(held.begin(), held.end());
  return {open_, std::move(held)};
}

std::optional<run_no> run_queues::walk::next() {
  const auto open = last_ ? open_.upper_bound(*last_) : open_.begin();
  const bool has_held = at_ < held_.size();
  if (open == open_.end() && !has_held) return {};
  if (has_held && (open == open_.end() || held_[at_] < *open))
    last_ = held_[at_++];
  else
    last_ = *open;
  return last_->second;
}

void run_queues::note(const run& of, bool had_begun) {
  const bool ended = of.state() != run_state::running;
  if (const bool begins = !had_begun && of.begun(); begins || ended) {
    if (const auto held = held_.find(queue_of(of)); held != held_.end()) {
      held->second.waiting.erase(turn_of(of));
      if (held->second.waiting.empty()) held_.erase(held);
    }
    if (begins) open_.insert(turn_of(of));
    if (ended) open_.erase(turn_of(of));
  }
  const auto count = [&](auto& counts, const std::string& name) {
    if (!had_begun && of.begun()) ++counts[name];
    if (ended && of.begun() && --counts[name] == 0) counts.erase(name);
  };
  count(begun_by_pipeline_, of.plan().definition.name);
  if (of.lane().empty()) return;
  count(begun_by_lane_, of.lane());
  if (!ended) return;
  const auto lane = lanes_.find(of.lane());
  if (lane == lanes_.end()) return;
  lane->second.erase(of.number());
  if (lane->second.empty()) lanes_.erase(lane);
}

std::string run_queues::why_not(const run& of) const {
  if (of.begun()) return {};
  const auto& pipeline = of.plan().definition;
  if (is_held(begun_of(begun_by_pipeline_, pipeline.name), pipeline.max_active_runs))
    return "as many runs of its pipeline have begun as max_active_runs allows (" +
           std::to_string(pipeline.max_active_runs) + ")";
  if (!of.lane().empty() && is_held(begun_of(begun_by_lane_, of.lane()), of.lane_limit()))
    return "it waits for earlier runs of " + of.lane() + " (" + std::to_string(of.lane_limit()) +
           " at once)";
  return {};
}

const std::set<run_no>& run_queues::active_in(const std::string& lane) const {
  static const std::set<run_no> none;
  const auto found = lanes_.find(lane);
  return found == lanes_.end() ? none : found->second;
}

}  // namespace artel::core
