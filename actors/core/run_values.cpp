#include "actors/core/run_values.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/core/expression_operators.hpp"
#include "actors/core/render.hpp"
#include "messages/spelling.hpp"
#include "messages/utc_text.hpp"

namespace artel::core {
namespace {

using json = nlohmann::json;

constexpr std::string_view roots[] = {"params", "run",      "step",   "steps",    "matrix",
                                      "item",   "instance", "inputs", "artifacts"};
constexpr std::string_view run_keys[] = {"id",    "pipeline", "submitted", "by",  "state",
                                         "error", "schedule", "planned",   "date"};

template <class Names>
trouble unknown(const std::string& what, const std::string& name, const Names& known) {
  return bad_input("there is no " + what + " '" + name + "'" + did_you_mean(name, known));
}

template <class All, class One>
bool among(const All& all, const One& one) {
  return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

/// A value of a matrix: a number or true and false where it reads as one.
json scalar(const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  return value.is_number() || value.is_boolean() ? value : json(text);
}

/// A parameter as its type says; one that is not set is "".
json typed(const parameter_definition& param, const std::string& text) {
  if (param.type == parameter_type::boolean) return text == "true";
  if (param.type == parameter_type::integer || param.type == parameter_type::number) {
    auto value = json::parse(text, nullptr, false);
    if (value.is_number()) return value;
  }
  return text;
}

json result_of(const run& of, instance_no i) {
  if (of.at(i).state != step_state::succeeded) return nullptr;
  auto value = json::parse(of.text_of(i), nullptr, false);
  return value.is_discarded() ? json() : value;
}

constexpr std::string_view end_words[] = {"open",    "succeeded",   "failed",   "failed",
                                          "skipped", "not_reached", "cancelled"};

}  // namespace

/// `result` is that of the first instance, `results` has one for
/// each in order, null for those without.
any_value what_became_of(const run& of, std::uint32_t step) {
  const auto [first, count] = of.instances_of(step);
  json made{{"state", end_words[static_cast<std::size_t>(of.end_of(step))]}, {"error", ""}};
  auto& results = made["results"] = json::array();
  for (instance_no i = first; i < first + count; ++i) {
    results.push_back(result_of(of, i));
    const auto state = of.at(i).state;
    if (made["error"] == "" && (state == step_state::failed || state == step_state::poisoned))
      made["error"] = of.text_of(i);
  }
  made["result"] = results.empty() ? json() : results.front();
  return made;
}

namespace {

std::optional<std::uint32_t> find_step(const graph& plan, const std::string& name) {
  const auto found = plan.by_name.find(name);
  return found == plan.by_name.end() ? std::nullopt : std::optional(found->second);
}

bool needs(const graph& plan, std::uint32_t step, std::uint32_t what) {
  std::vector<bool> seen(plan.nodes.size());
  std::vector<std::uint32_t> open{step};
  while (!open.empty()) {
    const auto one = open.back();
    open.pop_back();
    if (among(plan.nodes[one].needs, what)) return true;
    for (const auto each : plan.nodes[one].needs)
      if (!seen[each]) seen[each] = true, open.push_back(each);
  }
  return false;
}

std::optional<trouble> refuse_step(const graph& plan, std::uint32_t step, const std::string& name) {
  const auto found = find_step(plan, name);
  if (!found) {
    std::vector<std::string> names;
    for (const auto& [each, index] : plan.by_name) names.push_back(each);
    return unknown("step", name, names);
  }
  const bool after_all = plan.definition.steps[step].section != step_section::steps &&
                         plan.definition.steps[*found].section == step_section::steps;
  if (!after_all && !needs(plan, step, *found))
    return bad_input("step '" + name + "' is read but not needed; add it to 'needs'");
  return std::nullopt;
}

}  // namespace

outcome<done> run_values::find_parameter(const reference& what, any_value& into) const {
  const auto& all = plan_.definition.params;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == what.key; });
  if (found == all.end()) return bad_input("there is no parameter '" + what.key + "'");
  const auto given = submitted_.params.find(what.key);
  const auto text = given == submitted_.params.end() ? std::string() : given->second;
  into = what.root == params_as_given ? json(text) : typed(*found, text);
  return done{};
}

