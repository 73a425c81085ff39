// Finds the modules of a configuration: every .bsl file below its folder, and what each is by its
// place. Folder links are not followed, so links that form loops cost nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

struct module_file {
  std::filesystem::path file;
  std::string id;
  std::string owner;
  std::string place;
  std::string module_type;
  std::string path;      ///< below the configuration's folder
  bool in_form = false;  ///< the file is that of an ordinary form; the module is inside of it
};

struct module_files {
  std::vector<module_file> files;  ///< sorted by id, then path
  std::vector<read_problem> problems;
};

/// Those whose owner ("Catalog.Goods", "Configuration") is wanted; folders of others are not
/// entered.
module_files find_modules(const configuration_place& place,
                          const std::function<bool(std::string_view)>& wanted,
                          const std::function<bool()>& cancelled);

/// What the file at this path (its parts below the configuration's folder) is.
module_file module_at(const std::vector<std::string>& parts);

}  // namespace artel::analysis
