// Modules without a configuration around them: a .bsl file, or a folder of such files. They become
// the same snapshot as a configuration does, with modules only; what a module is, is guessed from
// the names of its folders.
#pragma once

#include <filesystem>

#include "actors/analysis/snapshot.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

/// Refused when there is no .bsl file at `path`.
outcome<done> parse_loose_modules(const std::filesystem::path& path, model_sink& to,
                                  step_monitor& monitor);

}  // namespace artel::analysis
