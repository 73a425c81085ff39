// One group of a pipeline file.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// `what` names it in mistakes. Refuses a window without length.
restart_intensity read_intensity(const yaml_reader& in, const std::string& key,
                                 const YAML::Node& value, const std::string& what,
                                 restart_intensity to);

group_definition read_group(const yaml_reader& in, const std::string& name, const YAML::Node& key,
                            const YAML::Node& body);

}  // namespace artel::config
