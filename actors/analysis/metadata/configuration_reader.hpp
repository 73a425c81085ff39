// The configuration's own descriptor: its properties, and the list of its objects, which is what
// exists (folders that are not listed are not part of the configuration).
#pragma once

#include <vector>

#include "actors/analysis/metadata/object_reader.hpp"

namespace artel::analysis {

struct configuration_read {
  configuration_info info;
  std::uint64_t tree = 0;             ///< hash of the descriptor
  std::vector<listed_object> listed;  ///< sorted by id, each once
  std::vector<metadata_object>
      languages;  ///< EDT writes them inside the configuration's descriptor
  std::vector<read_problem> problems;
};

/// Trouble when the descriptor is missing or broken: without its list there is nothing to read.
outcome<configuration_read> read_configuration(const configuration_place& place);

}  // namespace artel::analysis
