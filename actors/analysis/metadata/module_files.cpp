#include "actors/analysis/metadata/module_files.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;

// Folders inside an object → how full names call them.
std::string part_word(const std::string& folder) {
  static const std::map<std::string, std::string, std::less<>> words = {
      {"Forms", "Form"},
      {"Commands", "Command"},
      {"Recalculations", "Recalculation"},
      {"Templates", "Template"},
      {"Tables", "Table"},
      {"Cubes", "Cube"},
      {"DimensionTables", "DimensionTable"},
      {"Subsystems", "Subsystem"}};
  const auto found = words.find(folder);
  return found == words.end() ? folder : found->second;
}

// "Module.bsl" says what it is only by its place.
std::string module_type(const std::string& stem, const std::string& kind_folder,
                        const std::string& place) {
  if (stem != "Module") return stem;
  if (place.starts_with("Form.") || place.find(".Form.") != std::string::npos ||
      kind_folder == "CommonForms")
    return "FormModule";
  if (kind_folder == "CommonModules") return "CommonModule";
  if (kind_folder == "WebServices") return "WebServiceModule";
  if (kind_folder == "HTTPServices") return "HTTPServiceModule";
  if (kind_folder == "IntegrationServices") return "IntegrationServiceModule";
  if (kind_folder == "Bots") return "BotModule";
  if (kind_folder == "WebSocketClients") return "WebSocketClientModule";
  return "Module";
}

}  // namespace

module_file module_at(const std::vector<std::string>& parts) {
  module_file made;
  const auto stem = fs::path(parts.back()).stem().string();
  // Ext, and the Form folder inside it, are only the Designer's way to lay out files. Folders and
  // names take turns, and an object may be named Ext, so only an Ext in a folder's turn is one.
  std::vector<std::string> names;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const bool folder_turn = names.size() % 2 == 0;
    const bool form_folder =
        i > 0 && parts[i] == "Form" && parts[i - 1] == "Ext" && i + 2 == parts.size();
    if (!folder_turn || (parts[i] != "Ext" && !form_folder)) names.push_back(parts[i]);
  }
  if (names.empty() || names[0] == "Configuration") {
    made.owner = "Configuration";
    made.module_type = stem;
    made.id = "Configuration." + stem;
    return made;
  }
  const auto kind = kind_of_plural(names[0]);
  made.owner = kind ? std::string(all_kinds()[*kind].singular) : names[0];
  if (names.size() > 1) made.owner += "." + names[1];
  for (std::size_t i = 2; i < names.size(); i += 2) {
    made.place += (made.place.empty() ? "" : ".") + part_word(names[i]);
    if (i + 1 < names.size()) made.place += "." + names[i + 1];
  }
  made.module_type = module_type(stem, names[0], made.place);
  made.id = made.owner + "." + (made.place.empty() ? "" : made.place + ".") +
            (made.module_type == "CommonModule" ? "Module" : made.module_type);
  return made;
}

module_files find_modules(const configuration_place& place,
                          const std::function<bool()>& cancelled) {
  module_files found;
  std::error_code problem;
  constexpr auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(place.root, options, problem);
  for (const fs::recursive_directory_iterator end; !problem && at != end && !cancelled();
       at.increment(problem)) {
    const auto extension = at->path().extension().string();
    if (extension != ".bsl" && extension != ".BSL") continue;
    std::error_code kind_problem;
    if (at->is_directory(kind_problem)) continue;
    const auto relative = at->path().lexically_relative(place.root);
    std::vector<std::string> parts;
    for (const auto& each : relative) parts.push_back(each.string());
    auto made = module_at(parts);
    made.file = at->path();
    made.path = path_text(relative);
    found.files.push_back(std::move(made));
  }
  if (problem)
    found.problems.push_back({"", "the search for modules ended early: " + problem.message()});
  std::sort(found.files.begin(), found.files.end(), [](const auto& a, const auto& b) {
    return std::tie(a.id, a.path) < std::tie(b.id, b.path);
  });
  // Two files with one id (stray copies) are told apart by a number, so that ids stay ids.
  for (std::size_t i = 1, copy = 2; i < found.files.size(); ++i) {
    const auto& before = found.files[i - 1].id;
    const auto& id = found.files[i].id;
    const bool again =
        before == id || (before.starts_with(id) && before == id + "#" + std::to_string(copy - 1));
    copy = again ? copy : 2;
    if (again) found.files[i].id += "#" + std::to_string(copy++);
  }
  return found;
}

}  // namespace artel::analysis
