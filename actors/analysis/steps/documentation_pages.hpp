// The pages of the generated documentation; each function writes one file. Numbers come from the
// snapshot alone, so they equal those of the other outputs.
#pragma once

#include <filesystem>

#include "actors/analysis/graph.hpp"
#include "actors/analysis/steps/parse_outputs.hpp"

namespace artel::analysis {

struct documentation {
  const model_index& index;
  const dependency_graph& graph;
  parse_totals totals;
  std::vector<std::vector<std::uint32_t>> modules;  ///< by object
};

outcome<done> write_configuration_page(const documentation& from,
                                       const std::filesystem::path& folder);
outcome<done> write_object_catalogue(const documentation& from,
                                     const std::filesystem::path& folder);
outcome<done> write_module_index(const documentation& from, const std::filesystem::path& folder);
outcome<done> write_final_report(const documentation& from, const std::filesystem::path& folder);
outcome<done> write_search_page(const documentation& from, const std::filesystem::path& folder);
outcome<done> write_summary(const documentation& from, const std::filesystem::path& folder);
/// Pages of objects below objects/, of subsystems below subsystems/. Returns how many.
outcome<std::uint64_t> write_object_pages(const documentation& from,
                                          const std::filesystem::path& folder,
                                          step_monitor& monitor);

/// Text for a table cell or a heading of Markdown.
std::string markdown(std::string_view text);
/// A name that any file system takes.
std::string file_name(std::string_view name);

}  // namespace artel::analysis
