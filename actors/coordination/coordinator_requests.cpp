// The coordinator's answers to people: the admin requests that need the cluster's state.
#include <unistd.h>

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/coordination/compile.hpp"
#include "actors/coordination/coordinator.hpp"
#include "actors/submission_text.hpp"
#include "messages/wire/packing.hpp"

namespace artel::coordination {
namespace {
constexpr auto journal_patience = std::chrono::seconds(10);
constexpr std::uint32_t runs_listed_max = 1'000;

admin_answer refusal(const trouble& why) { return refused{why.code, why.text}; }

answer_to deliver_to(caf::response_promise asker) {
  return [asker](admin_answer what) mutable { asker.deliver(coordinator_answer{std::move(what)}); };
}
}  // namespace

void coordinator::answer(caf::response_promise asker, admin_answer what) {
  core_.answer(deliver_to(std::move(asker)), std::move(what));
}

/// Questions, which change nothing.
template <class Question>
void coordinator::look(Question& what, caf::response_promise asker) {
  using type = Question;
  if constexpr (std::is_same_v<type, find_runs>)
    find_all(std::move(what), asker);
  else if constexpr (std::is_same_v<type, find_results>)
    find_all(std::move(what), asker);
  else if constexpr (std::is_same_v<type, read_history>)
    answer(asker, core_.history().after(what.after_ms));
  else if constexpr (std::is_same_v<type, list_pipelines>)
    list(what, asker);
  else if constexpr (std::is_same_v<type, show_pipeline>)
    show(what, asker);
  else if constexpr (std::is_same_v<type, watch_changes>)
    watch(what, asker);
  else if constexpr (std::is_same_v<type, list_runs>)
    list(what, asker);
  else if constexpr (std::is_same_v<type, show_run>)
    show(what, asker);
  else if constexpr (std::is_same_v<type, await_run>)
    await(what, asker);
  else if constexpr (std::is_same_v<type, explain_step>)
    explain(what, asker);
  else if constexpr (std::is_same_v<type, read_events>)
    read(std::move(what), asker);
  else if constexpr (std::is_same_v<type, list_attempts>)
    list(what, asker);
  else if constexpr (std::is_same_v<type, list_artifacts>)
    show_artifacts(what, asker);
  else if constexpr (std::is_same_v<type, list_nodes>)
    answer(asker,
           nodes_listed{core::show(core_.state().nodes(), options_.now().steady_ms, what.lost)});
  else if constexpr (std::is_same_v<type, ping>) {
    std::uint32_t alive = 0;
    for (const auto& one : core::show(core_.state().nodes(), 0, false))
      alive += one.state == "alive" ? 1 : 0;
    answer(asker, pong{what.text, options_.version, static_cast<std::uint32_t>(::getpid()), alive});
  } else
    answer(asker, refused{trouble_code::internal, "the request went to the wrong actor"});
}

void coordinator::submit(submit_run what, std::optional<note_change> noted,
                         caf::response_promise asker) {
  change_note_ptr note;
  if (noted) note = std::make_shared<change_note>(change_note{*std::move(noted)});
  core_.submit(
      std::move(what),
      [asker, note](admin_answer said) mutable {
        const bool kept = note && note->kept && std::holds_alternative<run_accepted>(said);
        asker.deliver(coordinator_answer{std::move(said), kept});
      },
      note);
}

caf::response_promise coordinator::on_ask(ask_coordinator& ask) {
  auto asker = make_response_promise();
  std::visit(
      [&](auto& what) {
        using type = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<type, submit_run>)
          submit(std::move(what), std::move(ask.note), asker);
        else if constexpr (std::is_same_v<type, cancel_run>)
          core_.cancel(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, drain_node>)
          core_.drain(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, pause_work>)
          core_.pause(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, mark_step>)
          core_.mark(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, retry_run>)
          retry(std::move(what), asker);
        else if constexpr (std::is_same_v<type, list_schedules>)
          core_.list_schedules(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, preview_schedule>)
          core_.preview(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, start_planned>)
          core_.start(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, set_pool>)
          core_.set_pool(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, list_pools>)
          answer(asker, core::show(core_.state().pools(), what.name));
        else if constexpr (std::is_same_v<type, limit_step>)
          core_.limit(what, deliver_to(asker));
        else if constexpr (std::is_same_v<type, list_limits>)
          answer(asker, core::show(core_.state().limits_of_steps(), what.pipeline));
        else
          look(what, asker);
      },
      ask.what);
  return asker;
}

void coordinator::list(const list_attempts& what, caf::response_promise asker) {
  if (!what.node.empty() && core_.state().nodes().find(what.node) == core::node_table::no_such)
    return answer(asker, refused{trouble_code::not_found,
                                 "no node '" + what.node +
                                     "' has joined so far; artel nodes --all lists them"});
  answer(asker, core::show_attempts(core_.state(), core_.board(), what));
}

