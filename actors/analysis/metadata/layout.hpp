// Finds the configuration that a path means and says in which layout it is written. The path may be
// the project, its `src` or `src/cf`, the folder of the configuration, or a folder with exactly one
// of these inside. Where there is no configuration, external data processors and reports written to
// files are looked for, and analysed together as if they were one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::analysis {

enum class layout { designer, edt };

/// An external data processor or report.
struct external_object {
  std::string kind;  ///< ExternalDataProcessor or ExternalReport
  std::string name;
  std::filesystem::path folder;  ///< that holds its descriptor (Designer) or its folder (EDT)
};

struct configuration_place {
  layout written_as = layout::designer;
  std::filesystem::path root;  ///< folder that holds Catalogs, CommonModules …
  std::filesystem::path
      descriptor;                 ///< Configuration.xml or Configuration.mdo; empty for externals
  std::filesystem::path project;  ///< EDT: folder with DT-INF; else the root
  std::vector<external_object> externals = {};  ///< sorted by kind and name; else a configuration
};

outcome<configuration_place> find_configuration(const std::filesystem::path& path);

}  // namespace artel::analysis
