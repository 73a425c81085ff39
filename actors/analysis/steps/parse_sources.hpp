// Reads a configuration from its sources into a snapshot: descriptors and modules on a few threads,
// results in one fixed order, memory bounded by the metadata and a window of modules.
#pragma once

#include <filesystem>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

inline constexpr std::uintmax_t module_bytes_max =
    64U << 20U;  // larger "modules" are noted and left out

/// Writes `staging`/edt_parser/{model.msgpack,modules.bin}.
outcome<done> parse_sources(const configuration_place& place, const std::string& given_path,
                            const std::filesystem::path& staging, step_monitor& monitor);

}  // namespace artel::analysis
