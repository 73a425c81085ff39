// SonarQube's generic issue import in the form of 10.3: rules once, issues that name them. Its
// columns begin at 0 and a range must not be empty.
#include "actors/analysis/rules/reports.hpp"

namespace artel::analysis {
namespace {

const char* quality_of(rule_kind kind) {
  if (kind == rule_kind::bug) return "RELIABILITY";
  return kind == rule_kind::vulnerability ? "SECURITY" : "MAINTAINABILITY";
}

const char* attribute_of(rule_kind kind) {
  if (kind == rule_kind::bug) return "LOGICAL";
  return kind == rule_kind::vulnerability ? "TRUSTWORTHY" : "CONVENTIONAL";
}

const char* impact_of(severity level) {
  if (level >= severity::critical) return "HIGH";
  return level == severity::major ? "MEDIUM" : "LOW";
}

void put_rule(json_writer& out, const rule& each, language in) {
  out.object();
  out.field("id", each.id);
  out.field("name", title(each, in));
  auto description = std::string(title(each, in));
  if (each.standard != 0) description += ". " + standard_url(each);
  out.field("description", description);
  out.field("engineId", "artel");
  out.field("cleanCodeAttribute", attribute_of(each.kind));
  out.key("impacts").array();
  out.object();
  out.field("softwareQuality", quality_of(each.kind));
  out.field("severity", impact_of(each.level));
  out.end();
  out.end();
  out.end();
}

void put_issue(json_writer& out, const finding& each, const report_source& from) {
  const auto& which = rule_of(each.which);
  out.object();
  out.field("ruleId", which.id);
  out.key("primaryLocation").object();
  out.field("message", message(which, each.detail, from.in));
  out.field("filePath", from.path_of(each));
  out.key("textRange").object();
  out.field("startLine", each.line_start);
  out.field("endLine", each.line_end);
  const bool wide = each.line_end > each.line_start || each.column_end > each.column_start;
  if (each.column_start > 0 && wide && each.column_end > 1) {
    out.field("startColumn", each.column_start - 1);
    out.field("endColumn", each.column_end - 1);
  }
  out.end();
  out.end();
  out.end();
}

}  // namespace

outcome<done> write_sonar(const report_source& from, const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink, false);
  out.object();
  out.key("rules").array();
  for (const auto& each : all_rules())
    if (from.rules.has(each.number)) put_rule(out, each, from.in);
  out.end();
  out.key("issues").array();
  for (const auto& each : from.findings)
    if (!each.in_baseline) put_issue(out, each, from);
  out.end();
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
