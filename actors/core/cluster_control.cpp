// What people do to runs that are there: cancel, pause, decide how a step has ended.
#include "actors/core/cluster.hpp"
#include "actors/core/retry.hpp"

namespace artel::core {
namespace {

trouble ended(const run& of) {
  return {trouble_code::conflict,
          "the run has ended already (" + std::string(to_text(of.state())) + ")"};
}

}  // namespace

outcome<done> cluster::cancel(run_no number, std::string reason, moment now, decision& out,
                              cancel_what how) {
  auto* of = get(number);
  if (of == nullptr) return trouble{trouble_code::not_found, "no such run"};
  if (of->state() != run_state::running) return ended(*of);
  if (!of->cancel_taken()) stop_run(*of, std::move(reason), how, now, out);
  return done{};
}

void cluster::stop_run(run& of, std::string reason, cancel_what how, moment now, decision& out) {
  happen(of,
         {fact_kind::run_cancel_requested, of.number(), 0, 0, now.wall_ms,
          static_cast<std::int64_t>(how), cut_error(std::move(reason))},
         now, out);
  if (how == cancel_what::refused) free_key(of);
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step)
    if (of.stops(step)) stop_step(of, step, now, out);
  end_if_done(of, now, out);
}

/// What has not started is cancelled, what runs is told to stop and ends with its report.
void cluster::stop_step(run& of, std::uint32_t step, moment now, decision& out) {
  const auto [first, count] = of.instances_of(step);
  for (instance_no i = first; i < first + count; ++i) {
    const auto& one = of.at(i);
    if (one.state == step_state::waiting || one.state == step_state::ready ||
        one.state == step_state::backing_off)
      happen(of, {fact_kind::step_cancelled, of.number(), i, one.attempt, now.wall_ms, 0, {}}, now,
             out);
    else if (one.state == step_state::running)
      out.orders.push_back({order::kind::cancel,
                            one.node,
                            nodes_.at(one.node).session,
                            of.number(),
                            {of.submitted().run, i, one.attempt}});
  }
}

outcome<done> cluster::pause_run(run_no number, bool undo, std::string why, moment now,
                                 decision& out) {
  auto* of = get(number);
  if (of == nullptr) return trouble{trouble_code::not_found, "no such run"};
  if (of->state() != run_state::running) return ended(*of);
  if (of->paused().empty() != undo)
    happen(
        *of,
        {fact_kind::run_paused, number, 0, 0, now.wall_ms, undo ? 0 : 1, cut_error(std::move(why))},
        now, out);
  return done{};
}

void cluster::pause_pipeline(const std::string& name, bool undo, std::string why, moment now,
                             decision& out) {
  if (paused_pipelines_.contains(name) != undo) return;
  fact what{fact_kind::pipeline_paused,
            0,
            0,
            0,
            now.wall_ms,
            undo ? 0 : 1,
            cut_error(name + '\n' + std::move(why))};
  note_pipeline_pause(what);
  out.facts.push_back(std::move(what));
}

void cluster::note_pipeline_pause(const fact& what) {
  if (what.number == 0)
    paused_pipelines_.erase(name_in(what));
  else
    paused_pipelines_[name_in(what)] = why_in(what);
}

void cluster::limit_step(const std::string& pipeline, const std::string& step,
                         std::optional<std::uint64_t> per_hour,
                         std::optional<std::uint64_t> timeout_ms, const std::string& why,
                         moment now, decision& out) {
  const auto set = [&](fact_kind kind, std::uint64_t to) {
    fact what{kind,
              0,
              0,
              0,
              now.wall_ms,
              static_cast<std::int64_t>(to),
              cut_error(limit_table::name_for(pipeline, step) + '\n' + why)};
    note_limit_set(what, now.steady_ms);
    out.facts.push_back(std::move(what));
  };
  if (per_hour) set(fact_kind::step_rate_set, *per_hour);
  if (timeout_ms) set(fact_kind::step_timeout_set, *timeout_ms);
}

void cluster::note_limit_set(const fact& what, std::int64_t steady_ms) {
  const auto value = static_cast<std::uint64_t>(what.number);
  if (what.kind == fact_kind::step_rate_set)
    limits_of_steps_.set_rate(name_in(what), value, why_in(what), steady_ms);
  else
    limits_of_steps_.set_timeout(name_in(what), value, why_in(what), steady_ms);
}

