// Whose turn it is: runs that begin only when few enough others run. A run belongs to its pipeline,
// which may have max_active_runs, and perhaps to a lane: the runs of a schedule, or of a backfill.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/core/run.hpp"

namespace artel::core {

class run_queues {
public:
  void add(const run& of);
  /// After a fact: it may have begun, or ended.
  void note(const run& of, bool had_begun);

  bool lets_begin(const run& of) const { return of.begun() || why_not(of).empty(); }
  /// What the run waits for; "" when nothing.
  std::string why_not(const run& of) const;
  /// Runs of a lane that have not ended.
  const std::set<run_no>& active_in(const std::string& lane) const;

private:
  static bool is_held(std::uint32_t begun, std::uint32_t most) {
    return most != 0 && begun >= most;
  }
  std::uint32_t begun_of(const std::unordered_map<std::string, std::uint32_t>& counts,
                         const std::string& name) const {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
  }

  std::unordered_map<std::string, std::uint32_t> begun_by_pipeline_;
  std::unordered_map<std::string, std::uint32_t> begun_by_lane_;
  std::unordered_map<std::string, std::set<run_no>> lanes_;
};

}  // namespace artel::core
