#include "actors/analysis/steps/parse_sources.hpp"

#include <algorithm>
#include <map>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/metadata/configuration_reader.hpp"
#include "actors/analysis/metadata/module_files.hpp"
#include "actors/analysis/metadata/object_reader.hpp"
#include "actors/analysis/rules/module_rules.hpp"
#include "actors/analysis/snapshot.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

std::string line_ends(std::string_view text) {
  std::size_t pairs = 0;
  std::size_t feeds = 0;
  std::size_t returns = 0;
  for (auto at = text.find_first_of("\r\n"); at != std::string_view::npos;
       at = text.find_first_of("\r\n", at + 1)) {
    if (text[at] == '\n')
      ++feeds;
    else if (at + 1 < text.size() && text[at + 1] == '\n')
      ++pairs, ++at;
    else
      ++returns;
  }
  const auto kinds = (pairs > 0) + (feeds > 0) + (returns > 0);
  if (kinds == 0) return "none";
  if (kinds > 1) return "mixed";
  return pairs > 0 ? "crlf" : feeds > 0 ? "lf" : "cr";
}

struct read_module {
  module_entry entry;
  std::string bytes;
  std::size_t text_from = 0;
  std::string problem;
};

read_module read_one(const module_file& file) {
  read_module made;
  auto& entry = made.entry;
  entry.id = file.id;
  entry.owner = file.owner;
  entry.place = file.place;
  entry.module_type = file.module_type;
  entry.path = file.path;
  entry.line_ends = "none";
  auto bytes = read_file(file.file, module_bytes_max);
  if (!bytes) {
    made.problem = bytes.error().text;
    return made;
  }
  made.bytes = std::move(*bytes);
  entry.bytes = made.bytes.size();
  entry.is_protected = bsl::is_protected_image(made.bytes);
  if (entry.is_protected) {
    made.text_from = made.bytes.size();
    return made;
  }
  const auto text = bsl::without_byte_order_mark(made.bytes);
  made.text_from = made.bytes.size() - text.size();
  entry.byte_order_mark = made.text_from > 0;
  entry.line_ends = line_ends(text);
  thread_local bsl::token_log log;
  entry.syntax = bsl::parse_module(text, &log);
  auto review = look_at_module({entry, text, log});
  entry.findings = std::move(review.findings);
  entry.suppressed = std::move(review.suppressed);
  return made;
}

/// One run of reading.
class reading {
public:
  reading(const configuration_place& place, const std::filesystem::path& staging,
          step_monitor& monitor)
      : place_(place), monitor_(monitor), to_(staging) {}

  outcome<done> run(const std::string& given_path) {
    auto configuration = read_configuration(place_);
    if (!configuration) return configuration.error();
    configuration->info.root = given_path;
    problems_ = std::move(configuration->problems);
    auto found = find_modules(place_, [&] { return monitor_.cancelled(); });
    std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems_));
    to_.put(configuration->info);
    if (!read_objects(*configuration) || !read_modules(found.files))
      return cancelled_trouble("edt.parse");
    std::sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.path, a.message) < std::tie(b.path, b.message);
    });
    for (const auto& each : problems_) to_.put(each);
    return to_.close();
  }

private:
  bool read_objects(configuration_read& configuration) {
    auto objects = std::move(configuration.languages);
    const auto& listed = configuration.listed;
    bool going = true;
    in_order(
        listed.size(),
        [&](std::size_t i) {
          return monitor_.cancelled() ? object_read{} : read_object(place_, listed[i]);
        },
        [&](std::size_t i, object_read made) {
          std::move(made.objects.begin(), made.objects.end(), std::back_inserter(objects));
          std::move(made.problems.begin(), made.problems.end(), std::back_inserter(problems_));
          if (i % 50 == 0) monitor_.progress(i, listed.size(), "reading metadata");
          return going = !monitor_.cancelled();
        });
    if (!going) return false;
    std::sort(objects.begin(), objects.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    place_in_subsystems(objects);
    for (const auto& each : objects) to_.put(each);
    return true;
  }

  static void place_in_subsystems(std::vector<metadata_object>& objects) {
    std::map<std::string, std::vector<std::string>> of;
    for (const auto& each : objects)
      if (each.kind == "Subsystem")
        for (const auto& inside : each.links.content) of[inside].push_back(each.id);
    for (auto& each : objects)
      if (const auto found = of.find(each.id); found != of.end()) each.subsystems = found->second;
  }

  bool read_modules(const std::vector<module_file>& files) {
    std::uint64_t total = 0;
    for (const auto& each : files) {
      std::error_code ignored;
      const auto size = std::filesystem::file_size(each.file, ignored);
      if (!ignored) total += size;
    }
    std::uint64_t bytes = 0;
    bool going = true;
    in_order(
        files.size(),
        [&](std::size_t i) { return monitor_.cancelled() ? read_module{} : read_one(files[i]); },
        [&](std::size_t, read_module made) {
          bytes += made.bytes.size();
          if (!made.problem.empty()) problems_.push_back({made.entry.path, made.problem});
          to_.put(made.entry, std::string_view(made.bytes).substr(made.text_from));
          monitor_.progress(bytes, total, "parsing modules");
          return going = !monitor_.cancelled();
        });
    return going;
  }

  const configuration_place& place_;
  step_monitor& monitor_;
  snapshot_writer to_;
  std::vector<read_problem> problems_;
};

}  // namespace

outcome<done> parse_sources(const configuration_place& place, const std::string& given_path,
                            const std::filesystem::path& staging, step_monitor& monitor) {
  return reading(place, staging, monitor).run(given_path);
}

}  // namespace artel::analysis
