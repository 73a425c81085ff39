#include "actors/analysis/rules/baseline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

constexpr const char* format_name = "artel-lint-baseline";
constexpr int format_version = 1;

trouble damaged(const std::filesystem::path& file, const std::string& why) {
  return bad_input("the baseline " + path_text(file) + " can not be used: " + why +
                   "; write it again with artel lint --write-baseline");
}

}  // namespace

outcome<done> write_baseline(const report_source& from, const std::filesystem::path& file) {
  std::vector<const finding*> sorted;
  for (const auto& each : from.findings) sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->fingerprint < b->fingerprint; });
  file_sink sink(file);
  sink.put(std::string("{\"format\": \"") + format_name +
           "\", \"version\": " + std::to_string(format_version) + ", \"findings\": [");
  std::string line;
  for (const auto* each : sorted) {
    line = each == sorted.front() ? "\n{\"fingerprint\": " : ",\n{\"fingerprint\": ";
    append_json_text(line, each->fingerprint);
    line += ", \"rule_id\": ";
    append_json_text(line, rule_of(each->which).id);
    line += ", \"path\": ";
    append_json_text(line, from.path_of(*each));
    line += "}";
    sink.put(line);
  }
  sink.put("\n]}\n");
  return sink.close();
}

outcome<known_findings> read_baseline(const std::filesystem::path& file) {
  const auto bytes = read_file(file, baseline_bytes_max);
  if (!bytes)
    return trouble{bytes.error().code, "the baseline can not be read: " + bytes.error().text};
  const auto parsed = nlohmann::json::parse(*bytes, nullptr, false);
  if (!parsed.is_object()) return damaged(file, "it is not a JSON object");
  if (parsed.value("format", nlohmann::json()) != format_name)
    return damaged(file, std::string("its format is not ") + format_name);
  if (parsed.value("version", nlohmann::json()) != format_version)
    return damaged(file, "its version is not " + std::to_string(format_version));
  const auto list = parsed.find("findings");
  if (list == parsed.end() || !list->is_array()) return damaged(file, "it has no list of findings");
  known_findings known;
  for (const auto& each : *list) {
    const auto print = each.is_object() ? each.find("fingerprint") : each.end();
    if (!each.is_object() || print == each.end() || !print->is_string())
      return damaged(file, "a finding has no fingerprint");
    known.insert(print->get<std::string>());
  }
  return known;
}

void mark_known(std::vector<finding>& findings, const known_findings& known) {
  for (auto& each : findings) each.in_baseline = known.contains(each.fingerprint);
}

}  // namespace artel::analysis
