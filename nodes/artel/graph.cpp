// artel graph: a pipeline file as a picture, without a cluster.
#include <algorithm>

#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"
#include "nodes/artel/context.hpp"
#include "nodes/artel/run.hpp"

namespace artel::cli {
namespace {

constexpr step_section sections[] = {step_section::steps, step_section::on_success,
                                     step_section::on_failure, step_section::on_exit};

/// Steps of a section by level: those that need nothing, then those that need only earlier ones; in
/// the file's order within a level.
std::vector<std::vector<std::uint32_t>> levels_of(const core::graph& plan, step_section section) {
  std::vector<std::size_t> open(plan.nodes.size());
  std::vector<std::vector<std::uint32_t>> levels(1);
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i)
    if ((open[i] = plan.nodes[i].needs.size()) == 0 && plan.definition.steps[i].section == section)
      levels[0].push_back(i);
  while (!levels.back().empty()) {
    std::vector<std::uint32_t> next;
    for (const auto one : levels.back())
      for (const auto after : plan.nodes[one].dependents)
        if (--open[after] == 0) next.push_back(after);
    std::sort(next.begin(), next.end());
    levels.push_back(std::move(next));
  }
  levels.pop_back();
  return levels;
}

std::string instances_of(const step_definition& step) {
  if (!step.map.empty()) return " × " + step.map;
  return step.instances == 1 ? "" : " ×" + std::to_string(step.instances);
}

/// What else decides whether it starts.
std::string rules_of(const step_definition& step) {
  std::string text;
  if (step.trigger != trigger_rule::all_success) text += std::string(to_text(step.trigger));
  if (!step.when.empty()) text += (text.empty() ? "when " : ", when ") + step.when;
  return text;
}

std::string as_text(const core::graph& plan, step_section section) {
  std::string text;
  std::size_t level = 0;
  for (const auto& steps : levels_of(plan, section)) {
    text += (section == step_section::steps ? "" : std::string(to_text(section)) + " ") +
            std::to_string(++level) + "\n";
    for (const auto i : steps) {
      const auto& step = plan.definition.steps[i];
      std::string needs;
      for (const auto& need : step.needs) needs += (needs.empty() ? " ← " : ", ") + need;
      const auto rules = rules_of(step);
      text += "  " + step.name + instances_of(step) + needs +
              (rules.empty() ? "" : "  (" + rules + ")") +
              (step.allow_failure ? "  may fail" : "") +
              (step.group.empty() ? "" : "  [" + step.group + "]") + "\n";
    }
  }
  return text;
}

/// What a frame around the group says.
std::string label_of(const group_definition& group) {
  return group.name + ": " + std::string(to_text(group.strategy));
}

std::string as_text(const core::graph& plan) {
  std::string text = plan.definition.name + "\n";
  for (const auto section : sections) text += as_text(plan, section);
  for (const auto& group : plan.definition.groups) text += "[" + label_of(group) + "]\n";
  return text;
}

std::string quoted(const std::string& text, bool dot) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"')
      made += dot ? "\\\"" : "#quot;";
    else if (c == '\\' && dot)
      made += "\\\\";
    else if (c == '<' && !dot)
      made += "#lt;";
    else if (c == '>' && !dot)
      made += "#gt;";
    else
      made += c == '\n' ? ' ' : c;
  }
  return made + "\"";
}

std::string frame(const std::string& id, const std::string& label,
                  const std::vector<std::uint32_t>& steps, bool dot) {
  std::string inside;
  for (const auto step : steps) inside += (inside.empty() ? "s" : "; s") + std::to_string(step);
  if (inside.empty()) return {};
  return dot ? "  subgraph cluster_" + id + " {\n    label=" + quoted(label, true) + ";\n    " +
                   inside + ";\n  }\n"
             : "  subgraph " + id + (id == label ? "" : "[" + quoted(label, false) + "]") +
                   "\n    " + inside + "\n  end\n";
}

/// Groups, and the handlers of each section, in frames of their own.
std::string frames(const core::graph& plan, bool dot) {
  std::string text;
  for (std::size_t i = 0; i < plan.groups.size(); ++i)
    text += frame("g" + std::to_string(i), label_of(plan.definition.groups[i]),
                  plan.groups[i].members, dot);
  for (const auto section : sections) {
    if (section == step_section::steps) continue;
    std::vector<std::uint32_t> inside;
    for (std::uint32_t i = 0; i < plan.nodes.size(); ++i)
      if (plan.definition.steps[i].section == section) inside.push_back(i);
    const std::string name(to_text(section));
    text += frame(name, name, inside, dot);
  }
  return text;
}

/// Both languages say a step, then its edges; steps are numbered, since their names may hold
/// anything that the languages use themselves.
std::string drawn(const core::graph& plan, bool dot) {
  std::string text = dot ? "digraph " + quoted(plan.definition.name, true) +
                               " {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n"
                         : "flowchart LR\n";
  const auto id = [](std::uint32_t i) { return "s" + std::to_string(i); };
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i) {
    const auto& step = plan.definition.steps[i];
    const auto label = quoted(step.name + instances_of(step), dot);
    text += "  " + id(i) +
            (dot ? " [label=" + label + (step.allow_failure ? ", style=\"rounded,dashed\"" : "") +
                       "];\n"
                 : "(" + label + ")\n");
  }
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i) {
    const auto rules = rules_of(plan.definition.steps[i]);
    for (const auto need : plan.nodes[i].needs) {
      const auto label = rules.empty() ? "" : quoted(rules, dot);
      text += "  " + id(need);
      if (dot)
        text += " -> " + id(i) + (rules.empty() ? "" : " [label=" + label + "]") + ";\n";
      else
        text += " -->" + (rules.empty() ? " " : "|" + label + "| ") + id(i) + "\n";
    }
  }
  return text + frames(plan, dot) + (dot ? "}\n" : "");
}

}  // namespace

int graph(const context& cli, const std::string& file, const std::string& format) {
  const auto text = config::read_text_file(file);
  if (!text) return fail(text.error());
  const auto plan = coordination::compile(*text, file);
  if (!plan) return fail(plan.error());
  if (cli.as_json) {
    auto steps = json::array();
    for (const auto& step : (*plan)->definition.steps)
      steps.push_back({{"name", step.name},
                       {"section", to_text(step.section)},
                       {"group", step.group},
                       {"needs", step.needs},
                       {"trigger", to_text(step.trigger)},
                       {"when", step.when},
                       {"instances", step.instances},
                       {"map", step.map},
                       {"allow_failure", step.allow_failure}});
    auto groups = json::array();
    for (const auto& group : (*plan)->definition.groups)
      groups.push_back({{"name", group.name}, {"strategy", to_text(group.strategy)}});
    std::cout << print(
                     {{"pipeline", (*plan)->definition.name}, {"groups", groups}, {"steps", steps}})
              << '\n';
  } else {
    std::cout << (format == "text" ? as_text(**plan) : drawn(**plan, format == "dot"));
  }
  return nodes::exit_ok;
}

}  // namespace artel::cli
