// External data processors and reports written to files: found by their descriptors, since nothing
// lists them.
#pragma once

#include <optional>

#include "actors/analysis/metadata/layout.hpp"

namespace artel::analysis {

inline constexpr std::size_t external_depth_max = 4;  // folders between a path and a descriptor
inline constexpr std::size_t external_folders_max = 2000;  // looked into

/// Those at or below a folder, in whichever layout they are; nothing when there are none.
std::optional<configuration_place> find_externals(const std::filesystem::path& path);

}  // namespace artel::analysis
