// What people ask of the coordinator that changes something.
#include <algorithm>

#include "actors/coordination/compile.hpp"
#include "actors/coordination/coordinator_core.hpp"
#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"
#include "config/pipeline_file.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
admin_answer refusal(const trouble& why) { return refused{why.code, why.text}; }

trouble burnt(const run_id& run) {
  return {trouble_code::conflict,
          "run " + to_text(run) +
              " was refused while the journal could not be written, and will not run; submit it "
              "under another id"};
}
}  // namespace

void coordinator_core::submit(submit_run what, answer_to to) {
  if (!stalled_.empty())
    return answer(std::move(to), refused{trouble_code::unavailable,
                                         stalled_ + "; nothing was accepted, try again then"});
  if (what.run == run_id{})
    return answer(
        std::move(to),
        refused{trouble_code::bad_input,
                "submit_run.run: expected a run id that the client made (a ULID), found zeros"});
  if (const auto* known = cluster_.find(what.run); known != nullptr)
    return answer(std::move(to), known->reason() == refused_while_stalled
                                     ? refusal(burnt(what.run))
                                     : run_accepted{what.run, true});
  // It may be a repetition of a run that has left memory.
  const auto id = what.run;
  doors_.knows_run(
      id, [this, to = std::move(to), what = std::move(what)](const outcome<bool>& known) mutable {
        if (!known) return answer(std::move(to), refused{known.error().code, known.error().text});
        if (*known) return answer(std::move(to), run_accepted{what.run, true});
        accept(what, std::move(to));
      });
}

void coordinator_core::accept(submit_run& what, answer_to to) {
  auto plan = compile(what.pipeline, what.file);
  if (!plan) return answer(std::move(to), refusal(plan.error()));
  auto params = config::resolve_params((*plan)->definition, what.params);
  if (!params) return answer(std::move(to), refusal(params.error()));
  core::submission said{what.run,
                        (*plan)->definition.name,
                        (*plan)->instance_count,
                        std::move(what.pipeline),
                        std::move(what.file),
                        *std::move(params),
                        std::move(what.by)};
  const auto now = doors_.now();
  // What does not hang on other steps is computed now, so that whoever submits hears of a mistake.
  for (std::uint32_t step = 0; step < (*plan)->nodes.size(); ++step) {
    const core::run_values known(**plan, said, now.wall_ms, step, 0);
    const auto made = core::render(**plan, step, what.run, known);
    const auto values = made ? core::values_of_instance(*made, known)
                             : outcome<std::vector<std::string>>(made.error());
    if (!values && values.error().code != trouble_code::unavailable)
      return answer(std::move(to), refusal(values.error()));
  }
  auto packed = wire::pack(said);
  core::decision decided;
  const bool existed = cluster_.find(what.run) != nullptr;
  const auto number =
      cluster_.submit(std::move(said), std::move(packed), *std::move(plan), now, decided);
  if (!number) return answer(std::move(to), refusal(number.error()));
  effect also;
  also.asker = std::move(to);
  also.answer = run_accepted{what.run, existed};
  also.submitted = existed ? 0 : *number;
  act(std::move(decided), std::move(also));
  // Placement comes as a batch of its own: the client need not wait for it.
  core::decision placed;
  cluster_.place(now, placed);
  act(std::move(placed));
}

void coordinator_core::drain(const drain_node& what, answer_to to) {
  if (!stalled_.empty())
    return answer(std::move(to), refused{trouble_code::unavailable, stalled_ + "; try again then"});
  core::decision decided;
  const auto good = cluster_.drain(what.node, what.undo, doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  effect also;
  also.asker = std::move(to);
  also.answer = done_so{what.undo ? "node '" + what.node + "' gets attempts again"
                                  : "node '" + what.node + "' gets no more attempts"};
  act(std::move(decided), std::move(also));
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
  if (!stalled_.empty())
    return answer(std::move(to), refused{trouble_code::unavailable, stalled_ + "; try again then"});
  const auto found = find_run(what.run);
  if (!found) return answer(std::move(to), refusal(found.error()));
  core::decision decided;
  const auto good = cluster_.cancel(
      (*found)->number(),
      what.reason.empty() ? "cancelled by " + what.by : what.reason + " (by " + what.by + ")",
      doors_.now(), decided);
  if (!good) return answer(std::move(to), refusal(good.error()));
  effect also;
  also.asker = std::move(to);
  also.answer = done_so{"cancelling " + to_text((*found)->submitted().run)};
  act(std::move(decided), std::move(also));
}

}  // namespace artel::coordination
