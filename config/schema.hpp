// A JSON Schema of pipeline files, for editors: names of keys, their shapes and what they mean.
// Native steps, trigger rules and policies come from the tables that the readers use; a test holds
// the keys against the readers.
#pragma once

#include <string>

namespace artel::config {

/// As `artel schema` prints it.
std::string pipeline_schema();

}  // namespace artel::config
