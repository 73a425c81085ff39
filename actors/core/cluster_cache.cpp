// Results of earlier runs: taken where a step says so, kept when it has succeeded.
#include "actors/core/cluster.hpp"
#include "actors/core/run_values.hpp"
#include "messages/instance_text.hpp"

namespace artel::core {

void cluster::note_result(const fact& what) {
  auto kept = read_kept_result(what.text);
  if (kept.what.run.empty()) return;  // of an earlier release
  kept.what.at_ms = what.at_ms;
  places_.note(kept.what.artifacts);
  results_.keep(kept.key, std::move(kept.what));
}

/// Computed once: it is asked for again at each placement while the instance waits for a node.
const cluster::cache_place& cluster::cache_place_of(run& of, instance_no i,
                                                    const rendered_step& told) {
  const auto [place, fresh] = cache_places_[of.number()].try_emplace(i);
  if (!fresh) return place->second;
  const auto step = of.step_of(i);
  const auto number = i - of.instances_of(step).first;
  const run_values known(of, step, number);
  const auto values = values_of_instance(told, known);
  if (!values) return place->second;
  if (const auto key = cache_key(of.plan(), step, told, number, *values, inputs_of(of, i), known))
    place->second = {*key, fill_instance(told.plan.output, number, *values)};
  return place->second;
}

bool cluster::take_from_cache(run& of, instance_no i,
                              const std::shared_ptr<const rendered_step>& plan, moment now,
                              decision& out) {
  // Whoever tries a run again wants anew what did not succeed, or was named.
  if (of.at(i).attempt != 0 || !of.origin("no_cache").empty() || !of.retry_of().empty())
    return false;
  const auto& place = cache_place_of(of, i, *plan);
  const auto* found =
      place.key.empty()
          ? nullptr
          : results_.find(place.key, of.definition_of(i).cache.expires_ms, now.wall_ms);
  // A result whose artifacts are not at hand is of no use to who needs them.
  if (found == nullptr || !has_artifacts(found->artifacts)) return false;
  if (!found->artifacts.all.empty())
    happen(
        of,
        {fact_kind::artifacts_kept, of.number(), i, 0, now.wall_ms, 0, to_text(found->artifacts)},
        now, out);
  happen(of,
         {fact_kind::step_from_cache, of.number(), i, 0, now.wall_ms, 0,
          found->run + '\n' + found->result},
         now, out);
  return true;
}

/// It has succeeded with an attempt; its plan is still at hand. What can not be told apart (an
/// input that can not be computed, a folder with a line break in its name) is not kept.
void cluster::keep_result(run& of, instance_no i, moment now, decision& out) {
  if (!of.definition_of(i).cache.on || of.at(i).state != step_state::succeeded) return;
  const auto plan = plan_of(of, of.step_of(i));
  if (!plan) return;
  const auto& place = cache_place_of(of, i, **plan);
  if (place.key.empty() || place.output.find('\n') != std::string::npos) return;
  kept_result_text said{place.key,
                        {to_text(of.submitted().run), place.output, of.text_of(i), 0, {}}};
  if (const auto* made = of.artifacts_of(i)) said.what.artifacts = *made;
  fact kept{fact_kind::result_kept, 0, 0, 0, now.wall_ms, 0, to_text(said)};
  note_result(kept);
  out.facts.push_back(std::move(kept));
}

}  // namespace artel::core