void coordinator::list(const list_runs& what, caf::response_promise asker) {
  const auto limit = std::min(what.limit, runs_listed_max);
  std::vector<run_summary> known;
  for (const auto& [number, one] : core_.state().runs())
    if (what.pipeline.empty() || one->plan().definition.name == what.pipeline)
      known.push_back(core::summarise(*one));
  const auto journal = options_.names->find(names::journal);
  if (!journal)
    return answer(asker, refused{trouble_code::unavailable,
                                 "the journal keeper is being restarted; ask again"});
  request(journal, journal_patience, list_ended{limit, what.pipeline, 0})
      .then(
          [this, asker, known, limit](runs_listed& ended) mutable {
            auto& all = ended.runs;
            all.insert(all.end(), known.begin(), known.end());
            // A run that ended and is still in memory is in both lists; the journal's goes first.
            std::stable_sort(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.run > b.run; });
            all.erase(std::unique(all.begin(), all.end(),
                                  [](const auto& a, const auto& b) { return a.run == b.run; }),
                      all.end());
            if (all.size() > limit) all.resize(limit);
            answer(asker, std::move(ended));
          },
          [this, asker](caf::error& why) mutable {
            answer(asker, refused{trouble_code::unavailable,
                                  "the journal did not answer: " + text_of(why)});
          });
}

void coordinator::with_past_run(const std::string& id, const trouble& missing, past_run then,
                                std::function<void(refused)> refuse) {
  const auto journal = options_.names->find(names::journal);
  if (missing.code != trouble_code::not_found || !journal || id.empty())
    return refuse({missing.code, missing.text});
  request(journal, journal_patience, find_facts{id})
      .then(
          [this, missing, then, refuse](found_facts& past) {
            auto said = past.facts.empty() ? outcome<core::submission>(missing)
                                           : read_submission(past.facts.front().text);
            if (!said) return refuse({said.error().code, said.error().text});
            auto plan = recompile(said->pipeline, said->file);
            if (!plan) return refuse({plan.error().code, plan.error().text});
            core::cluster folded(options_.limits, 0);
            const auto run = said->run;
            folded.replay_submitted(past.facts.front(), *std::move(said), *std::move(plan));
            for (std::size_t i = 1; i < past.facts.size(); ++i) folded.replay(past.facts[i]);
            then(folded, *folded.find(run));
          },
          [refuse](caf::error& why) {
            refuse({trouble_code::unavailable, "the journal did not answer: " + text_of(why)});
          });
}

void coordinator::show(const show_run& what, caf::response_promise asker) {
  const auto found = core_.find_run(what.run);
  if (found) return answer(asker, core::show(**found, core_.state().nodes(), core_.board()));
  with_past_run(
      what.run, found.error(),
      [this, asker](const core::cluster& folded, const core::run& of) {
        answer(asker, core::show(of, folded.nodes(), {}));
      },
      [this, asker](refused why) { answer(asker, std::move(why)); });
}

void coordinator::retry(retry_run what, caf::response_promise asker) {
  const auto found = core_.find_run(what.of);
  if (found) return core_.retry(std::move(what), **found, deliver_to(asker));
  const auto of = what.of;
  with_past_run(
      of, found.error(),
      [this, asker, what = std::move(what)](const core::cluster&, const core::run& earlier) {
        core_.retry(what, earlier, deliver_to(asker));
      },
      [this, asker](refused why) { answer(asker, std::move(why)); });
}

void coordinator::explain(const explain_step& what, caf::response_promise asker) {
  const auto tell_of = [this, asker, what](const core::cluster& all, const core::run& of) {
    const auto instance = core::find_instance(of, what.step);
    if (!instance) return answer(asker, refusal(instance.error()));
    answer(asker, core::explain(all, of, *instance, options_.now()));
  };
  const auto found = core_.find_run(what.run);
  if (found) return tell_of(core_.state(), **found);
  with_past_run(what.run, found.error(), tell_of,
                [this, asker](refused why) { answer(asker, std::move(why)); });
}

void coordinator::show_artifacts(const list_artifacts& what, caf::response_promise asker) {
  const auto tell_of = [this, asker, what](const core::cluster&, const core::run& of) {
    const auto made = core::show_artifacts(core_.state(), of, what.step);
    if (!made) return answer(asker, refusal(made.error()));
    answer(asker, *made);
  };
  const auto found = core_.find_run(what.run);
  if (found) return tell_of(core_.state(), **found);
  with_past_run(what.run, found.error(), tell_of,
                [this, asker](refused why) { answer(asker, std::move(why)); });
}

caf::response_promise coordinator::find(const read_log& what) {
  auto asker = make_response_promise();
  const auto found = core_.find_run(what.run);
  if (found) {
    asker.deliver(find_in(**found, what));
    return asker;
  }
  // A promise is shared by copies; only one of the two is called.
  with_past_run(
      what.run, found.error(),
      [asker, what](const core::cluster&, const core::run& of) mutable {
        asker.deliver(find_in(of, what));
      },
      [asker](refused why) mutable {
        asker.deliver(attempt_found{std::move(why), {}, true});
      });
  return asker;
}

attempt_found coordinator::find_in(const core::run& of, const read_log& what) {
  const auto instance = core::find_instance(of, what.step);
  if (!instance) return {{instance.error().code, instance.error().text}, {}, true};
  const auto& one = of.at(*instance);
  const auto attempt = what.attempt == 0 ? one.attempt : what.attempt;
  if (attempt > one.attempt)
    return {{trouble_code::not_found, "step '" + what.step + "' has had " +
                                          std::to_string(one.attempt) + " attempts so far"},
            {},
            true};
  const bool over =
      attempt < one.attempt || is_terminal(one.state) || one.state == step_state::backing_off;
  // attempt 0: it has not begun; the reader waits unless it never will.
  return {{trouble_code::none, {}}, {of.submitted().run, *instance, attempt}, over};
}

}  // namespace artel::coordination
