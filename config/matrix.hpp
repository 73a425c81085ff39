// The matrix of a step.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// Reads `{axis: [values…], …, exclude: [{axis: value, …}, …]}` and sets the step's matrix,
/// combinations and number of instances.
void read_matrix(const yaml_reader& in, const YAML::Node& map, const std::string& what,
                 step_definition& to);

}  // namespace artel::config
