// SARIF 2.1.0 (OASIS): one run, all rules, a result per finding. Columns count code points, and
// paths are relative to a base that the reader knows, percent-encoded.
#include "actors/analysis/rules/reports.hpp"

namespace artel::analysis {
namespace {

const char* level_of(severity level) {
  if (level >= severity::critical) return "error";
  return level == severity::major ? "warning" : "note";
}

std::string percent_encoded(std::string_view path) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string made;
  for (const char each : path) {
    if (plain.find(each) != std::string_view::npos) {
      made += each;
      continue;
    }
    const auto value = static_cast<unsigned char>(each);
    made += '%';
    made += digits[value >> 4U];
    made += digits[value & 15U];
  }
  return made;
}

void put_text(json_writer& out, std::string_view key, std::string_view text) {
  out.key(key).object();
  out.field("text", text);
  out.end();
}

void put_rule(json_writer& out, const rule& each, const report_source& from) {
  out.object();
  out.field("id", each.id);
  put_text(out, "shortDescription", title(each, from.in));
  auto help = std::string(title(each, from.in));
  const bool russian = from.in == language::russian;
  if (each.standard != 0) help += (russian ? ". Стандарт: " : ". Standard: ") + standard_url(each);
  if (!each.bsl_ls.empty()) help += ". BSL Language Server: " + std::string(each.bsl_ls);
  put_text(out, "help", help);
  if (each.standard != 0) out.field("helpUri", standard_url(each));
  out.key("defaultConfiguration").object();
  out.field("enabled", each.by_default);
  out.field("level", level_of(each.level));
  out.end();
  out.key("properties").object();
  out.key("tags").array();
  out.text(to_text(each.kind));
  out.text(to_text(each.level));
  if (each.standard != 0) out.text("v8std-" + std::to_string(each.standard));
  out.end();
  out.end();
  out.end();
}

void put_result(json_writer& out, const finding& each, const report_source& from) {
  const auto& which = rule_of(each.which);
  out.object();
  out.field("ruleId", which.id);
  out.field("ruleIndex", static_cast<std::uint64_t>(each.which));
  out.field("level", level_of(which.level));
  put_text(out, "message", message(which, each.detail, from.in));
  out.key("locations").array();
  out.object();
  out.key("physicalLocation").object();
  out.key("artifactLocation").object();
  out.field("uri", percent_encoded(from.path_of(each)));
  out.field("uriBaseId", "SRCROOT");
  out.end();
  out.key("region").object();
  out.field("startLine", each.line_start);
  if (each.column_start > 0) out.field("startColumn", each.column_start);
  out.field("endLine", each.line_end);
  if (each.column_start > 0) out.field("endColumn", each.column_end);
  out.end();
  out.end();
  out.end();
  out.end();
  out.key("partialFingerprints").object();
  out.field("artel/v2", each.fingerprint);
  out.end();
  if (from.with_baseline) out.field("baselineState", each.in_baseline ? "unchanged" : "new");
  out.end();
}

}  // namespace

outcome<done> write_sarif(const report_source& from, const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink, false);
  out.object();
  out.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.field("version", "2.1.0");
  out.key("runs").array();
  out.object();
  out.key("tool").object();
  out.key("driver").object();
  out.field("name", "artel");
  out.field("version", "0.1.0");
  out.field("language", from.in == language::russian ? "ru" : "en");
  out.key("rules").array();
  for (const auto& each : all_rules()) put_rule(out, each, from);
  out.end();
  out.end();
  out.end();
  out.key("automationDetails").object();
  out.field("id", "artel-lint/");
  out.end();
  out.key("invocations").array();
  out.object();
  out.field("executionSuccessful", true);
  out.end();
  out.end();
  out.field("columnKind", "unicodeCodePoints");
  out.key("originalUriBaseIds").object();
  out.key("SRCROOT").object();
  put_text(out, "description", "The folder that paths are relative to");
  out.end();
  out.end();
  out.key("results").array();
  for (const auto& each : from.findings) put_result(out, each, from);
  out.end();
  out.end();
  out.end();
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
