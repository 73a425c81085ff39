// What people ask for: runs of random pipelines, and all that may be done to them.
#include "actors/coordination/compile.hpp"
#include "tests/simulation/cast.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000, s = 1'000'000;
}  // namespace

/// A trigger rule, a condition on a step that is needed, or a text that reads it.
std::string cast::random_rule(const std::string& needs) {
  std::string text;
  if (world_.one_in(3))
    text += ", trigger: " +
            std::string(trigger_rule_names[world_.between(0, std::size(trigger_rule_names) - 1)]);
  const auto first = needs.substr(0, needs.find(','));
  if (world_.one_in(4)) text += ", when: \"steps." + first + ".state != 'skipped'\"";
  if (world_.one_in(6))
    text += ", env: {S: \"${steps." + first + ".state}\"}";
  else if (world_.one_in(12))
    text += ", env: {N: \"${steps." + first + ".result.none}\"}";
  return text;
}

/// Several instances: so many, a matrix, or one for each item of a list that may be empty or none.
std::string cast::random_instances(const std::string& needs) {
  std::string text;
  const auto dice = world_.between(0, 5);
  if (dice < 2)
    text = ", instances: " + std::to_string(world_.between(2, 3));
  else if (dice == 2)
    text = ", matrix: {k: [1, 2, 3]}";
  else if (dice == 3 && !needs.empty())
    text = ", map: \"steps." + needs.substr(0, needs.find(',')) +
           (world_.one_in(8) ? ".state\"" : ".results + [1]\"");
  else
    text = ", map: range(" + std::to_string(world_.between(0, 4)) + "), cwd: \"${item}\"";
  if (world_.one_in(3)) text += ", max_parallel: 1";
  if (world_.one_in(3)) text += ", fail_fast: true";
  return text;
}

/// Some steps make an artifact, those that need them may want it.
std::string cast::random_artifacts(std::int64_t step, const std::string& needs) {
  std::string text, inputs;
  if (step == 0) makers_.clear();
  for (const auto maker : makers_)
    if (needs.find("s" + std::to_string(maker)) != needs.npos && !world_.one_in(3))
      inputs += (inputs.empty() ? "" : ", ") + ("i" + std::to_string(maker)) + ": \"s" +
                std::to_string(maker) + (world_.one_in(3) ? "[instance]" : "") + "/m\"";
  if (!inputs.empty()) text += ", inputs: {" + inputs + "}";
  if (world_.one_in(3)) {
    text += ", artifacts: [m]";
    makers_.push_back(step);
  }
  return text;
}

