// `schedule` and `schedules` of a pipeline file. Whether a cron expression or a time zone is one is
// seen later, where they are understood.
#pragma once

#include "config/yaml_reader.hpp"
#include "messages/schedule.hpp"

namespace artel::config {

/// `schedule`: a cron expression, or a mapping.
schedule_definition read_schedule(const yaml_reader& in, const YAML::Node& value,
                                  const std::string& what);

}  // namespace artel::config