std::string run_values::fact_of_run(const std::string& key) const {
  if (key == "id") return to_text(submitted_.run);
  if (key == "pipeline") return plan_.definition.name;
  if (key == "by") return submitted_.by;
  const auto origin = [&](const std::string& name) {
    const auto found = submitted_.origin.find(name);
    return found == submitted_.origin.end() ? std::string() : found->second;
  };
  if (key == "schedule") return origin("schedule");
  if (key == "submitted") return utc_text(submitted_ms_);
  // Who starts a run by hand plans it for now.
  auto planned = origin("planned_text");
  if (planned.empty()) planned = utc_text(submitted_ms_);
  return key == "date" ? planned.substr(0, 10) : planned;
}

outcome<done> run_values::find_in_matrix(const std::string& key, any_value& into) const {
  const auto& definition = plan_.definition.steps[step_];
  auto number = definition.combinations.empty() ? *instance_ : definition.combinations[*instance_];
  for (auto axis = definition.matrix.rbegin(); axis != definition.matrix.rend(); ++axis) {
    const auto size = static_cast<std::uint32_t>(axis->values.size());
    if (axis->name == key) return into = scalar(axis->values[number % size]), done{};
    number /= size;
  }
  return bad_input("the matrix has no '" + key + "'");
}

outcome<done> run_values::find_verdict(const std::string& key, any_value& into) const {
  if (of_ == nullptr) return trouble{trouble_code::unavailable, "the steps have not run yet"};
  std::string reason;
  const auto state = of_->verdict_of_steps(reason);
  into = key == "state" ? std::string(to_text(state)) : reason;
  return done{};
}

outcome<done> run_values::find_in_item(const std::string& key, any_value& into) const {
  if (of_ == nullptr) return trouble{trouble_code::unavailable, "the list is not known yet"};
  const auto& item = of_->item(step_, *instance_);
  if (key.empty()) return into = item, done{};
  into = member(item, key);
  return done{};
}

/// Where the step finds an input or puts an artifact: its node fills the folder in.
outcome<done> run_values::find_path(const reference& what, any_value& into) const {
  const auto& definition = plan_.definition.steps[step_];
  std::string path(folder_marker);
  path += what.root == "inputs" ? "/in/" + what.key : "/out/";
  if (what.root == "artifacts") {
    const auto found = std::find_if(definition.artifacts.begin(), definition.artifacts.end(),
                                    [&](const auto& one) { return one.name == what.key; });
    if (found == definition.artifacts.end()) return bad_input("there is no such artifact");
    path += found->path;
  }
  into = std::move(path);
  return done{};
}

const any_value* run_values::refer(const reference& what) const {
  if (of_ == nullptr) return nullptr;
  if (what.root == "item" && what.key.empty() && instance_) return &of_->item(step_, *instance_);
  if (what.root != "steps") return nullptr;
  const auto found = find_step(plan_, what.key);
  if (!found) return nullptr;
  held_.push_back(of_->outcome_of(*found));
  return held_.back().get();
}

