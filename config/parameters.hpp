// Parameters of a pipeline: their definitions, and the values that a run is given.
#pragma once

#include <map>
#include <string>

#include "config/yaml_reader.hpp"
#include "messages/outcome.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// Reads `name: default` or `name: {type: …, …}`.
parameter_definition read_param(const yaml_reader& in, const std::string& name,
                                const YAML::Node& key, const YAML::Node& body);

/// "" when the value suits the parameter, else what was expected.
std::string unsuitable(const parameter_definition& param, const std::string& value);

}  // namespace artel::config
