// Why a step is as it is, in sentences for people.
#include "actors/core/projection.hpp"

namespace artel::core {
namespace {

using reasons_list = std::vector<std::string>;

void explain_waiting(const run& of, std::uint32_t step, reasons_list& reasons) {
  const auto& definition = of.plan().definition.steps[step];
  if (definition.section != step_section::steps)
    reasons.push_back("it stands under " + std::string(to_text(definition.section)) +
                      ": it starts when all of 'steps' has ended");
  for (const auto need : of.plan().nodes[step].needs)
    if (definition.trigger == trigger_rule::all_success ? !of.satisfied(need)
                                                        : of.end_of(need) == step_end::open)
      reasons.push_back("it needs '" + of.plan().definition.steps[need].name + "', which is " +
                        std::string(to_text(overall(of.tally(need)))));
  if (definition.trigger != trigger_rule::all_success)
    reasons.push_back("its trigger rule is " + std::string(to_text(definition.trigger)));
}

void explain_ready(const cluster& all, const run& of, instance_no i, std::int64_t steady_ms,
                   reasons_list& reasons) {
  const auto step = of.step_of(i);
  const auto& definition = of.plan().definition.steps[step];
  if (const auto why = all.pause_of(of); !why.empty()) reasons.push_back(why);
  if (const auto why = all.queue_of(of); !why.empty()) reasons.push_back(why);
  if (!of.may_run_more(step))
    reasons.push_back("as many of its step's instances run as max_parallel allows (" +
                      std::to_string(definition.max_parallel) + ")");
  if (const auto why = all.pools().why_not(definition.pools); !why.empty()) reasons.push_back(why);
  if (const auto why =
          all.limits_of_steps().why_not(of.plan().definition.name, definition.name, steady_ms);
      !why.empty())
    reasons.push_back(why);
  for (const auto& input : all.inputs_of(of, i))
    if (input.nodes.empty())
      reasons.push_back("its input '" + input.path +
                        "' lies on no node that is there; it waits for one that has it, or make it "
                        "anew with 'artel retry --from'");
  if (all.nodes().size() == 0)
    reasons.push_back("no worker node has joined the cluster; start one, e.g. artel-analyzer");
  bool hopeless = all.nodes().size() != 0;
  const auto before = reasons.size();
  for (std::uint32_t node = 0; node < all.nodes().size(); ++node) {
    const auto one = all.nodes().explain(node, of.resources_of(i), definition.use);
    hopeless = hopeless && one.never;
    reasons.push_back("node '" + all.nodes().at(node).name + "' " + one.why);
  }
  if (hopeless)
    reasons.insert(reasons.begin() + static_cast<std::ptrdiff_t>(before),
                   "no node can ever take it as things are; start one that can");
}

std::string explain_restart(const step_definition& step, const step_instance& one,
                            std::int64_t wall_ms) {
  return "attempt " + std::to_string(one.attempt) + " ended badly; it restarts in " +
         std::to_string(std::max<std::int64_t>(0, one.due_ms - wall_ms)) + " ms (failures " +
         std::to_string(one.failures) + " of " + std::to_string(step.retries + 1) + ", crashes " +
         std::to_string(one.crashes) + " of " + std::to_string(step.crash_limit + 1) + ")";
}

void explain_poisoned(const step_definition& step, const step_instance& one,
                      reasons_list& reasons) {
  if (one.memory_kills != 0)
    reasons.push_back("it ran out of memory " + std::to_string(one.memory_kills) + " times");
  reasons.push_back("it crashed " + std::to_string(one.crashes) + " times, crash_limit is " +
                    std::to_string(step.crash_limit) + "; a person has to look");
}

/// Its group is being restarted, and it with it.
void explain_held(const run& of, std::uint32_t step, std::int64_t wall_ms, reasons_list& reasons) {
  const auto group = of.plan().whole_group_of(step);
  if (group == no_group || !of.held(step)) return;
  const auto culprit = *of.culprit_of(group);
  const auto& definition = of.plan().definition.groups[group];
  const auto wait = of.at(culprit).due_ms - wall_ms;
  reasons.push_back(
      "it starts anew with '" + of.instance_name(culprit) + "', as its group '" + definition.name +
      "' is " + std::string(to_text(definition.strategy)) + ": " +
      (wait > 0 ? "in " + std::to_string(wait) + " ms" : "when all that runs of them has stopped"));
}

std::string explain_cancelled(const run& of, std::uint32_t step) {
  if (of.cancel_requested() || of.cancel_taken()) return "the run was cancelled: " + of.reason();
  if (of.group_failed(step))
    return "its group '" + of.plan().definition.steps[step].group + "' failed";
  return "another instance of its step failed, and fail_fast stops them all";
}

std::string explain_success(const run& of, instance_no i) {
  if (!of.note_of(i).empty()) return of.note_of(i);
  if (of.at(i).attempt == 0)
    return "it succeeded in run " + of.retry_of() + ", which this one retries";
  return "it succeeded with attempt " + std::to_string(of.at(i).attempt);
}

}  // namespace

step_explained explain(const cluster& all, const run& of, instance_no i, moment now) {
  const auto wall_ms = now.wall_ms;
  const auto step = of.step_of(i);
  const auto& definition = of.plan().definition.steps[step];
  const auto& one = of.at(i);
  step_explained said{one.state, {}};
  auto& reasons = said.reasons;
  explain_held(of, step, wall_ms, reasons);
  switch (one.state) {
    case step_state::waiting:
      explain_waiting(of, step, reasons);
      break;
    case step_state::ready:
      if (!of.held(step)) explain_ready(all, of, i, now.steady_ms, reasons);
      break;
    case step_state::backing_off:
      reasons.push_back(explain_restart(definition, one, wall_ms));
      reasons.push_back("reason: " + of.text_of(i));
      break;
    case step_state::running:
      reasons.push_back("attempt " + std::to_string(one.attempt) + " has run on node '" +
                        all.nodes().at(one.node).name + "' for " +
                        std::to_string(wall_ms - one.started_ms) + " ms");
      break;
    case step_state::publishing:
      reasons.push_back("its report is accepted; node '" + all.nodes().at(one.node).name +
                        "' moves its outputs into place");
      break;
    case step_state::poisoned:
      explain_poisoned(definition, one, reasons);
      [[fallthrough]];
    case step_state::failed:
    case step_state::skipped:
      reasons.push_back("reason: " + of.text_of(i));
      break;
    case step_state::cancelled:
      reasons.push_back(explain_cancelled(of, step));
      break;
    case step_state::succeeded:
      reasons.push_back(explain_success(of, i));
      break;
  }
  return said;
}

}  // namespace artel::core
