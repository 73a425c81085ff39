// The native steps that this release knows, with the keys that each takes, so that a misspelt name
// is found when a pipeline is read rather than at night. A test holds it against what the step
// hosts really offer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace artel::config {

struct native_step_entry {
  std::string name;
  std::vector<std::string> keys;
  std::vector<std::string> required;
  std::string purpose;
};

const std::vector<native_step_entry>& native_steps();
const native_step_entry* find_native_step(std::string_view name);
std::vector<std::string> native_step_names();

}  // namespace artel::config
