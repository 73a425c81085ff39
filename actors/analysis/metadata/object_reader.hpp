// Reads one object's descriptor and the files that belong to it (forms, rights, predefined items)
// into the model. What can not be read is noted as a problem; the object is kept with the name
// under which the configuration lists it.
#pragma once

#include <span>
#include <vector>

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

/// What the configuration lists.
struct listed_object {
  kind_index kind;
  std::string name;
};

struct object_read {
  std::vector<metadata_object> objects;  ///< the object; for a subsystem, those inside it as well
  std::vector<read_problem> problems;
};

object_read read_object(const configuration_place& place, const listed_object& listed);

/// True when every file that the objects were read from is as it was then.
bool unchanged(const configuration_place& place, std::span<const metadata_object> objects);

inline constexpr std::size_t subsystem_depth_max = 32;  // nested folders of subsystems
inline constexpr std::size_t subsystems_max = 10000;    // inside one; folder links may form loops

}  // namespace artel::analysis