outcome<done> cluster::set_pool(const std::string& name, std::optional<std::uint32_t> limit,
                                const std::string& why, moment now, decision& out) {
  if (!limit && !pools_.has(name))
    return trouble{trouble_code::not_found, "there is no pool '" + name + "'"};
  fact what{fact_kind::pool_set,         0, 0, 0, now.wall_ms, limit ? std::int64_t{*limit} : -1,
            cut_error(name + '\n' + why)};
  note_pool(what);
  out.facts.push_back(std::move(what));
  return done{};
}

void cluster::note_pool(const fact& what) {
  if (what.number < 0)
    pools_.remove(name_in(what));
  else
    pools_.set(name_in(what), static_cast<std::uint32_t>(what.number));
}

std::string cluster::pause_of(const run& of) const {
  if (!of.paused().empty()) return "the run is paused: " + of.paused();
  const auto found = paused_pipelines_.find(of.plan().definition.name);
  if (found == paused_pipelines_.end()) return {};
  return "its pipeline is paused: " + found->second;
}

outcome<std::uint32_t> cluster::mark(run_no number, instance_range which, step_state as,
                                     std::string why, moment now, decision& out) {
  auto* of = get(number);
  if (of == nullptr) return trouble{trouble_code::not_found, "no such run"};
  if (of->state() != run_state::running)
    return trouble{trouble_code::conflict, ended(*of).text +
                                               "; 'artel retry' makes a new run of it, with "
                                               "--succeeded for steps that are to count"};
  std::uint32_t marked = 0;
  for (instance_no i = which.first; i < which.first + which.count; ++i) {
    if (of->at(i).state == step_state::publishing)
      return trouble{trouble_code::conflict, "'" + of->instance_name(i) +
                                                 "' has finished and its outputs are being moved "
                                                 "into place"};
    marked += is_terminal(of->at(i).state) ? 0 : 1;
  }
  if (marked == 0)
    return trouble{trouble_code::conflict,
                   "'" + of->instance_name(which.first) + "' has ended already (" +
                       std::string(to_text(of->at(which.first).state)) + ")"};
  why = cut_error(std::move(why));
  const auto step = of->step_of(which.first);
  for (instance_no i = which.first; i < which.first + which.count; ++i) {
    const auto one = of->at(i);
    if (is_terminal(one.state)) continue;
    if (one.state == step_state::running) {
      out.orders.push_back({order::kind::cancel,
                            one.node,
                            nodes_.at(one.node).session,
                            number,
                            {of->submitted().run, i, one.attempt}});
      release(*of, i);
    }
    happen(*of,
           {fact_kind::step_marked, number, i, one.attempt, now.wall_ms,
            static_cast<std::int64_t>(as), why},
           now, out);
  }
  stop_others(*of, step, now, out);
  settle_group(*of, step, now, out);
  after_step(*of, step, now, out);
  end_if_done(*of, now, out);
  return marked;
}

/// In an order in which what a step needs comes first, so that its instances are known.
void cluster::take_over(run& of, const taken_over& earlier, moment now, decision& out) {
  for (const auto step : of.plan().order) {
    const auto range = of.instances_of(step);
    for (const auto& one : earlier.instances[step]) {
      if (one.number >= range.count || is_terminal(of.at(range.first + one.number).state)) continue;
      const auto i = range.first + one.number;
      if (!one.artifacts.all.empty())
        happen(
            of,
            {fact_kind::artifacts_kept, of.number(), i, 0, now.wall_ms, 0, to_text(one.artifacts)},
            now, out);
      happen(of, {fact_kind::step_taken_over, of.number(), i, 0, now.wall_ms, 0, one.result}, now,
             out);
    }
    if (!earlier.succeeded[step]) continue;
    for (instance_no i = range.first; i < range.first + range.count; ++i)
      if (!is_terminal(of.at(i).state))
        happen(of,
               {fact_kind::step_marked, of.number(), i, 0, now.wall_ms,
                static_cast<std::int64_t>(step_state::succeeded), earlier.why},
               now, out);
  }
}

}  // namespace artel::core
