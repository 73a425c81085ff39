// The readable results of the parse step, written from its snapshot: full_parse_with_metadata.json,
// objects.jsonl, methods.jsonl, parse_statistics.json and run.json.
#pragma once

#include <filesystem>

#include "actors/analysis/index.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

struct parse_totals {
  std::uint64_t objects = 0;  ///< top-level
  std::uint64_t nested_subsystems = 0;
  std::uint64_t functions = 0;
  std::uint64_t procedures = 0;
  std::uint64_t exported = 0;
  std::uint64_t syntax_errors = 0;
  std::uint64_t bytes = 0;
  std::uint64_t protected_modules = 0;
  bsl::text_counts counts;
  std::map<std::string, std::uint64_t> by_kind;  ///< by folder: Catalogs
  std::map<std::string, std::uint64_t> by_module_type;
};

parse_totals totals_of(const model& from);

outcome<done> write_parse_outputs(const model_index& index, const std::filesystem::path& staging,
                                  step_monitor& monitor);

/// Beside the counts these two tell times, so they differ from run to run.
outcome<done> write_parse_statistics(const model_index& index, const std::filesystem::path& staging,
                                     double seconds);

}  // namespace artel::analysis
