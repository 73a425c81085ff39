#include "actors/core/graph.hpp"

#include <algorithm>
#include <map>

#include "actors/core/graph_groups.hpp"
#include "actors/core/run_values.hpp"
#include "actors/core/template_text.hpp"
#include "messages/spelling.hpp"

namespace artel::core {
namespace {

std::string at(const pipeline_definition& definition, const file_place& place) {
  return definition.file + ':' + std::to_string(place.line) + ':' + std::to_string(place.column) +
         ": ";
}

std::optional<trouble> resolve_needs(graph& built) {
  const auto& steps = built.definition.steps;
  auto& index = built.by_name;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < steps.size(); ++i)
    index[steps[i].name] = i, names.push_back(steps[i].name);
  for (const auto& group : built.definition.groups) names.push_back(group.name);
  std::vector<std::uint32_t> named_by(steps.size(), ~0U);  // the last that named it
  for (std::uint32_t i = 0; i < steps.size(); ++i) {
    for (std::size_t n = 0; n < steps[i].needs.size(); ++n) {
      const auto& need = steps[i].needs[n];
      const auto place =
          n < steps[i].needs_places.size() ? steps[i].needs_places[n] : steps[i].place;
      const auto found = index.find(need);
      if (found == index.end())
        return bad_input(at(built.definition, place) + "step '" + steps[i].name + "' needs '" +
                         need + "', which is not a step of this pipeline" +
                         did_you_mean(need, names));
      if (steps[found->second].section != steps[i].section)
        return bad_input(at(built.definition, place) + "step '" + steps[i].name + "' needs '" +
                         need + "', which stands under '" +
                         std::string(to_text(steps[found->second].section)) +
                         "'; handlers start when all of 'steps' has ended, and need only each "
                         "other");
      auto& needs = built.nodes[i].needs;
      if (std::exchange(named_by[found->second], i) == i)
        return bad_input(at(built.definition, place) + "step '" + steps[i].name + "' names '" +
                         need + "' twice in needs; remove one");
      needs.push_back(found->second);
      built.nodes[found->second].dependents.push_back(i);
    }
  }
  return std::nullopt;
}

/// Kahn's order; what is left over lies on or behind a cycle, which is then walked to name it.
std::optional<trouble> order_steps(graph& built) {
  const auto& nodes = built.nodes;
  std::vector<std::size_t> open(nodes.size());
  auto& free = built.order;
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if ((open[i] = nodes[i].needs.size()) == 0) free.push_back(i);
  std::size_t ordered = 0;
  for (; ordered < free.size(); ++ordered)
    for (auto next : nodes[free[ordered]].dependents)
      if (--open[next] == 0) free.push_back(next);
  if (ordered == nodes.size()) return std::nullopt;

  std::uint32_t here = 0;
  while (open[here] == 0) ++here;
  std::vector<std::uint32_t> path;
  while (std::find(path.begin(), path.end(), here) == path.end()) {
    path.push_back(here);
    for (auto need : nodes[here].needs)
      if (open[need] != 0) {
        here = need;
        break;
      }
  }
  std::string names = "'" + built.definition.steps[here].name + "'";
  for (auto i = std::find(path.begin(), path.end(), here) + 1; i != path.end(); ++i)
    names += " needs '" + built.definition.steps[*i].name + "'";
  names += " needs '" + built.definition.steps[here].name + "'";
  return bad_input(at(built.definition, built.definition.steps[here].place) +
                   "the steps form a cycle: " + names + "; remove one of these needs");
}

constexpr const char* paths_are_for_nodes =
    "'inputs' and 'artifacts' are folders of the node that runs an attempt: for command, shell, "
    "cwd, env and with";

/// An expression that is computed once for the step, not for its instances.
outcome<std::optional<expression>> read_of_step(const graph& built, std::uint32_t step,
                                                const std::string& text) {
  if (text.empty()) return std::optional<expression>();
  auto read = expression::parse(text);
  if (!read) return read.error();
  if (const auto wrong = refuse_reads(built, step, read->reads())) return *wrong;
  if (reads_paths(read->reads())) return bad_input(paths_are_for_nodes);
  if (reads_instance(read->reads()))
    return bad_input(
        "it is decided once for all instances of the step and can not read 'matrix', 'item' or "
        "'instance'; leave combinations out with matrix.exclude");
  return std::optional(*std::move(read));
}

/// The steps' `when` and `map` are kept, their templates are only checked.
std::optional<trouble> read_expressions(graph& built) {
  for (std::uint32_t i = 0; i < built.nodes.size(); ++i) {
    const auto& step = built.definition.steps[i];
    const auto refuse = [&](const file_place& place, const std::string& what,
                            const std::string& why) {
      return bad_input(at(built.definition, place) + "step '" + step.name + "': " + what + why);
    };
    auto when = read_of_step(built, i, step.when);
    if (!when) return refuse(step.when_place, "when: ", when.error().text);
    built.nodes[i].when = *std::move(when);
    auto map = read_of_step(built, i, step.map);
    if (!map) return refuse(step.map_place, "map: ", map.error().text);
    built.nodes[i].map = *std::move(map);
    for (const auto& text : step.cache.inputs) {
      auto input = expression::parse(text);
      if (!input) return refuse(step.cache.place, "cache.inputs: ", input.error().text);
      if (const auto bad = refuse_reads(built, i, input->reads()))
        return refuse(step.cache.place, "cache.inputs: ", bad->text);
      if (reads_paths(input->reads()))
        return refuse(step.cache.place, "cache.inputs: ", paths_are_for_nodes);
      built.nodes[i].inputs.push_back(*std::move(input));
    }
    for (const auto& one : step.inputs) {
      const auto what = "inputs: '" + one.name + "': ";
      if (const auto bad = refuse_reads(built, i, {{"steps", one.step}}))
        return refuse(one.place, what, bad->text);
      const auto from = built.by_name.find(one.step)->second;
      std::vector<std::string> names;
      for (const auto& each : built.definition.steps[from].artifacts) names.push_back(each.name);
      if (std::find(names.begin(), names.end(), one.artifact) == names.end())
        return refuse(one.place, what,
                      "step '" + one.step + "' has no artifact '" + one.artifact +
                          "' under its 'artifacts'" + did_you_mean(one.artifact, names));
      built.nodes[i].takes.push_back({from, one.name, one.artifact, one.own_instance});
    }
    std::optional<trouble> wrong;
    each_template(step, [&](const std::string& text) {
      if (wrong) return;
      const auto read = text_template::parse(text, built.definition.params);
      if (!read)
        wrong = read.error();
      else
        wrong = refuse_reads(built, i, read->reads());
    });
    if (wrong) return refuse(step.place, "", wrong->text);
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t graph::step_of(instance_no instance) const {
  const auto after =
      std::upper_bound(nodes.begin(), nodes.end(), instance,
                       [](instance_no i, const graph_node& node) { return i < node.first; });
  return static_cast<std::uint32_t>(after - nodes.begin() - 1);
}

outcome<std::shared_ptr<const graph>> build_graph(pipeline_definition definition) {
  auto built = std::make_shared<graph>();
  built->definition = std::move(definition);
  const auto& steps = built->definition.steps;
  if (steps.empty())
    return bad_input(built->definition.file +
                     ": the pipeline has no steps; add one under 'steps:'");
  if (steps.size() > steps_per_pipeline_max)
    return bad_input(built->definition.file + ": " + std::to_string(steps.size()) +
                     " steps; at most " + std::to_string(steps_per_pipeline_max) + " are allowed");
  built->nodes.resize(steps.size());
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    built->nodes[i].first = static_cast<instance_no>(next);
    built->nodes[i].count = steps[i].instances;
    next += steps[i].instances;
    if (next > instances_per_run_max)
      return bad_input(at(built->definition, steps[i].place) + "more than " +
                       std::to_string(instances_per_run_max) +
                       " step instances in one run; lower 'instances'");
  }
  built->instance_count = static_cast<std::uint32_t>(next);
  if (auto why = put_in_groups(*built)) return *why;
  if (auto why = resolve_needs(*built)) return *why;
  if (auto why = order_steps(*built)) return *why;
  if (auto why = order_groups(*built)) return *why;
  if (auto why = read_expressions(*built)) return *why;
  return std::shared_ptr<const graph>(built);
}

}  // namespace artel::core
