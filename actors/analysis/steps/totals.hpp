// The counts of a parse: one place that every output takes its numbers from, so that they agree.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "actors/analysis/index.hpp"
#include "actors/analysis/text/json_writer.hpp"

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
  std::uint64_t asynchronous = 0;
  std::uint64_t multi_line_signatures = 0;
  std::uint64_t parameters = 0;
  std::uint64_t by_value = 0;
  std::uint64_t with_default = 0;
  std::uint64_t regions = 0;
  bsl::text_counts counts;
  std::map<std::string, std::uint64_t> directives;
  std::map<std::string, std::uint64_t> by_kind;  ///< by folder: Catalogs
  std::map<std::string, std::uint64_t> by_module_type;
};

parse_totals totals_of(const model_index& index);

/// Directives and annotations of a module's methods and variables, by name as written.
std::map<std::string, std::uint64_t> directives_of(const model_index& index,
                                                   const module_entry& module);

/// As fields of an object that the caller opened.
void write_counts(json_writer& out, const parse_totals& totals, const model& all);

}  // namespace artel::analysis