outcome<done> run_values::find(const reference& what, any_value& into) const {
  if (what.root == "params" || what.root == params_as_given) return find_parameter(what, into);
  if (what.root == "run" && (what.key == "state" || what.key == "error"))
    return find_verdict(what.key, into);
  if (what.root == "run") return into = fact_of_run(what.key), done{};
  if (what.root == "inputs" || what.root == "artifacts") return find_path(what, into);
  if (what.root == "step") return into = plan_.definition.steps[step_].name, done{};
  if (what.root == "instance" || what.root == "matrix" || what.root == "item") {
    if (!instance_)
      return trouble{trouble_code::unavailable, "it differs from instance to instance"};
    if (what.root == "instance") return into = *instance_, done{};
    if (what.root == "item") return find_in_item(what.key, into);
    return find_in_matrix(what.key, into);
  }
  if (of_ == nullptr) return trouble{trouble_code::unavailable, "the steps have not run yet"};
  const auto found = find_step(plan_, what.key);
  if (!found) return bad_input("there is no step '" + what.key + "'");
  into = *of_->outcome_of(*found);
  return done{};
}

std::optional<trouble> refuse_reads(const graph& plan, std::uint32_t step,
                                    const std::vector<reference>& reads) {
  for (const auto& one : reads) {
    if (!among(roots, one.root)) return unknown("value", one.root, roots);
    if (one.root == "item" && plan.definition.steps[step].map.empty())
      return bad_input("'item' is a value of steps with 'map', which this one has not");
    if ((one.root == "instance" || one.root == "item") && one.key.empty()) continue;
    if (one.root == "instance")
      return bad_input("instance is a number, there is no instance." + one.key);
    if (one.root == "matrix") {
      std::vector<std::string> names;
      for (const auto& axis : plan.definition.steps[step].matrix) names.push_back(axis.name);
      if (!among(names, one.key)) return unknown("key of the step's matrix", one.key, names);
    }
    if (one.key.empty())
      return bad_input("'" + one.root + "' has members: write " + one.root + ".NAME, or " +
                       one.root + "['NAME'] for a name with other characters than letters");
    if (one.root == "run" && !among(run_keys, one.key))
      return unknown("value of the run", one.key, run_keys);
    if (one.root == "run" && (one.key == "state" || one.key == "error") &&
        plan.definition.steps[step].section == step_section::steps)
      return bad_input("run." + one.key +
                       " is known when all of 'steps' has ended: to the steps under on_success, "
                       "on_failure and on_exit");
    if (one.root == "step" && one.key != "name")
      return bad_input("a step has the value step.name, no '" + one.key + "'");
    if (one.root == "params") {
      std::vector<std::string> names;
      for (const auto& param : plan.definition.params) names.push_back(param.name);
      if (!among(names, one.key)) return unknown("parameter", one.key, names);
    }
    if (one.root == "inputs" || one.root == "artifacts") {
      std::vector<std::string> names;
      for (const auto& each : plan.definition.steps[step].inputs)
        if (one.root == "inputs") names.push_back(each.name);
      for (const auto& each : plan.definition.steps[step].artifacts)
        if (one.root == "artifacts") names.push_back(each.name);
      if (!among(names, one.key))
        return unknown(one.root == "inputs" ? "input of this step" : "artifact of this step",
                       one.key, names);
    }
    if (one.root == "steps")
      if (auto wrong = refuse_step(plan, step, one.key)) return wrong;
  }
  return std::nullopt;
}

bool reads_instance(const std::vector<reference>& reads) {
  return std::any_of(reads.begin(), reads.end(), [](const reference& one) {
    return one.root == "matrix" || one.root == "item" || one.root == "instance";
  });
}

bool reads_paths(const std::vector<reference>& reads) {
  return std::any_of(reads.begin(), reads.end(), [](const reference& one) {
    return one.root == "inputs" || one.root == "artifacts";
  });
}

outcome<done> check_values(const graph& plan, const submission& said, std::int64_t now_ms) {
  for (std::uint32_t step = 0; step < plan.nodes.size(); ++step) {
    const run_values known(plan, said, now_ms, step, 0);
    const auto made = render(plan, step, said.run, known);
    const auto values =
        made ? values_of_instance(*made, known) : outcome<std::vector<std::string>>(made.error());
    if (!values && values.error().code != trouble_code::unavailable) return values.error();
  }
  return done{};
}

}  // namespace artel::core
