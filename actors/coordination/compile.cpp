#include "actors/coordination/compile.hpp"

#include "actors/core/template_text.hpp"
#include "config/pipeline_file.hpp"

namespace artel::coordination {
namespace {

core::variables variables_of(const step_definition& step,
                             const std::map<std::string, std::string>& params,
                             const std::string& run) {
  core::variables known{{"run.id", run}, {"step.name", step.name}};
  for (const auto& [name, value] : params) known["params." + name] = value;
  return known;
}

/// Calls visit(text) for every text of the step that may hold a template.
template <class Visit>
void each_template(const step_definition& step, Visit&& visit) {
  for (const auto& [key, value] : step.with) visit(value);
  for (const auto& [key, value] : step.env) visit(value);
  for (const auto& word : step.command) visit(word);
  for (const auto* text : {&step.shell, &step.cwd, &step.output}) visit(*text);
}

}  // namespace

outcome<std::shared_ptr<const core::graph>> compile(const std::string& text,
                                                    const std::string& file) {
  auto definition = config::read_pipeline(text, file);
  if (!definition) return definition.error();
  std::map<std::string, std::string> params;
  for (const auto& param : definition->params) params[param.name];
  for (const auto& step : definition->steps) {
    const auto known = variables_of(step, params, "");
    std::optional<trouble> wrong;
    each_template(step, [&](const std::string& one) {
      if (auto filled = core::fill_template(one, known); !filled && !wrong) wrong = filled.error();
    });
    if (wrong)
      return bad_input(file + ":" + std::to_string(step.place.line) + ":" +
                       std::to_string(step.place.column) + ": step '" + step.name +
                       "': " + wrong->text);
  }
  return core::build_graph(*std::move(definition));
}

step_plan make_plan(const core::graph& plan, std::uint32_t step, const run_id& run,
                    const std::map<std::string, std::string>& params) {
  const auto& definition = plan.definition.steps[step];
  const auto known = variables_of(definition, params, to_text(run));
  const auto fill = [&](const std::string& text) {
    auto filled = core::fill_template(text, known);
    ARTEL_ASSERT(filled, "templates were checked when the pipeline was compiled");
    return *std::move(filled);
  };
  step_plan made;
  made.run = run;
  made.step = definition.name;
  made.use = definition.use;
  for (const auto& word : definition.command) made.command.push_back(fill(word));
  if (!definition.shell.empty()) made.command = {"/bin/sh", "-c", fill(definition.shell)};
  for (const auto& [key, value] : definition.with) made.with[key] = fill(value);
  for (const auto& [key, value] : definition.env) made.env[key] = fill(value);
  made.cwd = fill(definition.cwd);
  made.output = fill(definition.output);
  made.timeout_ms = definition.timeout_ms;
  made.grace_ms = definition.grace_ms;
  made.first_instance = plan.nodes[step].first;
  made.limits = definition.limits;
  // What was reserved is what may be used, unless the step says otherwise.
  if (made.limits.memory_bytes == 0) made.limits.memory_bytes = definition.resources.memory_bytes;
  made.user = definition.user;
  return made;
}

std::size_t plan_bytes(const step_plan& plan) {
  std::size_t sum = plan.cwd.size() + plan.output.size() + plan.step.size();
  for (const auto& word : plan.command) sum += word.size();
  for (const auto* texts : {&plan.with, &plan.env})
    for (const auto& [key, value] : *texts) sum += key.size() + value.size();
  return sum;
}

}  // namespace artel::coordination
