// What people ask of the coordinator that changes something.
#include <algorithm>

#include "actors/coordination/compile.hpp"
#include "actors/coordination/coordinator_core.hpp"
#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"
#include "config/pipeline_file.hpp"
#include "messages/plain_text.hpp"
#include "messages/spelling.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
constexpr std::size_t names_bytes_max = 200;

admin_answer refusal(const trouble& why) { return refused{why.code, why.text}; }

std::string who_and_why(const std::string& by, const std::string& reason) {
  return one_line(reason.empty() ? "by " + by : reason + " (by " + by + ")");
}
}  // namespace

void coordinator_core::drain(const drain_node& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  core::decision decided;
  const auto good = cluster_.drain(what.node, what.undo, who_and_why(what.by, what.reason),
                                   doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  change_done(std::move(decided),
              what.undo ? "node '" + what.node + "' gets attempts again"
                        : "node '" + what.node + "' gets no more attempts",
              std::move(to));
}

void coordinator_core::set_pool(const artel::set_pool& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  if (what.name.empty() || what.name.size() > names_bytes_max ||
      what.name.find('\n') != std::string::npos)
    return answer(std::move(to),
                  refused{trouble_code::bad_input, "set_pool.name: expected the name of a pool"});
  core::decision decided;
  const auto good = cluster_.set_pool(what.name, what.limit, who_and_why(what.by, what.reason),
                                      doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  change_done(std::move(decided),
              what.limit ? "pool '" + what.name + "' has " + std::to_string(*what.limit)
                         : "pool '" + what.name + "' is no more; steps that ask for it wait",
              std::move(to));
}

coordinator_core::names_known coordinator_core::look_for(const std::string& pipeline,
                                                         const std::string& step) const {
  names_known made;
  for (const auto& [number, of] : cluster_.runs()) {
    if (of->plan().definition.name != pipeline) continue;
    made.pipeline = true;
    for (const auto& each : of->plan().definition.steps) {
      made.step = made.step || each.name == step;
      made.steps.push_back(each.name);
    }
  }
  return made;
}

void coordinator_core::limit(const limit_step& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  const auto wrong = [&](const std::string& why) {
    answer(std::move(to), refused{trouble_code::bad_input, "limit_step." + why});
  };
  for (const auto* name : {&what.pipeline, &what.step})
    if (!is_plain_name(name->substr(0, name == &what.step ? name->find('[') : name->npos)))
      return wrong(name == &what.step ? "step: expected the name of a step"
                                      : "pipeline: expected the name of a pipeline");
  if (!what.per_hour && !what.timeout_ms) return wrong("per_hour: expected it, or timeout_ms");
  if (what.per_hour.value_or(0) > starts_per_hour_max)
    return wrong("per_hour: at most " + std::to_string(starts_per_hour_max) +
                 " (ten thousand a second), or 0");
  if (what.timeout_ms.value_or(0) > attempt_timeout_max_ms)
    return wrong("timeout_ms: at most a year, or 0");
  const auto known = look_for(what.pipeline, what.step);
  if (known.pipeline && !known.step)
    return answer(std::move(to),
                  refused{trouble_code::not_found, "pipeline '" + what.pipeline +
                                                       "' has no step '" + what.step + "'" +
                                                       did_you_mean(what.step, known.steps)});
  core::decision decided;
  cluster_.limit_step(what.pipeline, what.step, what.per_hour, what.timeout_ms,
                      who_and_why(what.by, what.reason), doors_.now(), decided);
  std::string text = "step '" + what.step + "' of pipeline '" + what.pipeline + "': ";
  if (what.per_hour)
    text += *what.per_hour == 0 ? "any number of attempts may start"
                                : "attempts may start at " + rate_text(*what.per_hour);
  if (what.timeout_ms)
    text += (what.per_hour ? "; " : "") +
            (*what.timeout_ms == 0
                 ? "attempts that start from now on may take as long as the pipeline says"
                 : "attempts that start from now on may take " + std::to_string(*what.timeout_ms) +
                       " ms");
  if (!known.pipeline) text += " (no run of that pipeline is in memory)";
  change_done(std::move(decided), std::move(text), std::move(to));
}

std::optional<trouble> coordinator_core::refuse_pools(const core::graph& plan) const {
  for (const auto& step : plan.definition.steps)
    for (const auto& [name, count] : step.pools) {
      const auto refuse = [&, where = step.name](const std::string& why) {
        return bad_input(plan.definition.file + ": step '" + where + "': pools: " + why);
      };
      if (!cluster_.pools().has(name)) {
        std::vector<std::string> known;
        for (const auto& [each, pool] : cluster_.pools().all()) known.push_back(each);
        return refuse("this cluster has no pool '" + name + "'" + did_you_mean(name, known) +
                      "; 'artel pool set " + name + " LIMIT' makes it");
      }
      if (const auto& pool = cluster_.pools().all().at(name); pool.limit != 0 && count > pool.limit)
        return refuse("it asks for " + std::to_string(count) + " of '" + name + "', which has " +
                      std::to_string(pool.limit) + " in all");
    }
  return std::nullopt;
}

/// Answers when the facts are durable; what may start now is placed.
void coordinator_core::change_done(core::decision decided, std::string text, answer_to to) {
  effect also;
  also.asker = std::move(to);
  also.answer = done_so{std::move(text)};
  act(std::move(decided), std::move(also));
  core::decision placed;
  cluster_.place(doors_.now(), placed);
  act(std::move(placed));
}

void coordinator_core::refuse_while_stalled(answer_to to) {
  answer(std::move(to), refused{trouble_code::unavailable, stalled_ + "; try again then"});
}

outcome<const core::run*> coordinator_core::find_run(const std::string& text) const {
  const auto& runs = cluster_.runs();
  if (text == "last" && !runs.empty()) return runs.rbegin()->second.get();
  std::string upper = text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  const core::run* found = nullptr;
  for (const auto& [number, one] : runs) {
    if (upper.empty() || !to_text(one->submitted().run).starts_with(upper)) continue;
    if (found != nullptr)
      return bad_input("several runs have ids that begin with '" + text + "'; give more of it");
    found = one.get();
  }
  if (found == nullptr)
    return trouble{trouble_code::not_found,
                   "no run has an id that begins with '" + text + "'; artel runs lists them"};
  return found;
}

void coordinator_core::cancel(const cancel_run& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  const auto found = find_run(what.run);
  if (!found) return answer(std::move(to), refusal(found.error()));
  core::decision decided;
  const auto good = cluster_.cancel(
      (*found)->number(),
      what.reason.empty() ? "cancelled by " + what.by : what.reason + " (by " + what.by + ")",
      doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  change_done(std::move(decided), "cancelling " + to_text((*found)->submitted().run),
              std::move(to));
}

void coordinator_core::pause(const pause_work& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  const auto why = who_and_why(what.by, what.reason);
  if (int{what.run.empty()} + int{what.pipeline.empty()} + int{what.schedule.empty()} != 2)
    return answer(std::move(to),
                  refused{trouble_code::bad_input,
                          "pause_work: expected either a run, a pipeline or a schedule"});
  core::decision decided;
  if (!what.schedule.empty()) {
    // One that is gone may be paused still, and resumed.
    const auto found = find_schedule(what.schedule);
    if (!found && schedules_.paused(what.schedule).empty())
      return answer(std::move(to), refusal(found.error()));
    schedules_.pause(what.schedule, what.undo, why, doors_.now().wall_ms, decided.facts);
    return change_done(std::move(decided),
                       what.undo ? "schedule '" + what.schedule + "' goes on"
                                 : "schedule '" + what.schedule +
                                       "' starts nothing until 'artel schedule resume " +
                                       what.schedule + "'",
                       std::move(to));
  }
  if (!what.pipeline.empty()) {
    if (what.pipeline.size() > names_bytes_max || what.pipeline.find('\n') != std::string::npos)
      return answer(std::move(to), refused{trouble_code::bad_input,
                                           "pause_work.pipeline: expected the name of one"});
    cluster_.pause_pipeline(what.pipeline, what.undo, why, doors_.now(), decided);
    return change_done(std::move(decided),
                       what.undo ? "runs of pipeline '" + what.pipeline + "' go on"
                                 : "nothing of pipeline '" + what.pipeline +
                                       "' is started until 'artel resume --pipeline " +
                                       what.pipeline + "'",
                       std::move(to));
  }
  const auto found = find_run(what.run);
  if (!found) return answer(std::move(to), refusal(found.error()));
  const auto id = to_text((*found)->submitted().run);
  const auto good = cluster_.pause_run((*found)->number(), what.undo, why, doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  change_done(std::move(decided),
              what.undo ? "run " + id + " goes on"
                        : "nothing of run " + id + " is started until 'artel resume " + id + "'",
              std::move(to));
}

void coordinator_core::mark(const mark_step& what, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  if (what.as != step_state::succeeded && what.as != step_state::failed &&
      what.as != step_state::skipped)
    return answer(std::move(to), refused{trouble_code::bad_input,
                                         "mark_step.as: expected succeeded, failed or skipped"});
  const auto found = find_run(what.run);
  if (!found) return answer(std::move(to), refusal(found.error()));
  const auto instance = core::find_instance(**found, what.step);
  if (!instance) return answer(std::move(to), refusal(instance.error()));
  const bool one = what.step.find('[') != std::string::npos;
  const auto which = one ? core::instance_range{*instance, 1}
                         : (*found)->instances_of((*found)->step_of(*instance));
  core::decision decided;
  const auto word = std::string(to_text(what.as));
  const auto good = cluster_.mark((*found)->number(), which, what.as,
                                  "marked " + word + ": " + who_and_why(what.by, what.reason),
                                  doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  change_done(std::move(decided),
              "'" + what.step + "' is marked " + word +
                  (*good == 1 ? "" : " (" + std::to_string(*good) + " instances)"),
              std::move(to));
}

void coordinator_core::retry(retry_run what, const core::run& earlier, answer_to to) {
  if (!stalled_.empty()) return refuse_while_stalled(std::move(to));
  if (what.run == run_id{})
    return answer(std::move(to),
                  refused{trouble_code::bad_input,
                          "retry_run.run: expected a run id that the client made (a ULID), found "
                          "zeros"});
  if (const auto* known = cluster_.find(what.run); known != nullptr)
    return answer(std::move(to), known->reason() == refused_while_stalled
                                     ? refusal(burnt(what.run))
                                     : run_accepted{what.run, true});
  auto said = earlier.submitted();
  auto plan = std::shared_ptr<const core::graph>();
  if (!what.pipeline.empty()) {
    said.pipeline = std::move(what.pipeline);
    said.file = std::move(what.file);
  }
  if (auto made = compile(said.pipeline, said.file))
    plan = *std::move(made);
  else
    return answer(std::move(to), refusal(made.error()));
  // A mended file may have dropped some.
  const auto& wanted = plan->definition.params;
  std::erase_if(said.params, [&](const auto& given) {
    return std::none_of(wanted.begin(), wanted.end(),
                        [&](const auto& one) { return one.name == given.first; });
  });
  auto params = config::resolve_params(plan->definition, said.params);
  if (!params) return answer(std::move(to), refusal(params.error()));
  core::retry_wish wish{std::move(what.from), what.only_failed, what.with_downstream,
                        std::move(what.succeeded),
                        "counts as succeeded: " + who_and_why(what.by, what.reason)};
  const auto chosen = core::choose(
      earlier, *plan, wish, [this](const auto& made) { return cluster_.has_artifacts(made); });
  if (!chosen) return answer(std::move(to), refusal(chosen.error()));
  std::erase_if(said.origin, [](const auto& one) {
    return one.first != "priority" && one.first != "no_cache" && one.first != "schedule" &&
           !one.first.starts_with("planned");
  });
  said.origin["retry_of"] = to_text(said.run);
  said.origin["reason"] = who_and_why(what.by, what.reason);
  said.run = what.run;
  said.name = plan->definition.name;
  said.instances = plan->instance_count;
  said.params = *std::move(params);
  said.by = what.by;
  start_unless_known(std::move(said), std::move(plan),
                     std::make_shared<const core::taken_over>(*chosen), std::move(to));
}

}  // namespace artel::coordination
