// One step of a pipeline file.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

constexpr std::uint64_t day_ms = 86'400'000;

backoff_policy read_backoff(const yaml_reader& in, const YAML::Node& map, const std::string& what);

/// `places` are those of the names, in their order.
void read_needs(const yaml_reader& in, const YAML::Node& value, const std::string& what,
                std::vector<std::string>& needs, std::vector<file_place>& places);

step_definition read_step(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                          const YAML::Node& body);

}  // namespace artel::config
