// The coordinator's answers to people who look around: runs by page, pipelines, what has changed.
// What runs is in memory, what has ended in the archive, which reads the journal beside the one who
// writes it.
#include <algorithm>
#include <set>

#include "actors/actor_errors.hpp"
#include "actors/coordination/coordinator.hpp"
#include "config/pipeline_file.hpp"

namespace artel::coordination {
namespace {

constexpr auto archive_patience = std::chrono::seconds(20);
constexpr std::size_t watchers_max = 1'000;

bool newer(const run_summary& a, const run_summary& b) { return a.run > b.run; }

/// The text is the beginning of the id, or somewhere in what people see of the run.
bool mentions(const core::run& of, const std::string& text) {
  const auto has = [&](const std::string& where) { return where.find(text) != where.npos; };
  const auto& said = of.submitted();
  if (to_text(said.run).starts_with(text) || has(of.plan().definition.name) || has(said.by) ||
      has(of.reason()))
    return true;
  for (const auto& [name, value] : said.params)
    if (has(value)) return true;
  for (instance_no i = 0; i < of.numbers(); ++i)
    if (const auto state = of.at(i).state;
        (state == step_state::failed || state == step_state::poisoned) && has(of.text_of(i)))
      return true;
  return false;
}

bool fits(const core::run& of, const find_runs& what) {
  const auto word = std::string(to_text(of.state()));
  return (what.pipeline.empty() || of.plan().definition.name == what.pipeline) &&
         (what.before.empty() || to_text(of.submitted().run) < what.before) &&
         (what.ids.empty() || std::find(what.ids.begin(), what.ids.end(),
                                        to_text(of.submitted().run)) != what.ids.end()) &&
         (what.states.empty() ||
          std::find(what.states.begin(), what.states.end(), word) != what.states.end()) &&
         (what.text.empty() || mentions(of, what.text));
}

pipeline_shown shown(const core::graph& plan, std::string text, std::string file) {
  const auto& definition = plan.definition;
  pipeline_shown made{
      definition.name, definition.description, std::move(file), std::move(text), {}};
  for (const auto& one : definition.params)
    made.params.push_back({one.name, std::string(config::to_text(one.type)), one.required,
                           one.default_value, one.choices, one.description});
  return made;
}

}  // namespace

void coordinator::find_all(find_runs what, caf::response_promise asker) {
  what.limit = std::clamp<std::uint32_t>(what.limit, 1, runs_found_max);
  for (const auto& word : what.states)
    if (std::find(std::begin(run_state_names), std::end(run_state_names), word) ==
        std::end(run_state_names))
      return answer(asker,
                    refused{trouble_code::bad_input,
                            "find_runs.states: expected running, succeeded, failed or cancelled, "
                            "found '" +
                                word + "'"});
  if (what.ids.size() > runs_found_max)
    return answer(asker, refused{trouble_code::bad_input,
                                 "find_runs.ids: more than " + std::to_string(runs_found_max)});
  std::vector<run_summary> known;
  for (const auto& [number, one] : core_.state().runs())
    if (fits(*one, what)) known.push_back(core::summarise(*one));
  const auto archive = options_.names->find(names::archive);
  if (!archive)
    return answer(asker,
                  refused{trouble_code::unavailable, "the archive is being restarted; ask again"});
  const auto limit = what.limit;
  request(archive, archive_patience, find_past{std::move(what)})
      .then(
          [this, asker, known, limit](runs_found& past) mutable {
            // A run that has just ended is in both; what is in memory is the newer word.
            auto& all = known;
            all.insert(all.end(), past.runs.begin(), past.runs.end());
            std::stable_sort(all.begin(), all.end(), newer);
            all.erase(std::unique(all.begin(), all.end(),
                                  [](const auto& a, const auto& b) { return a.run == b.run; }),
                      all.end());
            runs_found made;
            const bool more = all.size() > limit || !past.next.empty();
            if (all.size() > limit) all.resize(limit);
            if (more && !all.empty()) made.next = to_text(all.back().run);
            made.runs = std::move(all);
            answer(asker, std::move(made));
          },
          [this, asker](caf::error& why) {
            answer(asker, refused{trouble_code::unavailable,
                                  "the archive did not answer: " + text_of(why)});
          });
}

void coordinator::find_all(find_results what, caf::response_promise asker) {
  what.limit = std::clamp<std::uint32_t>(what.limit, 1, results_found_max);
  const auto archive = options_.names->find(names::archive);
  if (!archive)
    return answer(asker,
                  refused{trouble_code::unavailable, "the archive is being restarted; ask again"});
  request(archive, archive_patience, find_past_results{std::move(what)})
      .then([this, asker](results_found& found) { answer(asker, std::move(found)); },
            [this, asker](caf::error& why) {
              answer(asker, refused{trouble_code::unavailable,
                                    "the archive did not answer: " + text_of(why)});
            });
}

void coordinator::list(const list_pipelines& what, caf::response_promise asker) {
  const auto archive = options_.names->find(names::archive);
  if (!archive)
    return answer(asker,
                  refused{trouble_code::unavailable, "the archive is being restarted; ask again"});
  const auto each = std::min(what.recent, recent_runs_max);
  request(archive, archive_patience, recall_runs{each})
      .then(
          [this, asker, each](runs_recalled& past) {
            std::map<std::string, pipeline_view> all;
            for (const auto& [name, file] : core_.pipelines()) {
              auto& one = all[name];
              one.description = file.plan->definition.description;
              one.file = file.file;
            }
            for (auto& run : past.runs) all[run.pipeline].recent.push_back(std::move(run));
            for (const auto& [number, of] : core_.state().runs()) {
              auto& one = all[of->plan().definition.name];
              if (one.description.empty()) one.description = of->plan().definition.description;
              one.active += of->state() == run_state::running;
              const auto now = core::summarise(*of);
              std::erase_if(one.recent, [&](const auto& old) { return old.run == now.run; });
              one.recent.push_back(now);
            }
            for (const auto& [name, why] : core_.state().paused_pipelines()) all[name].paused = why;
            for (const auto& [name, schedule] : core_.schedules().all()) {
              const auto file = core_.pipeline_of(name);
              if (file.empty()) continue;
              auto& one = all[file];
              one.schedules.push_back(name);
              if (schedule.next_ms && (one.next_ms == 0 || *schedule.next_ms < one.next_ms))
                one.next_ms = *schedule.next_ms;
            }
            pipelines_listed made;
            for (auto& [name, one] : all) {
              one.name = name;
              std::sort(one.recent.begin(), one.recent.end(), newer);
              if (one.recent.size() > each) one.recent.resize(each);
              made.pipelines.push_back(std::move(one));
            }
            answer(asker, std::move(made));
          },
          [this, asker](caf::error& why) {
            answer(asker, refused{trouble_code::unavailable,
                                  "the archive did not answer: " + text_of(why)});
          });
}

/// As its file has it; of a pipeline in no file, as its last run had it.
void coordinator::show(const show_pipeline& what, caf::response_promise asker) {
  const auto& files = core_.pipelines();
  if (const auto found = files.find(what.name); found != files.end())
    return answer(asker, shown(*found->second.plan, found->second.text, found->second.file));
  find_runs last;
  last.limit = 1, last.pipeline = what.name;
  const auto& runs = core_.state().runs();
  for (auto each = runs.rbegin(); each != runs.rend(); ++each)
    if (each->second->plan().definition.name == what.name)
      return answer(asker, shown(each->second->plan(), each->second->submitted().pipeline, ""));
  const auto archive = options_.names->find(names::archive);
  const refused none{trouble_code::not_found, "there is no pipeline '" + what.name + "'"};
  if (!archive) return answer(asker, none);
  request(archive, archive_patience, find_past{last})
      .then(
          [this, asker, none](runs_found& past) {
            if (past.runs.empty()) return answer(asker, none);
            with_past_run(
                to_text(past.runs[0].run), {trouble_code::not_found, none.text},
                [this, asker](const core::cluster&, const core::run& of) {
                  answer(asker, shown(of.plan(), of.submitted().pipeline, ""));
                },
                [this, asker](refused why) { answer(asker, std::move(why)); });
          },
          [this, asker, none](caf::error&) { answer(asker, none); });
}

void coordinator::watch(const watch_changes& what, caf::response_promise asker) {
  const auto wait = std::min(what.wait_ms, wait_ms_max);
  watchers_.push_back({what, std::move(asker), options_.now().steady_ms + wait});
  if (wait == 0 || watchers_.size() > watchers_max) watchers_.back().until_ms = 0;
  if (what.life != core_.life()) watchers_.back().until_ms = 0;
  stir();
}

void coordinator::wake_watchers() {
  const auto now = options_.now().steady_ms;
  std::erase_if(watchers_, [&](change_watcher& one) {
    changes_seen made;
    made.life = core_.life();
    std::set<core::run_no> runs;
    made.all = one.what.life != made.life;
    if (!made.all) {
      const auto upto =
          core_.changes().since(one.what.after, core_.durable(), [&](core::run_no run) {
            run == core::change_book::of_no_run ? void(made.cluster = true)
                                                : void(runs.insert(run));
          });
      made.all = !upto;
      made.now = upto.value_or(0);
    }
    if (made.all) made.now = core_.changes().last(core_.durable());
    for (const auto number : runs)
      if (const auto* of = core_.state().find(number))
        made.runs.push_back(to_text(of->submitted().run));
    const bool something = made.all || made.cluster || !runs.empty();
    if (!something && now < one.until_ms) return false;
    one.asker.deliver(coordinator_answer{std::move(made)});
    return true;
  });
}

}  // namespace artel::coordination