std::string cast::random_pipeline() {
  const auto steps = world_.between(1, 5);
  std::string text = "pipeline: p\n";
  if (world_.one_in(12)) text += "timeout: " + std::to_string(world_.between(2, 30)) + "s\n";
  if (world_.one_in(5)) text += "max_active_runs: " + std::to_string(world_.between(1, 2)) + "\n";
  if (world_.one_in(5)) text += "priority: " + std::to_string(world_.between(-2, 2)) + "\n";
  // A group lies in a row, so that nothing outside of it is between its members.
  const auto group_from = world_.one_in(2) ? steps : world_.between(0, steps - 1);
  const auto group_to = group_from + world_.between(1, steps);
  if (group_from < steps)
    text += "groups: {g: {strategy: " + std::string(group_strategy_names[world_.between(0, 2)]) +
            ", max_restarts: " + std::to_string(world_.between(0, 6)) + ", within: 10s}}\n";
  text += "steps:\n";
  for (std::int64_t i = 0; i < steps; ++i) {
    text += "  s" + std::to_string(i) +
            (world_.one_in(8) ? ": {command: [c], secrets: {S: " +
                                    std::string(world_.one_in(8) ? "none" : known_secret) + "}"
                              : ": {use: core.noop");
    if (i >= group_from && i < group_to) text += ", group: g";
    std::string needs;
    for (std::int64_t j = 0; j < i; ++j)
      if (world_.one_in(3)) needs += (needs.empty() ? "s" : ", s") + std::to_string(j);
    if (!needs.empty()) text += ", needs: [" + needs + "]" + random_rule(needs);
    if (world_.one_in(2)) text += random_instances(needs);
    if (world_.one_in(2))
      text += world_.one_in(2) ? ", output: \"/out/${instance}\""
                               : ", output: \"/out/${instance * 2}\"";
    if (world_.one_in(5)) text += ", allow_failure: true";
    const auto retries = std::to_string(world_.between(0, 3));
    text +=
        ", retries: " + (world_.one_in(4) ? "{max: " + retries + ", on: [1, timeout]}" : retries);
    if (world_.one_in(6)) text += ", wait_timeout: " + std::to_string(world_.between(1, 10)) + "s";
    const std::string counted = world_.one_in(4) ? "counters: [licences]" : "";
    if (world_.one_in(4))
      text += ", resources: {memory: 1MB" + (counted.empty() ? "" : ", " + counted) +
              "}, on_oom: {memory_factor: 1.5, max: 2MB}";
    else if (!counted.empty())
      text += ", resources: {" + counted + "}";
    if (world_.one_in(4)) text += ", pools: [db]";
    text += random_artifacts(i, needs);
    const auto own = text.substr(text.rfind('\n'));
    const bool hasty = own.find("trigger: a") != own.npos && own.find("trigger: all") == own.npos;
    if (world_.one_in(4) && !(hasty && own.find("inputs:") != own.npos))
      text += ", cache: {expires: 8s, version: 1}";
    text += ", crash_limit: " + std::to_string(world_.between(1, 6));
    text += ", backoff: {min: 50ms, max: " + std::to_string(world_.between(1, 4)) + "s}";
    text += ", timeout: 60s}\n";
  }
  for (const auto* section : {"on_success", "on_failure", "on_exit"})
    if (world_.one_in(6))
      text += std::string(section) + ":\n  a_" + section +
              ": {use: core.noop, env: {S: \"${run.state}\"}}\n  b_" + section +
              ": {use: core.noop, needs: [a_" + section + "]" +
              (world_.one_in(3) ? ", when: run.state == 'failed'" : "") + "}\n";
  return text;
}

void cast::set_up_schedules() {
  const auto count = world_.one_in(2) ? 0 : world_.between(1, 2);
  pipelines_read files;
  for (std::int64_t i = 0; i < count; ++i) {
    auto text = random_pipeline();
    text.replace(
        0, std::string("pipeline: p").size(),
        "pipeline: q" + std::to_string(i) +
            "\nschedule: {every: " + std::to_string(world_.between(3, 9)) +
            "s, within: 20s, misfire: " + std::string(misfire_names[world_.between(1, 2)]) +
            ", overlap: " + std::string(overlap_names[world_.between(0, 3)]) +
            (world_.one_in(3) ? ", jitter: 2s}" : "}"));
    auto plan = coordination::compile(text, "q.yaml");
    if (!plan) throw violation{"a pipeline was refused: " + plan.error().text + "\n" + text};
    files.files.push_back({"q.yaml", text, *plan});
  }
  supervisor_->deploy(std::move(files));
  for (int i = 0; i < 3 && count != 0; ++i)
    world_.at(world_.now_us + world_.between(1, 30) * s, [this] { meddle_with_schedule(); });
}

