#include "actors/analysis/metadata/external_objects.hpp"

#include <algorithm>
#include <fstream>
#include <tuple>

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;

constexpr const char* kinds[] = {"ExternalDataProcessor", "ExternalReport"};
constexpr std::size_t head_bytes = 8192;  // the tag that says the kind comes early in a descriptor

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> found;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem))
    found.push_back(*at);
  std::sort(found.begin(), found.end());
  return found;
}

// src/ExternalDataProcessors/X/X.mdo
std::optional<configuration_place> in_edt_project(const fs::path& root) {
  configuration_place made{layout::edt, root, {}, root.parent_path()};
  for (const auto* kind : kinds) {
    const auto folder = root / (std::string(kind) + "s");
    for (const auto& each : entries_of(folder)) {
      const auto name = each.path().filename().string();
      std::error_code ignored;
      if (fs::is_regular_file(each.path() / (name + ".mdo"), ignored))
        made.externals.push_back({kind, name, folder});
    }
  }
  if (made.externals.empty()) return std::nullopt;
  return made;
}

std::string kind_of_descriptor(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(head_bytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if (head.find("<MetaDataObject") == std::string::npos) return {};
  for (const auto* kind : kinds)
    if (head.find(std::string("<") + kind + " ") != std::string::npos) return kind;
  return {};
}

// X.xml beside X/, anywhere not too deep below.
std::optional<configuration_place> in_designer_files(const fs::path& root) {
  configuration_place made{layout::designer, root, {}, root};
  std::vector<std::pair<fs::path, std::size_t>> open{{root, 0}};
  for (std::size_t at = 0; at < open.size() && at < external_folders_max; ++at) {
    const auto [folder, depth] = open[at];
    std::vector<fs::path> inner;
    std::vector<std::string> own;  // folders of objects found here hold no further ones
    for (const auto& each : entries_of(folder)) {
      std::error_code ignored;
      if (each.is_directory(ignored) && !each.is_symlink(ignored)) {
        inner.push_back(each.path());
      } else if (each.path().extension() == ".xml") {
        const auto name = each.path().stem().string();
        if (auto kind = kind_of_descriptor(each.path()); !kind.empty()) {
          made.externals.push_back({std::move(kind), name, folder});
          own.push_back(name);
        }
      }
    }
    for (auto& each : inner)
      if (depth + 1 < external_depth_max &&
          std::find(own.begin(), own.end(), each.filename().string()) == own.end())
        open.emplace_back(std::move(each), depth + 1);
  }
  if (made.externals.empty()) return std::nullopt;
  return made;
}

}  // namespace

std::optional<configuration_place> find_externals(const fs::path& path) {
  auto found = in_edt_project(path);
  if (!found) found = in_edt_project(path / "src");
  if (!found) found = in_designer_files(path);
  if (!found) return std::nullopt;
  const auto order = [](const auto& each) { return std::tie(each.kind, each.name); };
  auto& all = found->externals;
  std::stable_sort(all.begin(), all.end(),
                   [&](const auto& a, const auto& b) { return order(a) < order(b); });
  // Two of one name and kind: the first is kept, as ids must be ids.
  all.erase(std::unique(all.begin(), all.end(),
                        [&](const auto& a, const auto& b) { return order(a) == order(b); }),
            all.end());
  return found;
}

}  // namespace artel::analysis
