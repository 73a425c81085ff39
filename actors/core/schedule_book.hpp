// Which schedules there are, how far each has come, and which is due. A watermark per schedule,
// kept as facts, makes each planned time start once: what lies at or before it has been dealt with.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/core/calendar.hpp"
#include "actors/core/fact.hpp"
#include "messages/schedule.hpp"

namespace artel::core {

/// So many planned times that were missed are started at most; older ones are skipped.
constexpr std::size_t misfires_started_max = 1'000;
/// What is later than this (and the jitter) was missed.
constexpr std::int64_t punctual_ms = 60'000;

/// A schedule with the pipeline that it starts, as the coordinator was given them.
struct planned_schedule {
  schedule_definition what;
  calendar when;
};

/// What is due of a schedule, decided by its misfire policy.
struct due_times {
  std::vector<std::int64_t> start_ms;  ///< planned times, in order
  std::size_t missed = 0;              ///< how many of these, from the first, were missed
  std::int64_t upto_ms = 0;            ///< with that all planned times up to this are dealt with
  std::uint64_t skipped = 0;           ///< planned times that are not started
};

class schedule_book {
public:
  struct entry {
    planned_schedule is;
    std::int64_t jitter_ms = 0;           ///< how much later than planned it starts
    std::optional<std::int64_t> next_ms;  ///< planned, the first after the watermark
  };
  struct watermark {
    std::int64_t passed_ms = 0;  ///< the watermark
    std::string rule;            ///< that it was kept by
    std::string last;            ///< what became of the last planned time
    std::int64_t last_ms = 0;    ///< which one that was; 0: there was none yet
  };

  void replay(const fact& happened);

  /// These are the schedules from now on. A new one, and one whose rule has changed, begins now;
  /// one that is gone ends, unless it is `held`: known, but not to be understood now. Gives facts.
  void set(std::vector<planned_schedule> all, const std::set<std::string>& held,
           std::int64_t now_ms, std::vector<fact>& out);

  /// The one that has been due for the longest; nullptr: none is.
  const entry* due(std::int64_t now_ms) const;
  /// When the next one will be due; none: never.
  std::optional<std::int64_t> due_at_ms() const {
    if (queue_.empty()) return {};
    return queue_.begin()->first;
  }
  due_times times_of(const entry& one, std::int64_t now_ms) const;
  /// Everything up to `upto_ms` has been dealt with: a fact. `what` says what became of the last.
  void pass(const std::string& name, std::int64_t upto_ms, const std::string& what,
            std::int64_t now_ms, std::vector<fact>& out);

  /// A paused schedule lets its planned times pass. True: that is new.
  bool pause(const std::string& name, bool undo, const std::string& why, std::int64_t now_ms,
             std::vector<fact>& out);
  /// Who paused it and why; "" when nobody did.
  std::string paused(const std::string& name) const;

  const entry* find(const std::string& name) const;
  const std::map<std::string, entry>& all() const { return entries_; }
  watermark mark_of(const std::string& name) const;

private:
  void plan_next(entry& one);

  std::map<std::string, entry> entries_;
  std::map<std::string, watermark> marks_;
  std::map<std::string, std::string> paused_;
  std::set<std::pair<std::int64_t, std::string>> queue_;  ///< by when they start
};

/// The id of the run that a schedule starts for a planned time: always the same one.
run_id id_of_planned(const std::string& schedule, std::int64_t planned_ms);

}  // namespace artel::core
