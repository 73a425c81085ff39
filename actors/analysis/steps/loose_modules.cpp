#include "actors/analysis/steps/loose_modules.hpp"

#include <algorithm>

#include "actors/analysis/steps/module_reader.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;

module_file module_of(const fs::path& file, const fs::path& relative) {
  std::vector<std::string> parts;
  for (const auto& each : relative) parts.push_back(each.string());
  auto made = module_at(parts);
  made.file = file;
  made.path = path_text(relative);
  made.id = made.path;  // folders may repeat names, paths do not
  return made;
}

outcome<std::vector<module_file>> find_loose(const fs::path& path) {
  std::vector<module_file> found;
  std::error_code problem;
  if (fs::is_regular_file(path, problem)) {
    const auto ending = path.extension();
    if (ending != ".bsl" && ending != ".BSL" && ending != ".os")
      return bad_input(path_text(path) + " is not a module; expected a .bsl or .os file");
    found.push_back(module_of(path, path.filename()));
    return found;
  }
  fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, problem);
  for (const fs::recursive_directory_iterator end; !problem && at != end; at.increment(problem)) {
    const auto extension = at->path().extension().string();
    std::error_code ignored;
    if ((extension == ".bsl" || extension == ".BSL") && !at->is_directory(ignored))
      found.push_back(module_of(at->path(), at->path().lexically_relative(path)));
  }
  if (problem) return bad_input(path_text(path) + " can not be read: " + problem.message());
  if (found.empty())
    return bad_input(path_text(path) +
                     " has neither a 1C configuration (Configuration.xml or Configuration.mdo) nor "
                     ".bsl files");
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return found;
}

}  // namespace

outcome<done> parse_loose_modules(const fs::path& path, model_sink& to, step_monitor& monitor) {
  const auto files = find_loose(path);
  if (!files) return files.error();
  configuration_info info;
  info.root = path_text(path);
  to.put(info);
  std::vector<read_problem> problems;
  bool going = true;
  in_order(
      files->size(), analysis_threads(),
      [&](std::size_t i) {
        if (monitor.cancelled()) return module_read{};
        auto made = read_bytes((*files)[i]);
        parse_bytes(made);
        return made;
      },
      [&](std::size_t, module_read made) {
        if (!made.problem.empty()) problems.push_back({made.entry.path, made.problem});
        to.put(made.entry, made.text());
        return going = !monitor.cancelled();
      });
  if (!going) return trouble{trouble_code::cancelled, "cancelled"};
  for (const auto& each : problems) to.put(each);
  return done{};
}

}  // namespace artel::analysis
