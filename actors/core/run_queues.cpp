#include "actors/core/run_queues.hpp"

namespace artel::core {

void run_queues::add(const run& of) {
  if (!of.lane().empty()) lanes_[of.lane()].insert(of.number());
}

void run_queues::note(const run& of, bool had_begun) {
  const bool ended = of.state() != run_state::running;
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
