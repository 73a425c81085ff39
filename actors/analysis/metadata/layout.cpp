#include "actors/analysis/metadata/layout.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/metadata/external_objects.hpp"
#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::optional<configuration_place> directly_in(const fs::path& root) {
  if (is_file(root / "Configuration" / "Configuration.mdo"))
    return configuration_place{layout::edt, root, root / "Configuration" / "Configuration.mdo",
                               root.parent_path()};
  if (is_file(root / "Configuration.xml"))
    return configuration_place{layout::designer, root, root / "Configuration.xml", root};
  if (is_file(root / "Configuration.mdo"))  // the Configuration folder itself
    return configuration_place{layout::edt, root.parent_path(), root / "Configuration.mdo",
                               root.parent_path().parent_path()};
  return std::nullopt;
}

std::optional<configuration_place> in_project(const fs::path& path) {
  for (const auto* below : {"", "src", "src/cf", "cf"})
    if (auto found = directly_in(*below == '\0' ? path : path / below)) return found;
  return std::nullopt;
}

std::vector<fs::path> folders_in(const fs::path& path) {
  std::vector<fs::path> found;
  std::error_code problem;
  for (fs::directory_iterator at(path, problem), end; !problem && at != end; at.increment(problem))
    if (is_folder(at->path())) found.push_back(at->path());
  std::sort(found.begin(), found.end());
  return found;
}

constexpr std::size_t listed_max = 20;  // configurations named in one sentence

trouble nothing_found(const fs::path& path) {
  const bool half = is_folder(path / "Catalogs") || is_folder(path / "CommonModules") ||
                    is_folder(path / "src" / "Catalogs") ||
                    is_folder(path / "src" / "CommonModules");
  if (half)
    return bad_input(
        "half of a configuration in " + path_text(path) +
        ": folders of objects are there, but neither Configuration.xml (Designer) nor "
        "Configuration/Configuration.mdo (EDT); write the configuration to files again");
  return bad_input("no configuration in " + path_text(path) +
                   ": expected Configuration.xml (Designer) or Configuration/Configuration.mdo "
                   "(EDT) in it, in src or in src/cf, or external data processors and reports; "
                   "give the folder of the project or of the configuration as config_path");
}

// Before 8.3.8 the Designer wrote all files into one folder: Catalog.Goods.xml,
// Catalog.Goods.Form….
bool is_flat(const configuration_place& place) {
  if (place.written_as != layout::designer || !place.externals.empty()) return false;
  std::error_code problem;
  for (fs::directory_iterator at(place.root, problem), end; !problem && at != end;
       at.increment(problem)) {
    const auto name = at->path().filename().string();
    const auto dot = name.find('.');
    if (name.ends_with(".xml") && dot + 4 < name.size() && kind_of_singular(name.substr(0, dot)))
      return true;
  }
  return false;
}

outcome<configuration_place> place_of(const fs::path& given);

}  // namespace

outcome<configuration_place> find_configuration(const fs::path& given) {
  auto found = place_of(given);
  if (found && is_flat(*found))
    return bad_input("the configuration in " + path_text(found->root) +
                     " is written in one flat folder, as platforms before 8.3.8 do; write it to "
                     "files again hierarchically (DumpConfigToFiles -Format Hierarchical)");
  return found;
}

namespace {

outcome<configuration_place> place_of(const fs::path& given) {
  std::error_code problem;
  auto path = fs::canonical(given, problem);
  if (problem)
    return trouble{trouble_code::not_found, "can not open " + path_text(given) + ": " +
                                                problem.message() +
                                                "; give an existing folder as config_path"};
  const auto name = path.filename();
  if (is_file(path) && (name == "Configuration.xml" || name == "Configuration.mdo"))
    path = path.parent_path();
  if (is_file(path) && path.extension() == ".xml") {  // the descriptor of an external object
    if (auto found = find_externals(path.parent_path())) {
      std::erase_if(found->externals, [&](const auto& each) { return each.name != path.stem(); });
      if (!found->externals.empty()) return *found;
    }
  }
  if (!is_folder(path))
    return bad_input(path_text(path) + " is not a folder; give the folder of the configuration");
  if (auto found = in_project(path)) return *found;
  std::vector<configuration_place> inside;
  for (const auto& folder : folders_in(path))
    if (auto found = in_project(folder)) inside.push_back(*found);
  if (inside.size() == 1) return inside.front();
  if (inside.empty()) {
    if (auto found = find_externals(path)) return *found;
    return nothing_found(path);
  }
  std::string list;
  for (std::size_t i = 0; i < std::min(inside.size(), listed_max); ++i)
    list += (i == 0 ? "" : ", ") + path_text(inside[i].root.lexically_relative(path));
  if (inside.size() > listed_max) list += " …";
  return bad_input(std::to_string(inside.size()) + " configurations in " + path_text(path) + ": " +
                   list + "; give the folder of one of them as config_path");
}

}  // namespace
}  // namespace artel::analysis
