// The rules of alerts (docs/MONITORING.md): YAML to monitor_rules, with the place of every mistake.
#pragma once

#include "messages/alert.hpp"
#include "messages/outcome.hpp"

namespace artel::config {

/// `events`: names of events that there are and their fields, a blank between; a rule that matches
/// another one is a mistake. Empty: not checked.
using event_fields = std::map<std::string, std::string>;
outcome<monitor_rules> read_monitor_rules(const std::string& text, const std::string& file,
                                          const event_fields& events = {});

}  // namespace artel::config
