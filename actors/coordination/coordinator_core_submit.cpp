// Submissions: a request becomes a run, once, or an answer that says why not.
#include <algorithm>

#include "actors/coordination/coordinator_core.hpp"
#include "actors/core/audit.hpp"
#include "actors/core/render.hpp"
#include "actors/core/run_values.hpp"
#include "config/pipeline_file.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
constexpr std::size_t names_bytes_max = 200;

admin_answer refusal(const trouble& why) { return refused{why.code, why.text}; }
}  // namespace

trouble burnt(const run_id& run) {
  return {trouble_code::conflict,
          "run " + to_text(run) +
              " was refused while the journal could not be written, and will not run; submit it "
              "under another id"};
}

void coordinator_core::submit(submit_run what, answer_to to, change_note_ptr note) {
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
  if (what.key.size() > names_bytes_max)
    return answer(std::move(to),
                  refused{trouble_code::bad_input, "submit_run.key: longer than " +
                                                       std::to_string(names_bytes_max) + " bytes"});
  if (what.priority && std::abs(std::int64_t{*what.priority}) > priority_max)
    return answer(std::move(to),
                  refused{trouble_code::bad_input, "submit_run.priority: expected -" +
                                                       std::to_string(priority_max) + " to " +
                                                       std::to_string(priority_max)});
  // Ids sort by time: one above all that the journal has is new.
  if (what.key.empty() && newest_ < what.run) return accept(what, std::move(to), std::move(note));
  // It may be a repetition of a run that has left memory.
  const knows_run ask{what.run, what.key};
  doors_.knows_run(ask, [this, to = std::move(to), what = std::move(what), note = std::move(note)](
                            const outcome<std::optional<run_id>>& known) mutable {
    if (!known) return answer(std::move(to), refused{known.error().code, known.error().text});
    if (*known) return answer(std::move(to), run_accepted{**known, true});
    accept(what, std::move(to), std::move(note));
  });
}

void coordinator_core::accept(submit_run& what, answer_to to, change_note_ptr note) {
  auto plan = plans_.compiled(what.pipeline, what.file);
  if (!plan) return answer(std::move(to), refusal(plan.error()));
  auto params = config::resolve_params((*plan)->definition, what.params);
  if (!params) return answer(std::move(to), refusal(params.error()));
  if (const auto* first = what.key.empty() ? nullptr : cluster_.find_by_key(what.key);
      first != nullptr)
    return answer(std::move(to), run_accepted{first->submitted().run, true});
  std::map<std::string, std::string> origin;
  if (!what.key.empty()) origin["key"] = what.key;
  if (what.no_cache) origin["no_cache"] = "1";
  if (what.priority) origin["priority"] = std::to_string(*what.priority);
  core::submission said{what.run,
                        (*plan)->definition.name,
                        (*plan)->instance_count,
                        std::move(what.pipeline),
                        std::move(what.file),
                        *std::move(params),
                        std::move(what.by),
                        std::move(origin)};
  start(std::move(said), *std::move(plan), nullptr, std::move(to), std::move(note));
}

void coordinator_core::start(core::submission said, std::shared_ptr<const core::graph> plan,
                             const core::taken_over* earlier, answer_to to, change_note_ptr note) {
  const auto now = doors_.now();
  if (const auto good = core::check_values(*plan, said, now.wall_ms); !good)
    return answer(std::move(to), refusal(good.error()));
  if (const auto wrong = refuse_pools(*plan)) return answer(std::move(to), refusal(*wrong));
  const auto id = said.run;
  auto packed = wire::pack(said);
  core::decision decided;
  const bool existed = cluster_.has_had(id);
  const auto number =
      cluster_.submit(std::move(said), std::move(packed), std::move(plan), now, decided, earlier);
  if (!number) return answer(std::move(to), refusal(number.error()));
  newest_ = std::max(newest_, id);
  if (note && !existed) {
    decided.facts.push_back(core::change_fact(note->what.by, note->what.from, note->what.what,
                                              trouble_code::none, "run " + to_text(id),
                                              now.wall_ms));
    note->kept = true;
  }
  // What can start at once does so in the same transaction.
  cluster_.place(now, decided);
  effect also;
  also.asker = std::move(to);
  also.answer = run_accepted{id, existed};
  also.submitted = existed ? 0 : *number;
  if (note && note->kept)
    also.refusal = core::change_fact(
        note->what.by, note->what.from, note->what.what, trouble_code::unavailable,
        "run " + to_text(id) + " " + refused_while_stalled, now.wall_ms);
  act(std::move(decided), std::move(also));
}

void coordinator_core::start_unless_known(core::submission said,
                                          std::shared_ptr<const core::graph> plan,
                                          std::shared_ptr<const core::taken_over> earlier,
                                          answer_to to) {
  const auto id = said.run;
  if (const auto* known = cluster_.find(id); known != nullptr)
    return answer(std::move(to), known->reason() == refused_while_stalled ? refusal(burnt(id))
                                                                          : run_accepted{id, true});
  doors_.knows_run({id, {}}, [this, to = std::move(to), said = std::move(said),
                              plan = std::move(plan), earlier = std::move(earlier)](
                                 const outcome<std::optional<run_id>>& known) mutable {
    if (!known) return answer(std::move(to), refused{known.error().code, known.error().text});
    if (*known) return answer(std::move(to), run_accepted{**known, true});
    start(std::move(said), std::move(plan), earlier.get(), std::move(to));
  });
}

}  // namespace artel::coordination
