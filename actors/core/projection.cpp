#include "actors/core/projection.hpp"

#include <algorithm>
#include <charconv>

#include "messages/spelling.hpp"

namespace artel::core {
namespace {

constexpr std::size_t shown_text_bytes_max = 4U << 20;

std::string command_text(const step_definition& step) {
  if (!step.use.empty()) return step.use;
  if (!step.shell.empty()) return step.shell;
  std::string text;
  for (const auto& word : step.command) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Adds what the step's instances have in sum; details come from the most telling one.
void add_instances(step_view& view, const run& of, instance_range range, std::size_t text_max,
                   const node_table& nodes) {
  if (range.count == 0) return;
  instance_no telling = range.first;
  for (instance_no i = range.first; i < range.first + range.count; ++i) {
    const auto& one = of.at(i);
    view.attempts += one.attempt;
    view.failures += one.failures;
    view.crashes += one.crashes;
    if (one.started_ms != 0 && (view.started_ms == 0 || one.started_ms < view.started_ms))
      view.started_ms = one.started_ms;
    view.ended_ms = std::max(view.ended_ms, one.ended_ms);
    if (is_terminal(one.state) && one.attempt != 0 && one.ended_ms > one.started_ms)
      view.busy_ms += static_cast<std::uint64_t>(one.ended_ms - one.started_ms);
    if (one.state == view.state && of.at(telling).state != view.state) telling = i;
  }
  const auto& one = of.at(telling);
  if (one.node != no_node) view.node = nodes.at(one.node).name;
  if (!is_terminal(view.state)) view.ended_ms = 0;
  view.note = of.note_of(telling);
  const bool good = one.state == step_state::succeeded || one.state == step_state::publishing;
  // A long result is left out rather than cut: half of a JSON object helps nobody.
  const auto& text = of.text_of(telling);
  if (good)
    view.result = text.size() <= text_max ? text : std::string();
  else
    view.error = text.substr(0, text_max);
}

}  // namespace

step_state overall(const step_tally& tally) {
  constexpr step_state by_urgency[] = {
      step_state::running, step_state::publishing, step_state::backing_off, step_state::ready,
      step_state::waiting, step_state::poisoned,   step_state::failed,      step_state::cancelled,
      step_state::skipped, step_state::succeeded};
  for (const auto state : by_urgency)
    if (tally.count(state) != 0) return state;
  return step_state::waiting;
}

pools_listed show(const pool_table& pools, const std::string& name) {
  pools_listed made;
  for (const auto& [each, pool] : pools.all())
    if (pool.exists && (name.empty() || name == each))
      made.pools.push_back({each, pool.limit, pool.used});
  return made;
}

limits_listed show(const limit_table& limits, const std::string& pipeline) {
  limits_listed made;
  for (const auto& [name, one] : limits.all()) {
    const auto slash = name.find('/');
    if (one.per_hour == 0 && one.timeout_ms == 0) continue;
    if (!pipeline.empty() && name.compare(0, slash, pipeline) != 0) continue;
    made.limits.push_back({name.substr(0, slash), name.substr(slash + 1), one.per_hour,
                           one.timeout_ms, one.rate_why, one.timeout_why});
  }
  return made;
}

run_summary summarise(const run& of) {
  return {of.submitted().run, of.plan().definition.name, of.state(),           of.submitted_ms(),
          of.ended_ms(),      of.instance_count(),       of.ended_instances(), of.restarts()};
}

run_shown show(const run& of, const node_table& nodes, const progress_board& board) {
  run_shown shown{
      summarise(of), of.submitted().params, of.submitted().by,        of.reason(), {}, of.paused(),
      of.retry_of(), of.origin("schedule"), of.origin("planned_text")};
  const auto running = board.find(of.number());
  // The answer has to fit a frame, however many steps the run has.
  const auto text_max = std::max<std::size_t>(256, shown_text_bytes_max / of.plan().nodes.size());
  std::map<std::uint32_t, std::string> culprits;  // by group
  const auto starts_anew = [&](std::uint32_t group) {
    auto& text = culprits[group];
    if (text.empty()) text = "starts anew with '" + of.instance_name(*of.culprit_of(group)) + "'";
    return text;
  };
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step) {
    const auto& definition = of.plan().definition.steps[step];
    const auto range = of.instances_of(step);
    const auto& tally = of.tally(step);
    step_view view;
    view.name = definition.name;
    view.use = command_text(definition);
    view.needs = definition.needs;
    view.state = range.count == 0 ? step_state::succeeded : overall(tally);
    view.instances = range.count;
    view.by_state.assign(tally.by_state.begin(), tally.by_state.end());
    view.allow_failure = definition.allow_failure;
    view.output = definition.output;
    add_instances(view, of, range, text_max, nodes);
    if (of.held(step) && view.state != step_state::backing_off)
      view.note = starts_anew(of.plan().whole_group_of(step));
    if (running != board.end() && range.count == 1)
      if (const auto word = running->second.find(range.first);
          word != running->second.end() && word->second.attempt == of.at(range.first).attempt) {
        view.done = word->second.done;
        view.total = word->second.total;
        view.progress = word->second.text;
      }
    shown.steps.push_back(std::move(view));
  }
  return shown;
}

std::vector<node_view> show(const node_table& nodes, std::int64_t steady_ms, bool with_lost) {
  constexpr const char* words[] = {"alive", "lost", "left"};
  std::vector<node_view> views;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto& one = nodes.at(i);
    if (one.state != node_state::alive && !with_lost) continue;
    const char* state = one.state == node_state::alive && one.session == 0
                            ? "awaited"
                            : words[static_cast<int>(one.state)];
    views.push_back({one.name, one.announced.kind, state, one.announced.host, one.announced.pid,
                     one.announced.version, one.announced.capacity, one.free, one.running,
                     one.crashes, steady_ms - one.heard_at_ms, one.announced.labels,
                     one.announced.offers, one.drained});
  }
  return views;
}

