// The readable results of the parse, written from its snapshot: full_parse_with_metadata.json,
// objects.jsonl, methods.jsonl, parse_statistics.json and run.json.
#pragma once

#include <filesystem>

#include "actors/analysis/index.hpp"
#include "actors/analysis/steps/totals.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

outcome<done> write_parse_outputs(const model_index& index, const std::filesystem::path& staging,
                                  step_monitor& monitor);

/// parse_statistics.json, and run.json with the times that the shards of the parse took.
outcome<done> write_parse_statistics(const model_index& index, std::size_t parts,
                                     const step_input& input, const std::filesystem::path& staging);

}  // namespace artel::analysis
