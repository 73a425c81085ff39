// Finds the configuration that a path means and says in which layout it is written. The path may be
// the project, its `src` or `src/cf`, the folder of the configuration, or a folder with exactly one
// of these inside.
#pragma once

#include <filesystem>

#include "messages/outcome.hpp"

namespace artel::analysis {

enum class layout { designer, edt };

struct configuration_place {
  layout written_as = layout::designer;
  std::filesystem::path root;        ///< folder that holds Catalogs, CommonModules …
  std::filesystem::path descriptor;  ///< Configuration.xml or Configuration.mdo
  std::filesystem::path project;     ///< EDT: folder with DT-INF; else the root
};

outcome<configuration_place> find_configuration(const std::filesystem::path& path);

}  // namespace artel::analysis
