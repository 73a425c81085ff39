// What a step makes and what it finds: its `artifacts` and `inputs`.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// [PATH, …] or {NAME: PATH}. Refuses paths that lead elsewhere.
std::vector<artifact_place> read_artifacts(const yaml_reader& in, const YAML::Node& value,
                                           const std::string& what);

/// [STEP/ARTIFACT, …] or {NAME: STEP/ARTIFACT}; STEP[instance]/ARTIFACT is that of the instance
/// with the same number.
std::vector<input_definition> read_inputs(const yaml_reader& in, const YAML::Node& value,
                                          const std::string& what);

}  // namespace artel::config