/// Pauses a schedule for a while, or asks for the run of a time that has passed, twice.
void cast::meddle_with_schedule() {
  const auto* core = supervisor_->core();
  if (quiet_ || core == nullptr || core->schedules().all().empty()) return;
  const auto& [name, entry] = *core->schedules().all().begin();
  if (world_.one_in(2)) {
    supervisor_->pause({"", "", name, false, "why", "me"});
    world_.at(world_.now_us + world_.between(100, 9'000) * ms, [this, name = name] {
      supervisor_->pause({"", "", name, true, "", "me"});
    });
    return;
  }
  const auto passed = core->schedules().mark_of(name).passed_ms;
  const auto planned = *entry.is.when.next(passed - world_.between(100, 30'000));
  const artel::start_planned ask{
      name, planned, static_cast<std::uint32_t>(world_.between(1, 2)), {}, "me"};
  supervisor_->start_planned(ask);
  if (world_.one_in(2)) supervisor_->start_planned(ask);
}

void cast::end_schedules() {
  const auto* core = supervisor_->core();
  const bool down = core == nullptr || !core->all_durable();
  if (down || core->schedules().due(world_.wall_ms() - 1'000) != nullptr) {
    world_.at(world_.now_us + 100 * ms, [this] { end_schedules(); });
    return;
  }
  supervisor_->deploy({});
  schedules_ended_ = true;
}

run_id cast::new_id() {
  return make_run_id(static_cast<std::uint64_t>(world_.wall_ms()), world_.chance.next(),
                     world_.chance.next());
}

/// What a person may do to a run while it runs; nobody has to hear of it.
void cast::meddle(std::size_t number) {
  if (quiet_) return;
  const auto run = to_text(people_[number].wants.run);
  const bool whole_pipeline = world_.one_in(3);
  const pause_work pause{
      whole_pipeline ? "" : run, whole_pipeline ? "p" : "", "", false, "why", "me"};
  if (world_.one_in(2)) {
    supervisor_->pause(pause);
    world_.at(world_.now_us + world_.between(100, 9'000) * ms, [this, pause] {
      auto undo = pause;
      undo.undo = true;
      supervisor_->pause(undo);
    });
  } else {
    constexpr step_state ends[] = {step_state::succeeded, step_state::failed, step_state::skipped};
    const auto instance = world_.one_in(3) ? "[" + std::to_string(world_.between(0, 2)) + "]" : "";
    supervisor_->mark({run, "s" + std::to_string(world_.between(0, 4)) + instance,
                       ends[world_.between(0, 2)], "why", "me"});
  }
}

/// Has a run that has ended tried again, as another person.
void cast::try_again(std::size_t number) {
  const auto& of = people_[number].wants.run;
  if (quiet_ || !judge_.ended(of)) return;
  retry_run again;
  again.run = new_id();
  again.of = to_text(of);
  if (world_.one_in(2)) again.from = {"s0"};
  if (world_.one_in(4)) again.succeeded = {"s0"};
  again.only_failed = world_.one_in(2);
  again.with_downstream = world_.one_in(2);
  again.by = "person";
  person who;
  who.wants.run = again.run;
  who.again = std::move(again);
  people_.push_back(std::move(who));
  submit(people_.size() - 1);
}

/// Submits, and again until an answer comes: the id makes it one run.
void cast::submit(std::size_t number) {
  if (people_[number].accepted) return;
  // Who has a key need not remember the id.
  if (!people_[number].wants.key.empty()) people_[number].wants.run = new_id();
  const auto heard = [this, number](const admin_answer& said) {
    if (const auto* good = std::get_if<run_accepted>(&said)) {
      if (!people_[number].accepted)
        world_.tell([&] {
          return "a person is told that run " + to_text(good->run).substr(20) + " is accepted";
        });
      judge_.see_accepted(good->run);
      people_[number].accepted = true;
      people_[number].wants.run = good->run;
    } else if (std::get<refused>(said).code == trouble_code::not_found) {
      // It has left memory, and this world's people do not read the journal: they wish anew.
      auto& wants = people_[number].wants;
      people_[number].again.reset();
      wants.pipeline = random_pipeline();
      wants.file = "p.yaml";
      wants.by = "person";
    } else if (std::get<refused>(said).text.find("has no pool") != std::string::npos) {
      // Somebody will set it.
    } else if (std::get<refused>(said).code == trouble_code::bad_input) {
      throw violation{"a pipeline was refused: " + std::get<refused>(said).text + "\n" +
                      people_[number].wants.pipeline};
    } else if (std::get<refused>(said).code == trouble_code::conflict) {
      // Refused for good: the same wish under another id.
      people_[number].wants.run = make_run_id(static_cast<std::uint64_t>(world_.wall_ms()),
                                              world_.chance.next(), world_.chance.next());
      if (people_[number].again) people_[number].again->run = people_[number].wants.run;
    }
  };
  if (people_[number].again)
    supervisor_->retry(*people_[number].again, heard);
  else
    supervisor_->submit(people_[number].wants, heard);
  world_.at(world_.now_us + 2 * s, [this, number] { submit(number); });
}

void cast::cancel(std::size_t number) {
  supervisor_->cancel({to_text(people_[number].wants.run), "enough", "person"},
                      [](const admin_answer&) {});
}

}  // namespace artel::simulation
