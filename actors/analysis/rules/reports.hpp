// Findings as files: our JSON, SARIF 2.1.0, SonarQube's generic issues (10.3 and later), GitLab's
// code quality, JUnit, and lines of text. All are written as they go and are the same bytes for the
// same findings.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/analysis/rules/findings.hpp"
#include "actors/analysis/text/json_writer.hpp"

namespace artel::analysis {

struct report_source {
  const model_index& index;
  const rule_selection& rules;
  const std::vector<finding>& findings;
  language in = language::russian;
  bool with_baseline = false;  ///< findings are told apart as new and known
  std::string path_prefix;     ///< before every module's path; "" or ends in a slash

  std::string path_of(const finding& each) const {
    return path_prefix + index.contents().modules[each.module].path;
  }
};

/// `"rules": […]` and `"findings": […]` inside an object.
void write_rules(json_writer& out, const report_source& from);
void write_findings(json_writer& out, const report_source& from);

outcome<done> write_json_report(const report_source& from, const std::filesystem::path& file);
outcome<done> write_sarif(const report_source& from, const std::filesystem::path& file);
outcome<done> write_sonar(const report_source& from, const std::filesystem::path& file);
outcome<done> write_code_quality(const report_source& from, const std::filesystem::path& file);
outcome<done> write_junit(const report_source& from, const std::filesystem::path& file);
/// `path:line:column: severity rule-id message`, new findings only; colours for terminals.
outcome<done> write_text(const report_source& from, const std::filesystem::path& file, bool colour);

/// How many findings there are; those of the baseline are counted apart.
struct finding_counts {
  std::vector<std::uint64_t> by_severity = std::vector<std::uint64_t>(5);
  std::uint64_t fresh = 0;
  std::uint64_t known = 0;
  std::uint64_t at_least(severity level) const;
};
/// Counts by severity, rule and object, and the first findings: what others show without reading
/// all.
outcome<done> write_finding_counts(const report_source& from, const std::filesystem::path& file);
finding_counts count_findings(const std::vector<finding>& findings);

}  // namespace artel::analysis
