// Is a sequence of facts one that could have happened? Checks each fact against the state before
// it, which `evolve` does not: evolve may not refuse. For `artel journal check`, which looks for
// damage, and for the simulation, which looks for our mistakes.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/core/pool_table.hpp"
#include "actors/core/run.hpp"

namespace artel::core {

class history_check {
public:
  /// The submission that a run_submitted holds, and its graph; reading them is not the core's
  /// business.
  struct opened {
    submission what;
    std::shared_ptr<const graph> plan;
  };

  /// Empty when the fact may follow, and then it is applied; else the rule that it breaks.
  std::string next(const fact& happened);
  std::string next_submitted(const fact& happened, opened run);

  const std::map<run_no, std::unique_ptr<run>>& runs() const { return runs_; }
  const run* find(const run_id& id) const;
  bool drained(const std::string& node) const {
    const auto found = drained_.find(node);
    return found != drained_.end() && found->second;
  }
  /// Facts of no run may have been taken out of this history when later ones said the same.
  void allow_gaps() { kept_known_ = false; }
  /// Its facts are no longer looked at; its id stays taken.
  void forget(run_no number) {
    if (const auto found = runs_.find(number); found != runs_.end()) {
      by_key_.erase(found->second->key());
      runs_.erase(found);
    }
  }

private:
  std::string next_of_no_run(const fact& happened);
  std::string refuse_run_fact(const run& of, const fact& happened) const;
  std::string refuse_step_fact(const run& of, const fact& happened) const;
  bool may_begin(const run& of) const;
  static std::string refuse_restart(const run& of, const fact& happened);
  static std::string refuse_end(const run& of, const fact& happened);

  std::map<run_no, std::unique_ptr<run>> runs_;
  std::unordered_map<run_id, run_no> by_id_;
  std::map<std::string, bool> drained_;
  std::set<std::string> paused_pipelines_, paused_schedules_;
  std::set<std::string> kept_;  ///< run and result
  bool kept_known_ = true;
  pool_table pools_;
  std::map<std::string, std::int64_t> passed_ms_;  ///< by schedule
  std::map<std::string, run_no> by_key_;
  run_no last_run_ = 0;
};

}  // namespace artel::core