outcome<artifacts_listed> show_artifacts(const cluster& all, const run& of,
                                         const std::string& step) {
  instance_no only = 0;
  const bool one_instance = step.find('[') != step.npos;
  if (!step.empty()) {
    const auto found = find_instance(of, step);
    if (!found) return found.error();
    only = *found;
  }
  artifacts_listed listed;
  for (std::uint32_t s = 0; s < of.plan().nodes.size(); ++s) {
    const auto [first, count] = of.instances_of(s);
    if (!step.empty() && of.step_of(only) != s) continue;
    for (instance_no i = first; i < first + count; ++i) {
      const auto* made = of.artifacts_of(i);
      if (made == nullptr || of.at(i).state != step_state::succeeded || (one_instance && i != only))
        continue;
      for (const auto& each : made->all)
        if (++listed.in_all <= artifacts_listed_max)
          listed.artifacts.push_back(
              {of.instance_name(i), each, all.nodes_with(each.hash, made->store)});
    }
  }
  return listed;
}

attempts_listed show_attempts(const cluster& all, const progress_board& board,
                              const list_attempts& what) {
  attempts_listed made;
  for (const auto& [number, one] : all.runs()) {
    if (one->state() != run_state::running) continue;
    const auto& pipeline = one->plan().definition.name;
    if (!what.pipeline.empty() && what.pipeline != pipeline) continue;
    const auto words = board.find(number);
    for (instance_no i = 0; i < one->numbers(); ++i) {
      const auto& instance = one->at(i);
      if (instance.node == no_node) continue;
      const auto& node = all.nodes().at(instance.node).name;
      if (!what.node.empty() && what.node != node) continue;
      attempt_view view{to_text(one->submitted().run),
                        pipeline,
                        one->instance_name(i),
                        instance.attempt,
                        node,
                        instance.state,
                        instance.started_ms};
      if (words != board.end())
        if (const auto word = words->second.find(i);
            word != words->second.end() && word->second.attempt == instance.attempt) {
          view.done = word->second.done;
          view.total = word->second.total;
          view.progress = word->second.text;
        }
      made.attempts.push_back(std::move(view));
    }
  }
  made.in_all = made.attempts.size();
  std::stable_sort(made.attempts.begin(), made.attempts.end(),
                   [](const auto& a, const auto& b) { return a.started_ms < b.started_ms; });
  if (made.attempts.size() > what.limit) made.attempts.resize(what.limit);
  return made;
}

outcome<instance_no> find_instance(const run& of, std::string_view name) {
  const auto bracket = name.find('[');
  const auto base = name.substr(0, bracket);
  std::vector<std::string> known;
  for (std::uint32_t step = 0; step < of.plan().nodes.size(); ++step) {
    const auto& definition = of.plan().definition.steps[step];
    known.push_back(definition.name);
    if (definition.name != base) continue;
    const auto range = of.instances_of(step);
    if (range.count == 0)
      return trouble{trouble_code::not_found,
                     "step '" + std::string(base) + "' has no instances: its list was empty"};
    if (bracket == std::string_view::npos) return range.first;
    instance_no number = 0;
    const auto* end = name.data() + name.size() - 1;
    const auto parsed = std::from_chars(name.data() + bracket + 1, end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || *end != ']' || number >= range.count)
      return trouble{trouble_code::not_found, "'" + std::string(name) +
                                                  "': the step has instances [0] to [" +
                                                  std::to_string(range.count - 1) + "]"};
    return range.first + number;
  }
  return trouble{trouble_code::not_found, "the run has no step '" + std::string(base) + "'" +
                                              did_you_mean(base, known) +
                                              "; artel show lists its steps"};
}

}  // namespace artel::core
