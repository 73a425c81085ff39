// What the log says of a fact, once it is durable.
#include "actors/coordination/effects.hpp"
#include "actors/logging/events.hpp"
#include "messages/utc_text.hpp"

#include <nlohmann/json.hpp>

namespace artel::coordination {
namespace {

void log_fact_of_no_run(const core::fact& what) {
  if (what.kind == core::fact_kind::node_drained)
    return logging::note(events::node_drained, {{"node", core::name_in(what)},
                                                {"drained", what.number != 0},
                                                {"reason", core::why_in(what)}});
  if (what.kind == core::fact_kind::pipeline_paused)
    return logging::note(events::pipeline_paused, {{"pipeline", core::name_in(what)},
                                                   {"paused", what.number != 0},
                                                   {"reason", core::why_in(what)}});
  if (what.kind == core::fact_kind::pool_set)
    return logging::note(
        events::pool_set,
        {{"pool", core::name_in(what)}, {"limit", what.number}, {"reason", core::why_in(what)}});
  if (core::is_limit(what.kind)) {
    const auto name = core::name_in(what);
    const auto slash = name.find('/');
    const auto pipeline = name.substr(0, slash), step = name.substr(slash + 1);
    if (what.kind == core::fact_kind::step_rate_set)
      return logging::note(events::step_rate_set, {{"pipeline", pipeline},
                                                   {"step", step},
                                                   {"per_hour", what.number},
                                                   {"reason", core::why_in(what)}});
    return logging::note(events::step_timeout_set, {{"pipeline", pipeline},
                                                    {"step", step},
                                                    {"ms", what.number},
                                                    {"reason", core::why_in(what)}});
  }
  if (what.kind == core::fact_kind::schedule_paused)
    return logging::note(events::schedule_paused, {{"schedule", core::name_in(what)},
                                                   {"paused", what.number != 0},
                                                   {"reason", core::why_in(what)}});
  if (what.kind == core::fact_kind::schedule_passed) {
    const auto rest = core::why_in(what);
    const auto line = rest.find('\n');
    if (line == std::string::npos)
      return logging::note(events::schedule_begins,
                           {{"schedule", core::name_in(what)}, {"rule", rest}});
    logging::note(events::schedule_passed, {{"schedule", core::name_in(what)},
                                            {"planned", utc_text(what.number)},
                                            {"what", rest.substr(line + 1)}});
  }
}

std::uint32_t failed_in(const core::run& of) {
  std::uint32_t count = 0;
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step)
    count += of.tally(step).count(step_state::failed) + of.tally(step).count(step_state::poisoned);
  return count;
}

void log_fact_of_run(const core::fact& what, const core::run& of, const std::string& run) {
  switch (what.kind) {
    case core::fact_kind::run_submitted:
      logging::note(events::run_submitted, {{"run", run},
                                            {"pipeline", of.plan().definition.name},
                                            {"instances", of.plan().instance_count},
                                            {"by", of.submitted().by}});
      break;
    case core::fact_kind::run_ended:
      logging::note(events::run_ended, {{"run", run},
                                        {"pipeline", of.plan().definition.name},
                                        {"state", to_text(static_cast<run_state>(what.number))},
                                        {"ms", what.at_ms - of.submitted_ms()},
                                        {"restarts", of.restarts()},
                                        {"steps", of.instance_count()},
                                        {"failed_steps", failed_in(of)},
                                        {"reason", what.text}});
      break;
    case core::fact_kind::run_cancel_requested:
      logging::note(events::run_cancel_requested, {{"run", run}, {"reason", what.text}});
      break;
    case core::fact_kind::run_paused:
      logging::note(events::run_paused,
                    {{"run", run}, {"paused", what.number != 0}, {"reason", what.text}});
      break;
    default:
      break;
  }
}

void log_notice(const core::fact& what, const core::run& of, const std::string& run,
                const std::string& step) {
  const auto result = nlohmann::json::parse(what.text, nullptr, false);
  if (!result.is_object()) return;
  const auto text = result.value("notice", nlohmann::json());
  const auto kind = result.value("notice_kind", nlohmann::json());
  if (!text.is_string() || text.get_ref<const std::string&>().empty()) return;
  logging::note(events::step_notice,
                {{"run", run},
                 {"pipeline", of.plan().definition.name},
                 {"step", step},
                 {"attempt", what.attempt},
                 {"kind", kind.is_string() ? kind.get_ref<const std::string&>() : std::string()},
                 {"text", text.get_ref<const std::string&>()}});
}

void log_fact_of_step(const core::fact& what, const core::run& of, const std::string& run,
                      const std::string& step) {
  const auto& pipeline = of.plan().definition.name;
  switch (what.kind) {
    case core::fact_kind::step_marked:
      logging::note(events::step_marked, {{"run", run},
                                          {"step", step},
                                          {"state", to_text(static_cast<step_state>(what.number))},
                                          {"reason", what.text}});
      break;
    case core::fact_kind::step_failed:
      logging::note(events::step_failed, {{"run", run},
                                          {"pipeline", pipeline},
                                          {"step", step},
                                          {"attempt", what.attempt},
                                          {"restart", what.number != 0},
                                          {"reason", what.text}});
      break;
    case core::fact_kind::step_crashed:
    case core::fact_kind::step_ran_out_of_memory:
      logging::note(events::step_crashed, {{"run", run},
                                           {"pipeline", pipeline},
                                           {"step", step},
                                           {"attempt", what.attempt},
                                           {"restart", what.number != 0},
                                           {"reason", what.text}});
      break;
    case core::fact_kind::group_restarted:
      logging::note(
          events::group_restarted,
          {{"run", run}, {"group", what.text}, {"step", step}, {"ends_taken_back", what.number}});
      break;
    case core::fact_kind::step_started:
      logging::note(events::step_started,
                    {{"run", run}, {"step", step}, {"attempt", what.attempt}, {"node", what.text}});
      break;
    case core::fact_kind::step_finished:
    case core::fact_kind::step_published:
      if (has_notice(what)) log_notice(what, of, run, step);
      logging::note(
          events::step_finished,
          {{"run", run},
           {"step", step},
           {"attempt", what.attempt},
           {"published", what.kind == core::fact_kind::step_published || what.number == 0}});
      break;
    default:
      logging::note(events::step_changed,
                    {{"run", run}, {"step", step}, {"kind", static_cast<int>(what.kind)}});
      break;
  }
}

}  // namespace

bool has_notice(const core::fact& what) {
  return what.kind == core::fact_kind::step_finished &&
         what.text.find("\"notice\"") != std::string::npos;
}

void log_fact(const core::fact& what, const core::cluster& state) {
  if (core::is_of_no_run(what.kind)) return log_fact_of_no_run(what);
  const auto* of = state.find(what.run);
  if (of == nullptr) return;
  const auto run = to_text(of->submitted().run);
  if (core::is_of_step(what.kind))
    log_fact_of_step(what, *of, run, of->instance_name(what.instance));
  else
    log_fact_of_run(what, *of, run);
}

}  // namespace artel::coordination
