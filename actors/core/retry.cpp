#include "actors/core/retry.hpp"

#include <algorithm>

#include "messages/spelling.hpp"

namespace artel::core {
namespace {

outcome<std::vector<bool>> steps_named(const graph& plan, const std::vector<std::string>& names) {
  std::vector<bool> named(plan.nodes.size());
  for (const auto& name : names) {
    const auto found = plan.by_name.find(name);
    if (found == plan.by_name.end()) {
      std::vector<std::string> known;
      for (const auto& [each, index] : plan.by_name) known.push_back(each);
      return trouble{trouble_code::not_found,
                     "the pipeline has no step '" + name + "'" + did_you_mean(name, known)};
    }
    named[found->second] = true;
  }
  return named;
}

/// The step of the earlier run that this one was, if it is still alike.
std::optional<std::uint32_t> earlier_step(const run& earlier, const step_definition& step) {
  const auto found = earlier.plan().by_name.find(step.name);
  if (found == earlier.plan().by_name.end()) return std::nullopt;
  const auto& was = earlier.plan().definition.steps[found->second];
  const bool same_matrix = std::equal(
      was.matrix.begin(), was.matrix.end(), step.matrix.begin(), step.matrix.end(),
      [](const auto& a, const auto& b) { return a.name == b.name && a.values == b.values; });
  const bool alike = same_matrix && was.instances == step.instances && was.map == step.map &&
                     was.combinations == step.combinations;
  return alike ? std::optional(found->second) : std::nullopt;
}

/// Steps of which an instance runs again. `forced` ones do as a whole.
std::vector<bool> choose_instances(const run& earlier, const graph& plan, const retry_wish& wish,
                                   const std::vector<bool>& from, const std::vector<bool>& forced,
                                   const std::function<bool(const made_artifacts&)>& at_hand,
                                   taken_over& made) {
  std::vector<bool> again(plan.nodes.size());   // an instance of it runs again
  std::vector<bool> behind(plan.nodes.size());  // a step of `from` is before it
  for (const auto step : plan.order) {
    const auto& definition = plan.definition.steps[step];
    made.instances[step].clear();
    bool after_again = false;
    for (const auto need : plan.nodes[step].needs) {
      after_again = after_again || again[need];
      behind[step] = behind[step] || behind[need] || from[need];
    }
    const auto was = earlier_step(earlier, definition);
    // What a mapped step works on may differ when something before it runs again.
    const bool of_list = was && earlier.is_mapped(*was);
    const bool whole = forced[step] || behind[step] || (from[step] && !wish.only_failed) ||
                       (after_again && (wish.with_downstream || of_list));
    if (made.succeeded[step]) continue;
    if (!was || whole || definition.section != step_section::steps) {
      again[step] = true;
      continue;
    }
    const auto range = earlier.instances_of(*was);
    if (!definition.map.empty() && !of_list) {
      // Ended before its list was known: by a person, or not at all.
      made.succeeded[step] = earlier.end_of(*was) == step_end::succeeded;
      again[step] = !made.succeeded[step];
      continue;
    }
    for (std::uint32_t k = 0; k < range.count; ++k) {
      const auto i = range.first + k;
      if (earlier.at(i).state != step_state::succeeded) continue;
      const auto* artifacts = earlier.artifacts_of(i);
      made_artifacts kept;
      if (artifacts != nullptr) kept.store = artifacts->store;
      for (const auto& declared : definition.artifacts)  // the file may be a mended one
        if (const auto* one = artifacts == nullptr ? nullptr : artifacts->find(declared.name))
          kept.all.push_back(*one);
      if (kept.all.size() != definition.artifacts.size() || (at_hand && !at_hand(kept))) continue;
      made.instances[step].push_back({k, earlier.text_of(i), std::move(kept)});
    }
    again[step] = made.instances[step].size() != range.count;
  }
  return again;
}

/// Members that start anew with one that runs again; false: there are no more.
bool force_groups(const graph& plan, const std::vector<bool>& again, const taken_over& made,
                  std::vector<bool>& forced) {
  bool more = false;
  for (std::size_t i = 0; i < plan.groups.size(); ++i) {
    if (!plan.groups[i].is_whole) continue;
    bool with = plan.definition.groups[i].strategy == group_strategy::one_for_all &&
                std::any_of(plan.groups[i].members.begin(), plan.groups[i].members.end(),
                            [&](const auto member) { return again[member]; });
    for (const auto member : plan.groups[i].members) {
      with = with || again[member];
      if (!with || forced[member] || made.succeeded[member]) continue;
      forced[member] = more = true;
    }
  }
  return more;
}

}  // namespace

outcome<taken_over> choose(const run& earlier, const graph& plan, const retry_wish& wish,
                           const std::function<bool(const made_artifacts&)>& at_hand) {
  if (earlier.state() == run_state::running)
    return trouble{trouble_code::conflict,
                   "the run has not ended; cancel it first, or wait until it has"};
  const auto from = steps_named(plan, wish.from);
  if (!from) return from.error();
  const auto succeeded = steps_named(plan, wish.succeeded);
  if (!succeeded) return succeeded.error();
  taken_over made;
  made.instances.resize(plan.nodes.size());
  made.succeeded = *succeeded;
  made.why = wish.why;
  std::vector<bool> forced(plan.nodes.size());
  auto again = choose_instances(earlier, plan, wish, *from, forced, at_hand, made);
  while (force_groups(plan, again, made, forced))
    again = choose_instances(earlier, plan, wish, *from, forced, at_hand, made);
  return made;
}

}  // namespace artel::core
