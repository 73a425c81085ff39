#include "config/pipeline_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/group_reader.hpp"
#include "config/parameters.hpp"
#include "config/quantities.hpp"
#include "config/schedule_reader.hpp"
#include "config/step_reader.hpp"

namespace artel::config {
namespace {

restart_intensity read_supervision(const yaml_reader& in, const YAML::Node& map,
                                   restart_intensity to) {
  in.keys(map, "supervision", {"max_restarts", "within"},
          [&](const auto& key, const auto&, const auto& value) {
            to = read_intensity(in, key, value, "supervision", to);
          });
  return to;
}

std::int32_t read_priority(const yaml_reader& in, const YAML::Node& value) {
  const auto text = in.text(value, "priority");
  const bool negative = text.starts_with('-');
  const auto number = whole_number(std::string_view(text).substr(negative ? 1 : 0));
  if (!number || *number > priority_max)
    in.mistake(value, "priority: expected a whole number from -" + std::to_string(priority_max) +
                          " to " + std::to_string(priority_max) + ", found '" + text + "'");
  return static_cast<std::int32_t>(*number) * (negative ? -1 : 1);
}

void read_steps(const yaml_reader& in, step_section section, const YAML::Node& key,
                const YAML::Node& value, pipeline_definition& to) {
  const std::string what(to_text(section));
  if (value.IsNull()) in.mistake(key, what + ": expected a mapping of step names, found nothing");
  in.each_key(value, what, [&](const auto& k, const auto& kn, const auto& v) {
    auto step = read_step(in, k, kn, v);
    step.section = section;
    // Names are told apart within a section by the reader.
    for (const auto& other : to.steps)
      if (other.section != section && other.name == step.name)
        in.mistake(kn, what + ": there is a step '" + step.name + "' under '" +
                           std::string(to_text(other.section)) + "' already");
    to.steps.push_back(std::move(step));
  });
}

}  // namespace

outcome<pipeline_definition> read_pipeline(const std::string& text, const std::string& file) {
  try {
    const yaml_reader in(file);
    const auto root = in.parse(text);
    if (root.IsNull())
      return bad_input(file + ": the file is empty; expected 'pipeline:' and 'steps:'");
    pipeline_definition pipeline;
    pipeline.file = file;
    in.keys(root, "pipeline file",
            {"pipeline", "description", "params", "supervision", "timeout", "priority",
             "max_active_runs", "schedule", "schedules", "groups", "steps", "on_success",
             "on_failure", "on_exit"},
            [&](const auto& key, const auto& key_node, const auto& value) {
              if (key == "pipeline") {
                pipeline.name = in.text(value, "pipeline");
                in.check_name(value, pipeline.name, "pipeline name");
              }
              if (key == "description") pipeline.description = in.text(value, "description");
              if (key == "timeout")
                pipeline.timeout_ms = in.duration(value, "timeout", 365 * day_ms);
              if (key == "priority") pipeline.priority = read_priority(in, value);
              if (key == "max_active_runs")
                pipeline.max_active_runs =
                    static_cast<std::uint32_t>(in.whole(value, "max_active_runs", 1, 1'000'000));
              if (key == "supervision")
                pipeline.intensity = read_supervision(in, value, pipeline.intensity);
              if (key == "schedule")
                pipeline.schedules.push_back(read_schedule(in, value, "schedule"));
              if (key == "schedules")
                in.each_key(value, "schedules", [&](const auto& k, const auto& kn, const auto& v) {
                  in.check_name(kn, k, "schedule name");
                  pipeline.schedules.push_back(read_schedule(in, v, "schedules." + k));
                  pipeline.schedules.back().name = k;
                });
              if (key == "groups" && !value.IsNull())
                in.each_key(value, "groups", [&](const auto& k, const auto& kn, const auto& v) {
                  pipeline.groups.push_back(read_group(in, k, kn, v));
                });
              if (key == "params" && !value.IsNull())
                in.each_key(value, "params", [&](const auto& k, const auto& kn, const auto& v) {
                  pipeline.params.push_back(read_param(in, k, kn, v));
                });
              for (const auto section : {step_section::steps, step_section::on_success,
                                         step_section::on_failure, step_section::on_exit})
                if (key == to_text(section)) read_steps(in, section, key_node, value, pipeline);
            });
    if (pipeline.name.empty()) return bad_input(file + ":1:1: 'pipeline: NAME' is missing");
    if (std::none_of(pipeline.steps.begin(), pipeline.steps.end(),
                     [](const auto& one) { return one.section == step_section::steps; }))
      return bad_input(file +
                       ":1:1: 'steps:' is missing or empty; a pipeline has at least one step");
    for (auto& one : pipeline.schedules)
      one.name = pipeline.name + (one.name.empty() ? "" : "." + one.name);
    return pipeline;
  } catch (const yaml_mistake& wrong) {
    return bad_input(wrong.text);
  } catch (const YAML::Exception& e) {
    return bad_input(file + ": " + e.what());
  }
}

outcome<std::string> read_text_file(const std::string& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem))
    return bad_input(path + ": is a folder; expected a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return trouble{trouble_code::io_error,
                   path + ": can not be read (" + std::strerror(errno) + ")"};
  std::ostringstream all;
  all << in.rdbuf();
  if (in.bad())
    return trouble{trouble_code::io_error,
                   path + ": reading failed (" + std::strerror(errno) + ")"};
  return all.str();
}

}  // namespace artel::config
