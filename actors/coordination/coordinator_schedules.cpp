// Runs that start by themselves: schedules, and what people ask about them.

#include <set>

#include "actors/coordination/coordinator_core.hpp"
#include "actors/coordination/time_zones.hpp"
#include "actors/core/run_values.hpp"
#include "actors/logging/events.hpp"
#include "config/pipeline_file.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {

constexpr int starts_per_tick_max = 100;
constexpr std::uint32_t previewed_max = 10'000;
constexpr std::int64_t last_moment_ms = 253'402'300'799'000;  ///< of the year 9999

admin_answer refusal(const trouble& why) { return refused{why.code, why.text}; }

std::string times(std::uint64_t count) {
  return count == 0 ? "" : "; " + std::to_string(count) + " more were skipped";
}

}  // namespace

void coordinator_core::on_pipelines(const pipelines_read& said) {
  problems_ = said.problems;
  deployed_.clear();
  std::vector<core::planned_schedule> all;
  std::set<std::string> held;  // a zone may be away that was there when they began
  files_.clear();
  for (const auto& file : said.files) {
    counts_.know(file.plan->definition.name);
    files_[file.plan->definition.name] = file;
  }
  changes_.note(core::change_book::of_no_run, durable_);
  for (const auto& file : said.files)
    for (const auto& one : file.plan->definition.schedules) {
      auto when = make_calendar(one);
      auto run =
          when ? planned_run(one, file, 0, when->text(0)) : outcome<core::submission>(when.error());
      const auto good = run ? core::check_values(*file.plan, *run, doors_.now().wall_ms)
                            : outcome<done>(run.error());
      if (!good) {
        problems_.push_back(file.file + ": schedule '" + one.name + "': " + good.error().text);
        held.insert(one.name);
        continue;
      }
      if (const auto other = deployed_.find(one.name); other != deployed_.end()) {
        problems_.push_back(file.file + ": schedule '" + one.name + "' has the name of one of " +
                            other->second.file + "; give one of them another name");
        continue;
      }
      deployed_[one.name] = file;
      all.push_back({one, *std::move(when)});
    }
  for (const auto& why : problems_) logging::note(events::pipeline_refused, {{"reason", why}});
  logging::note(events::pipelines_read, {{"files", said.files.size()}, {"schedules", all.size()}});
  core::decision decided;
  schedules_.set(std::move(all), held, doors_.now().wall_ms, decided.facts);
  act(std::move(decided));
}

/// The run of a planned time; trouble when the schedule's parameters do not fit its pipeline.
outcome<core::submission> coordinator_core::planned_run(const schedule_definition& what,
                                                        const pipeline_file& file,
                                                        std::int64_t planned_ms,
                                                        const std::string& planned_text) const {
  auto params = config::resolve_params(file.plan->definition, what.params);
  if (!params) return params.error();
  return core::submission{core::id_of_planned(what.name, planned_ms),
                          file.plan->definition.name,
                          file.plan->instance_count,
                          file.text,
                          file.file,
                          *std::move(params),
                          "schedule " + what.name,
                          {{"schedule", what.name},
                           {"planned", std::to_string(planned_ms)},
                           {"planned_text", planned_text},
                           {"lane", "schedule " + what.name}}};
}

void coordinator_core::start_due(core::moment now) {
  if (!stalled_.empty()) return;
  for (int i = 0; i < starts_per_tick_max; ++i) {
    const auto* due = schedules_.due(now.wall_ms);
    if (due == nullptr || !start_planned_times(*due, now)) return;
  }
}

