// Whose turn it is: runs that begin only when few enough others run. A run belongs to its pipeline,
// which may have max_active_runs, and perhaps to a lane: the runs of a schedule, or of a backfill.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

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
  /// Runs that may begin or go on, whose turn it is first: of thousands that wait for each other
  /// only the few that may be next. They may begin and end meanwhile; who stops early has paid for
  /// those that it was told only.
  class walk;
  /// `able`: could something of it start, e.g. is it not paused?
  walk candidates(const std::function<bool(run_no)>& able) const;
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

  /// A point of priority is worth a minute of waiting, so that the order of two runs never changes.
  using turn = std::pair<std::int64_t, run_no>;
  static turn turn_of(const run& of);
  /// What a run that has not begun waits in: its lane, or its pipeline; "" when nothing holds it.
  static std::string queue_of(const run& of);
  struct queue {
    std::set<turn> waiting;
    std::string lane, pipeline;
    std::uint32_t lane_limit = 0, pipeline_limit = 0;
  };

  std::set<turn> open_;  ///< begun, or held by nothing
  std::unordered_map<std::string, queue> held_;
  std::unordered_map<std::string, std::uint32_t> begun_by_pipeline_;
  std::unordered_map<std::string, std::uint32_t> begun_by_lane_;
  std::unordered_map<std::string, std::set<run_no>> lanes_;
};

class run_queues::walk {
public:
  std::optional<run_no> next();

private:
  friend class run_queues;
  walk(const std::set<turn>& open, std::vector<turn> held) : open_(open), held_(std::move(held)) {}
  const std::set<turn>& open_;
  std::vector<turn> held_;  ///< that may begin, in order
  std::size_t at_ = 0;
  std::optional<turn> last_;
};

}  // namespace artel::core
