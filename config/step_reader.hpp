// One step of a pipeline file.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

constexpr std::uint64_t day_ms = 86'400'000;

step_definition read_step(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                          const YAML::Node& body);

}  // namespace artel::config
