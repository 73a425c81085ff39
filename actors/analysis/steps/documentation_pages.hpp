// The pages of the generated documentation, in Russian or English; each function writes one file or
// one kind of file. Numbers come from the snapshot alone, so they equal those of the other outputs.
#pragma once

#include <filesystem>

#include "actors/analysis/copies.hpp"
#include "actors/analysis/graph.hpp"
#include "actors/analysis/rules/rule.hpp"
#include "actors/analysis/steps/parse_outputs.hpp"
#include "actors/analysis/subsystems.hpp"

namespace artel::analysis {

/// Neighbours in the graph, by node; rights and contents of subsystems do not count.
struct neighbours {
  std::vector<std::vector<std::uint32_t>> needs;
  std::vector<std::vector<std::uint32_t>> used_by;
  explicit neighbours(const dependency_graph& graph);
};

/// What all pages are made from.
struct documentation {
  const model_index& index;
  const dependency_graph& graph;
  parse_totals totals;
  std::vector<std::vector<std::uint32_t>> modules;  ///< by object
  neighbours near;
  std::vector<subsystem_facts> subsystems;
  copied_code copies;
  std::vector<std::uint64_t> findings_of_object;  ///< by node
  std::vector<std::uint64_t> findings_of_rule;
  std::uint64_t findings = 0;
  struct shown_finding {
    std::uint32_t rule = 0;
    std::uint32_t module = 0;
    std::uint64_t line = 0;
    std::string detail;
  };
  std::vector<shown_finding> first_findings = {};
};

/// Pages in one language.
struct page_set {
  const documentation& from;
  language in;
  std::filesystem::path folder;

  const char* say(const char* russian, const char* english) const {
    return in == language::russian ? russian : english;
  }
  /// "Справочник.Goods" or "Catalog.Goods"
  std::string id(std::string_view object_id) const;
  /// A kind's collection, "Справочники" or "Catalogs".
  std::string collection(std::string_view kind) const;
};

outcome<done> write_configuration_page(const page_set& to);
outcome<done> write_object_catalogue(const page_set& to);
outcome<done> write_module_index(const page_set& to);
outcome<done> write_final_report(const page_set& to);

/// Pages of objects below objects/, of subsystems below subsystems/. In both languages they are one
/// page with headings in both: thousands of files need no twins. Returns how many there are.
outcome<std::uint64_t> write_object_pages(const documentation& from,
                                          const std::vector<language>& in,
                                          const std::filesystem::path& folder,
                                          step_monitor& monitor);

/// index.html, in both languages at once; `first` is shown first.
outcome<done> write_report_page(const documentation& from, language first,
                                const std::filesystem::path& folder);
outcome<done> write_summary(const documentation& from, const std::filesystem::path& folder);

/// Text for a table cell or a heading of Markdown.
std::string markdown(std::string_view text);
/// A name that any file system takes.
std::string file_name(std::string_view name);

}  // namespace artel::analysis