/// False when no run can be started now. All facts of it are one batch: what has been started and
/// how far the schedule has come are durable together, or not at all.
bool coordinator_core::start_planned_times(const core::schedule_book::entry& due,
                                           core::moment now) {
  const auto& rule = due.is.what;
  const auto name = rule.name;
  const auto found = schedules_.times_of(due, now.wall_ms);
  core::decision decided;
  if (const auto who = schedules_.paused(name); !who.empty()) {
    schedules_.pass(name, found.upto_ms, "paused: " + who, now.wall_ms, decided.facts);
    act(std::move(decided));
    return true;
  }
  std::string became = "missed";
  auto upto = found.upto_ms;
  auto skipped = found.skipped;
  bool room = true;
  for (std::size_t i = 0; i < found.start_ms.size(); ++i) {
    const auto planned = found.start_ms[i];
    auto run = planned_run(rule, deployed_.at(name), planned, due.is.when.text(planned));
    if (!run) break;  // it was tried when the file was read
    if (auto why = make_way(rule, i < found.missed, *run, now, decided); !why.empty()) {
      became = std::move(why);
      continue;
    }
    const auto id = run->run;
    auto packed = wire::pack(*run);
    const auto started =
        cluster_.submit(*std::move(run), std::move(packed), deployed_.at(name).plan, now, decided);
    if (!started) {
      if (!held_)
        logging::note(events::schedule_held,
                      {{"schedule", name}, {"reason", started.error().text}});
      room = false;
      upto = i == 0 ? 0 : found.start_ms[i - 1];
      break;
    }
    newest_ = std::max(newest_, id);
    became = "run " + to_text(id);
  }
  held_ = !room;
  if (found.missed != 0 || skipped != 0) {
    const auto planned = found.start_ms.empty() ? found.upto_ms : found.start_ms.front();
    logging::note(events::schedule_missed, {{"schedule", name},
                                            {"planned", due.is.when.text(planned)},
                                            {"late_s", (now.wall_ms - planned) / 1'000},
                                            {"what", became + times(skipped)}});
  }
  if (upto != 0) schedules_.pass(name, upto, became + times(skipped), now.wall_ms, decided.facts);
  act(std::move(decided));
  return room;
}

/// What an earlier run of the schedule means for this one: "" when it may start, or wait; else why
/// there is none for this planned time.
std::string coordinator_core::make_way(const schedule_definition& rule, bool missed,
                                       core::submission& run, core::moment now,
                                       core::decision& decided) {
  const auto waits = [&] {
    run.origin["lane_limit"] = "1";
    return std::string();
  };
  if (missed && rule.misfire == misfire_policy::all) return waits();  // one after the other
  const auto active = cluster_.active_in(run.origin.at("lane"));
  if (active.empty() || rule.overlap == overlap_policy::allow) return {};
  const auto& earlier = *cluster_.find(*active.begin());
  switch (rule.overlap) {
    case overlap_policy::skip:
      return "skipped: run " + to_text(earlier.submitted().run) + " had not ended";
    case overlap_policy::queue:
      for (const auto number : active)
        if (const auto& one = *cluster_.find(number); !one.begun() && one.lane_limit() != 0)
          return "skipped: run " + to_text(one.submitted().run) + " waits already";
      return waits();
    default:
      for (const auto number : active)
        static_cast<void>(cluster_.cancel(
            number, "the next run of schedule " + rule.name + " is due", now, decided));
      return waits();
  }
}

void coordinator_core::list_schedules(const artel::list_schedules& what, answer_to to) {
  schedules_listed made;
  made.problems = problems_;
  for (const auto& [name, one] : schedules_.all()) {
    const auto& rule = one.is.what;
    const auto& file = deployed_.at(name);
    if (!what.pipeline.empty() && what.pipeline != file.plan->definition.name) continue;
    const auto mark = schedules_.mark_of(name);
    const auto paused = schedules_.paused(name);
    const bool goes_on = one.next_ms && paused.empty();
    made.schedules.push_back({name, file.plan->definition.name, file.file, rule.rule(),
                              goes_on ? *one.next_ms : 0,
                              goes_on ? one.is.when.text(*one.next_ms) : "", mark.last_ms,
                              mark.last, std::string(misfire_names[std::size_t(rule.misfire)]),
                              std::string(overlap_names[std::size_t(rule.overlap)]), paused});
  }
  answer(std::move(to), std::move(made));
}

outcome<const core::schedule_book::entry*> coordinator_core::find_schedule(
    const std::string& name) const {
  if (const auto* found = schedules_.find(name)) return found;
  return trouble{trouble_code::not_found,
                 "there is no schedule '" + name + "'; artel schedule list shows all"};
}

void coordinator_core::preview(const preview_schedule& what, answer_to to) {
  const auto found = find_schedule(what.schedule);
  if (!found) return answer(std::move(to), refusal(found.error()));
  const auto& when = (*found)->is.when;
  const auto moment = [&](const std::string& text, std::int64_t none) {
    return text.empty() ? std::optional(none) : when.moment_of(text);
  };
  const auto from = moment(what.from, doors_.now().wall_ms + 1);
  const auto until = moment(what.to, std::numeric_limits<std::int64_t>::max());
  if (!from || !until)
    return answer(std::move(to), refused{trouble_code::bad_input,
                                         "'" + (from ? what.to : what.from) +
                                             "': expected a moment such as 2026-03-29, "
                                             "2026-03-29T03:00 or 2026-03-29T03:00+02:00"});
  schedule_previewed made;
  const auto limit = std::min(what.limit, previewed_max);
  for (auto next = when.next(*from - 1); next && *next < *until; next = when.next(*next)) {
    made.more = made.times.size() == limit;
    if (made.more) break;
    made.times.push_back({*next, when.text(*next), core::id_of_planned(what.schedule, *next)});
  }
  answer(std::move(to), std::move(made));
}

void coordinator_core::start(const start_planned& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  const auto found = find_schedule(what.schedule);
  if (!found) return answer(std::move(to), refusal(found.error()));
  if (what.planned_ms < 0 || what.planned_ms > last_moment_ms)
    return answer(std::move(to),
                  refused{trouble_code::bad_input,
                          "start_planned.planned_ms: expected a moment from 1970 to 9999"});
  const auto& one = **found;
  const auto text = one.is.when.text(what.planned_ms);
  if (one.is.when.next(what.planned_ms - 1) != what.planned_ms)
    return answer(std::move(to), refused{trouble_code::bad_input,
                                         text + " is no planned time of '" + what.schedule + "'"});
  if (what.planned_ms > schedules_.mark_of(what.schedule).passed_ms)
    return answer(std::move(to),
                  refused{trouble_code::bad_input, text + " has not come yet: '" + what.schedule +
                                                       "' will start its run itself"});
  auto rule = one.is.what;
  for (const auto& [name, value] : what.params) rule.params[name] = value;
  const auto file = deployed_.at(what.schedule);
  auto run = planned_run(rule, file, what.planned_ms, text);
  if (!run) return answer(std::move(to), refusal(run.error()));
  run->by = what.by;
  run->origin["lane"] = "backfill of " + what.schedule;
  run->origin["lane_limit"] = std::to_string(std::max(1U, what.parallel));
  start_unless_known(*std::move(run), file.plan, nullptr, std::move(to));
}

}  // namespace artel::coordination
