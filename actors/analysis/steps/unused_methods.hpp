// Methods of common modules that nothing in the configuration reaches: no call, no handler, and no
// text names them (code is also started by name: background jobs, notifications). Other modules are
// left out, since the platform calls into them.
#pragma once

#include <vector>

#include "actors/analysis/graph.hpp"

namespace artel::analysis {

std::vector<method_place> unused_methods(const model_index& index, const dependency_graph& graph);

}  // namespace artel::analysis
