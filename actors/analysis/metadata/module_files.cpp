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

std::string owner_named(const std::string& folder, const std::string& name) {
  const auto kind = kind_of_plural(folder);
  const auto word = kind ? std::string(all_kinds()[*kind].singular) : folder;
  return name.empty() ? word : word + "." + name;
}

/// One walk over the configuration's folders. Links to folders are not followed.
class search {
public:
  search(const configuration_place& place, const std::function<bool(std::string_view)>& wanted,
         const std::function<bool()>& cancelled, module_files& to)
      : place_(place), wanted_(wanted), cancelled_(cancelled), to_(to) {}

  void run() {
    if (place_.externals.empty()) open_.push_back({place_.root, {}});
    for (const auto& each : place_.externals)
      if (wanted_(each.kind + "." + each.name))
        open_.push_back({each.folder / each.name, {each.kind + "s", each.name}});
    while (!open_.empty() && !cancelled_()) {
      const auto next = std::move(open_.back());
      open_.pop_back();
      look_into(next);
    }
  }

private:
  struct folder {
    fs::path path;
    std::vector<std::string> parts;  ///< below the configuration's folder
  };

  void look_into(const folder& in) {
    std::error_code problem;
    fs::directory_iterator at(in.path, problem);
    for (const fs::directory_iterator end; !problem && at != end; at.increment(problem)) {
      std::error_code ignored;
      const auto name = at->path().filename().string();
      if (at->is_directory(ignored)) {
        if (name.ends_with(".bsl")) {
          problem_at(at->path(), "it is a folder, not a module");
        } else if (!at->is_symlink(ignored) && enters(in, name)) {
          open_.push_back({at->path(), in.parts});
          open_.back().parts.push_back(name);
        }
      } else if (name.ends_with(".bsl") || name.ends_with(".BSL")) {
        if (at->is_symlink(ignored) && leaves_root(at->path()))
          problem_at(at->path(), "it is a link out of the configuration and is not followed");
        else
          take(in, at->path(), name);
      } else if (is_ordinary_form(in, name)) {
        take(in, at->path(), "Module.bsl");
        if (!to_.files.empty() && to_.files.back().file == at->path())
          to_.files.back().in_form = true;
      }
    }
    if (problem)
      to_.problems.push_back(
          {path_text(in.path.lexically_relative(place_.root)),
           "the folder can not be read: " + problem.message() + "; its modules are left out"});
  }

  // Forms/Main/Ext/Form.bin, CommonForms/Main/Form.oform: code and layout in one file.
  static bool is_ordinary_form(const folder& in, const std::string& name) {
    if (name != "Form.bin" && name != "Form.oform") return false;
    const auto& parts = in.parts;
    const auto count = parts.size() - (!parts.empty() && parts.back() == "Ext" ? 1 : 0);
    return count >= 2 && (parts[count - 2] == "Forms" || parts[count - 2] == "CommonForms");
  }

  void problem_at(const fs::path& file, const char* what) {
    to_.problems.push_back({path_text(file.lexically_relative(place_.root)), what});
  }

  bool leaves_root(const fs::path& file) const {
    std::error_code problem;
    const auto real = fs::canonical(file, problem);
    if (problem) return false;  // reading it will say why
    const auto inside = real.lexically_relative(fs::canonical(place_.root, problem));
    return inside.empty() || *inside.begin() == "..";
  }

  // Catalogs/Goods is another shard's when Catalog.Goods is.
  bool enters(const folder& in, const std::string& name) const {
    if (in.parts.size() >= folders_max) return false;
    return in.parts.size() != 1 || in.parts[0] == "Ext" || in.parts[0] == "Configuration" ||
           wanted_(owner_named(in.parts[0], name));
  }

  void take(const folder& in, const fs::path& file, const std::string& name) {
    auto parts = in.parts;
    parts.push_back(name);
    auto made = module_at(parts);
    if (!wanted_(made.owner)) return;
    made.file = file;
    made.path = path_text(file.lexically_relative(place_.root));
    to_.files.push_back(std::move(made));
  }

  static constexpr std::size_t folders_max = 100;  // one inside the other
  const configuration_place& place_;
  const std::function<bool(std::string_view)>& wanted_;
  const std::function<bool()>& cancelled_;
  module_files& to_;
  std::vector<folder> open_;
};

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
  made.owner = owner_named(names[0], names.size() > 1 ? names[1] : "");
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
                          const std::function<bool(std::string_view)>& wanted,
                          const std::function<bool()>& cancelled) {
  module_files found;
  search(place, wanted, cancelled, found).run();
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
