#include "actors/analysis/steps/finding_reports.hpp"

#include <map>

#include "actors/analysis/text/sha256.hpp"

namespace artel::analysis {
namespace {

std::string message(std::string_view title, const std::string& detail) {
  return detail.empty() ? std::string(title) : std::string(title) + ": " + detail;
}

std::string message_ru(const finding& each) {
  return message(rule_of(each.which).title_ru, each.detail_ru);
}
std::string message_en(const finding& each) {
  return message(rule_of(each.which).title_en, each.detail_en);
}

/// The same finding keeps its fingerprint when lines above it come or go: rule, method and turn
/// count, the line does not.
class fingerprints {
public:
  explicit fingerprints(const model_index& index) : index_(index) {}
  std::string of(const finding& each) {
    auto place = each.method == no_method ? index_.contents().modules[each.module].id
                                          : index_.method_id({each.module, each.method});
    auto key = std::string(rule_of(each.which).id) + "|" + place + "|" + each.detail_en;
    const auto turn = ++turns_[key];
    return sha256_hex(key + "|" + std::to_string(turn)).substr(0, 32);
  }

private:
  const model_index& index_;
  std::map<std::string, unsigned> turns_;
};

const char* sarif_level(std::string_view severity) {
  if (severity == "blocker" || severity == "critical") return "error";
  return severity == "major" ? "warning" : "note";
}

}  // namespace

void write_rules(json_writer& out, const std::vector<finding>& findings) {
  std::vector<std::uint64_t> counts(all_rules().size());
  for (const auto& each : findings) ++counts[static_cast<std::size_t>(each.which)];
  out.key("rules").array();
  for (std::size_t i = 0; i < all_rules().size(); ++i) {
    const auto& each = all_rules()[i];
    out.object();
    out.field("id", each.id);
    out.field("severity", each.severity);
    out.key("title").object();
    out.field("ru", each.title_ru);
    out.field("en", each.title_en);
    out.end();
    out.field("standard_url", standard_url(each));
    out.field("findings", counts[i]);
    out.end();
  }
  out.end();
}

void write_findings(json_writer& out, const model_index& index,
                    const std::vector<finding>& findings) {
  fingerprints prints(index);
  out.key("findings").array();
  for (const auto& each : findings) {
    const auto& module = index.contents().modules[each.module];
    out.object();
    out.field("rule_id", rule_of(each.which).id);
    out.field("severity", rule_of(each.which).severity);
    out.key("message").object();
    out.field("ru", message_ru(each));
    out.field("en", message_en(each));
    out.end();
    out.field("path", module.path);
    out.key("range").object();
    out.field("start_line", each.line_start);
    out.field("end_line", each.line_end);
    out.end();
    out.field("object_id", module.owner);
    out.field("method", each.method == no_method ? std::string_view{}
                                                 : index.method_name({each.module, each.method}));
    out.field("standard_url", standard_url(rule_of(each.which)));
    out.field("fingerprint", prints.of(each));
    out.end();
  }
  out.end();
}

outcome<done> write_sarif(const model_index& index, const std::vector<finding>& findings,
                          const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink, false);
  fingerprints prints(index);
  out.object();
  out.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.field("version", "2.1.0");
  out.key("runs").array();
  out.object();
  out.key("tool").object();
  out.key("driver").object();
  out.field("name", "artel");
  out.field("version", "0.1.0");
  out.key("rules").array();
  for (const auto& each : all_rules()) {
    out.object();
    out.field("id", each.id);
    out.key("shortDescription").object();
    out.field("text", each.title_en);
    out.end();
    if (each.standard != 0) out.field("helpUri", standard_url(each));
    out.end();
  }
  out.end();
  out.end();
  out.end();
  out.key("results").array();
  for (const auto& each : findings) {
    out.object();
    out.field("ruleId", rule_of(each.which).id);
    out.field("ruleIndex", static_cast<std::uint64_t>(each.which));
    out.field("level", sarif_level(rule_of(each.which).severity));
    out.key("message").object();
    out.field("text", message_ru(each));
    out.end();
    out.key("locations").array();
    out.object();
    out.key("physicalLocation").object();
    out.key("artifactLocation").object();
    out.field("uri", index.contents().modules[each.module].path);
    out.end();
    out.key("region").object();
    out.field("startLine", each.line_start);
    out.field("endLine", each.line_end);
    out.end();
    out.end();
    out.end();
    out.end();
    out.key("partialFingerprints").object();
    out.field("artel/v1", prints.of(each));
    out.end();
    out.end();
  }
  out.end();
  out.end();
  out.end();
  out.end();
  out.line();
  return sink.close();
}

outcome<done> write_code_quality(const model_index& index, const std::vector<finding>& findings,
                                 const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink, false);
  fingerprints prints(index);
  out.array();
  for (const auto& each : findings) {
    out.object();
    out.field("description", message_ru(each));
    out.field("check_name", rule_of(each.which).id);
    out.field("fingerprint", prints.of(each));
    out.field("severity", rule_of(each.which).severity);
    out.key("location").object();
    out.field("path", index.contents().modules[each.module].path);
    out.key("lines").object();
    out.field("begin", each.line_start);
    out.end();
    out.end();
    out.end();
  }
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
