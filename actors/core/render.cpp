#include "actors/core/render.hpp"

#include <nlohmann/json.hpp>

namespace artel::core {
namespace {

/// Fills texts until one can not be.
class filler {
public:
  filler(const lookup& from, const std::vector<parameter_definition>& params)
      : from_(from), params_(params) {}

  std::string operator()(const std::string& text) {
    if (wrong) return {};
    const auto read = text_template::parse(text, params_);
    auto filled = read ? read->fill(from_, per_instance) : outcome<std::string>(read.error());
    if (!filled) return wrong = filled.error(), std::string();
    return *std::move(filled);
  }

  std::optional<trouble> wrong;
  std::vector<instance_value> per_instance;

private:
  const lookup& from_;
  const std::vector<parameter_definition>& params_;
};

std::optional<trouble> refuse_output(const std::string& step, const std::string& output) {
  if (output.find(folder_marker) != output.npos)
    return bad_input("step '" + step +
                     "': output: what lies under inputs and artifacts is gone when the attempt "
                     "has ended; outputs are published elsewhere");
  if (output.starts_with('/')) return std::nullopt;
  return bad_input("step '" + step + "': output: expected an absolute path, found '" + output +
                   "'");
}

}  // namespace

std::size_t plan_bytes(const step_plan& plan) {
  std::size_t sum = plan.cwd.size() + plan.output.size() + plan.step.size();
  for (const auto& word : plan.command) sum += word.size();
  for (const auto* texts : {&plan.with, &plan.env})
    for (const auto& [key, value] : *texts) sum += key.size() + value.size();
  return sum;
}

outcome<rendered_step> render(const graph& plan, std::uint32_t step, const run_id& run,
                              const lookup& from) {
  const auto& definition = plan.definition.steps[step];
  filler fill(from, plan.definition.params);
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
  if (fill.wrong) return trouble{fill.wrong->code, "step '" + made.step + "': " + fill.wrong->text};
  made.timeout_ms = definition.timeout_ms;
  made.grace_ms = definition.grace_ms;
  made.first_instance = plan.nodes[step].first;
  made.limits = definition.limits;
  // What was reserved is what may be used, unless the step says otherwise.
  if (made.limits.memory_bytes == 0) made.limits.memory_bytes = definition.resources.memory_bytes;
  made.cpu_milli = definition.resources.cpu_milli;
  made.spare_cpu = definition.resources.spare_cpu;
  made.user = definition.user;
  made.secrets = definition.secrets;
  made.finds = !definition.inputs.empty();
  for (const auto& one : definition.artifacts) made.artifacts.push_back({one.name, one.path});
  if (const auto size = plan_bytes(made); size > plan_bytes_max)
    return trouble{trouble_code::limit,
                   "step '" + made.step + "': its texts have " + std::to_string(size) +
                       " bytes with the values filled in, at most " +
                       std::to_string(plan_bytes_max) + " are allowed; pass a file"};
  // What begins with a value of an instance is looked at when that is known.
  const bool later = made.output.find(folder_marker) == made.output.npos &&
                     made.output.starts_with(marker_sign) &&
                     !made.output.starts_with(instance_marker);
  if (!made.output.empty() && !later)
    if (const auto wrong = refuse_output(made.step, made.output)) return *wrong;
  return rendered_step{std::move(made), std::move(fill.per_instance)};
}

outcome<std::vector<std::string>> values_of_instance(const rendered_step& step,
                                                     const lookup& from) {
  std::vector<std::string> values;
  std::size_t sum = 0;
  for (const auto& one : step.per_instance) {
    any_value made;
    if (const auto good = one.computed.evaluate(from, made); !good)
      return trouble{good.error().code,
                     "step '" + step.plan.step + "': ${" + one.text + "}: " + good.error().text};
    values.push_back(text_of(made));
    if ((sum += values.back().size()) > instance_bytes_max)
      return trouble{trouble_code::limit,
                     "step '" + step.plan.step + "': the values of one instance are longer than " +
                         std::to_string(instance_bytes_max) + " bytes; pass a file"};
  }
  const auto& output = step.plan.output;
  if (output.starts_with(marker_sign) && !output.starts_with(folder_marker) &&
      !output.starts_with(instance_marker))
    if (const auto wrong = refuse_output(step.plan.step, values[std::stoul(output.substr(1))]))
      return *wrong;
  return values;
}

}  // namespace artel::core
