#include "actors/analysis/steps/loose_modules.hpp"

#include <algorithm>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/metadata/module_files.hpp"
#include "actors/analysis/rules/module_rules.hpp"
#include "actors/analysis/snapshot.hpp"
#include "actors/analysis/steps/parse_sources.hpp"
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

bool has_lone_returns(std::string_view text) {
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  return false;
}

}  // namespace

outcome<done> parse_loose_modules(const fs::path& path, const fs::path& staging,
                                  step_monitor& monitor) {
  const auto files = find_loose(path);
  if (!files) return files.error();
  snapshot_writer to(staging);
  configuration_info info;
  info.root = path_text(path);
  to.put(info);
  std::vector<read_problem> problems;
  bsl::token_log log;
  for (const auto& file : *files) {
    if (monitor.cancelled()) return trouble{trouble_code::cancelled, "cancelled"};
    auto bytes = read_file(file.file, module_bytes_max);
    module_entry entry;
    entry.id = file.id, entry.owner = file.owner, entry.place = file.place;
    entry.module_type = file.module_type, entry.path = file.path;
    if (!bytes) problems.push_back({file.path, bytes.error().text});
    if (!bytes || bsl::is_protected_image(*bytes)) {
      entry.is_protected = static_cast<bool>(bytes);
      to.put(entry, {});
      continue;
    }
    const auto text = bsl::without_byte_order_mark(*bytes);
    entry.bytes = bytes->size();
    entry.byte_order_mark = text.size() != bytes->size();
    entry.line_ends = has_lone_returns(text) ? "mixed" : "lf";
    entry.syntax = bsl::parse_module(text, &log);
    auto review = look_at_module({entry, text, log});
    entry.findings = std::move(review.findings);
    entry.suppressed = std::move(review.suppressed);
    to.put(entry, text);
  }
  for (const auto& each : problems) to.put(each);
  return to.close();
}

}  // namespace artel::analysis
