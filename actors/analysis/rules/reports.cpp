#include "actors/analysis/rules/reports.hpp"

#include <algorithm>
#include <map>

#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {

namespace {

constexpr std::size_t findings_shown_max = 20'000;  // in the summary and the page

}  // namespace

std::uint64_t finding_counts::at_least(severity level) const {
  std::uint64_t sum = 0;
  for (auto i = static_cast<std::size_t>(level); i < by_severity.size(); ++i) sum += by_severity[i];
  return sum;
}

finding_counts count_findings(const std::vector<finding>& findings) {
  finding_counts made;
  for (const auto& each : findings) {
    if (each.in_baseline) {
      ++made.known;
      continue;
    }
    ++made.fresh;
    ++made.by_severity[static_cast<std::size_t>(rule_of(each.which).level)];
  }
  return made;
}

namespace {

void two_languages(json_writer& out, std::string_view key, std::string_view ru,
                   std::string_view en) {
  out.key(key).object();
  out.field("ru", ru);
  out.field("en", en);
  out.end();
}

void put_range(json_writer& out, const finding& each) {
  out.key("range").object();
  out.field("start_line", each.line_start);
  if (each.column_start > 0) out.field("start_column", each.column_start);
  out.field("end_line", each.line_end);
  if (each.column_start > 0) out.field("end_column", each.column_end);
  out.end();
}

}  // namespace

void write_rules(json_writer& out, const report_source& from) {
  std::vector<std::uint64_t> counts(rule_count);
  for (const auto& each : from.findings) ++counts[static_cast<std::size_t>(each.which)];
  out.key("rules").array();
  for (const auto& each : all_rules()) {
    out.object();
    out.field("id", each.id);
    out.field("severity", to_text(each.level));
    out.field("type", to_text(each.kind));
    two_languages(out, "title", each.title_ru, each.title_en);
    out.field("standard_url", standard_url(each));
    out.field("bsl_ls", each.bsl_ls);
    out.field("edt", each.edt);
    out.field("apk", each.apk);
    out.field("enabled", from.rules.has(each.number));
    out.field("findings", counts[static_cast<std::size_t>(each.number)]);
    out.end();
  }
  out.end();
}

void write_findings(json_writer& out, const report_source& from) {
  out.key("findings").array();
  for (const auto& each : from.findings) {
    const auto& which = rule_of(each.which);
    out.object();
    out.field("rule_id", which.id);
    out.field("severity", to_text(which.level));
    out.field("type", to_text(which.kind));
    two_languages(out, "message", message(which, each.detail, language::russian),
                  message(which, each.detail, language::english));
    out.field("path", from.path_of(each));
    put_range(out, each);
    out.field("object_id", from.index.contents().modules[each.module].owner);
    out.field("method", each.method == no_method
                            ? std::string_view{}
                            : from.index.method_name({each.module, each.method}));
    out.field("standard_url", standard_url(which));
    out.field("fingerprint", each.fingerprint);
    if (from.with_baseline) out.field("baseline_state", each.in_baseline ? "unchanged" : "new");
    out.end();
  }
  out.end();
}

outcome<done> write_json_report(const report_source& from, const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink);
  const auto counts = count_findings(from.findings);
  out.object();
  out.key("generator").object();
  out.field("name", "artel");
  out.field("version", "0.1.0");
  out.end();
  out.field("config_name", from.index.contents().configuration.name);
  out.key("counts").object();
  out.field("new", counts.fresh);
  out.field("in_baseline", counts.known);
  for (std::size_t i = counts.by_severity.size(); i-- > 0;)
    out.field(to_text(static_cast<severity>(i)), counts.by_severity[i]);
  out.end();
  write_rules(out, from);
  write_findings(out, from);
  out.end();
  out.line();
  return sink.close();
}

outcome<done> write_code_quality(const report_source& from, const std::filesystem::path& file) {
  file_sink sink(file);
  json_writer out(sink, false);
  out.array();
  for (const auto& each : from.findings) {
    if (each.in_baseline) continue;
    const auto& which = rule_of(each.which);
    out.object();
    out.field("description", message(which, each.detail, from.in));
    out.field("check_name", which.id);
    out.field("fingerprint", each.fingerprint);
    out.field("severity", to_text(which.level));
    out.key("location").object();
    out.field("path", from.path_of(each));
    out.key("lines").object();
    out.field("begin", each.line_start);
    out.field("end", each.line_end);
    out.end();
    out.end();
    out.end();
  }
  out.end();
  out.line();
  return sink.close();
}

outcome<done> write_text(const report_source& from, const std::filesystem::path& file,
                         bool colour) {
  file_sink sink(file);
  const auto paint = [&](severity level) -> std::string_view {
    if (!colour) return {};
    return level >= severity::critical ? "\x1b[31m"
           : level == severity::major  ? "\x1b[33m"
                                       : "\x1b[36m";
  };
  for (const auto& each : from.findings) {
    if (each.in_baseline) continue;
    const auto& which = rule_of(each.which);
    auto line = from.path_of(each) + ":" + std::to_string(each.line_start) + ":" +
                std::to_string(each.column_start == 0 ? 1 : each.column_start) + ": ";
    line += paint(which.level);
    line += to_text(which.level);
    if (colour) line += "\x1b[0m";
    line += " " + std::string(which.id) + " " + message(which, each.detail, from.in) + "\n";
    sink.put(line);
  }
  return sink.close();
}

outcome<done> write_finding_counts(const report_source& from, const std::filesystem::path& file) {
  const auto& all = from.index.contents();
  std::map<std::string_view, std::uint64_t> severities;
  std::map<std::string_view, std::uint64_t> rules;
  std::map<std::string_view, std::uint64_t> objects;
  for (const auto& each : from.findings) {
    if (each.in_baseline) continue;
    ++severities[to_text(rule_of(each.which).level)];
    ++rules[rule_of(each.which).id];
    ++objects[all.modules[each.module].owner];
  }
  file_sink sink(file);
  json_writer out(sink);
  out.object();
  write_head(out, all.configuration);
  const auto map = [&](const char* name, const auto& counts) {
    out.key(name).object();
    for (const auto& [key, count] : counts) out.key(key).number(count);
    out.end();
  };
  map("by_severity", severities);
  map("by_rule", rules);
  map("by_object", objects);
  // The most severe first, for those who show some of them.
  std::vector<const finding*> order;
  for (const auto& each : from.findings)
    if (!each.in_baseline) order.push_back(&each);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return rule_of(a->which).level > rule_of(b->which).level;
  });
  out.key("first").array();
  for (std::size_t i = 0; i < std::min(order.size(), findings_shown_max); ++i) {
    out.array();
    out.text(rule_of(order[i]->which).id);
    out.text(all.modules[order[i]->module].id);
    out.number(std::uint64_t{order[i]->line_start});
    out.text(order[i]->detail);
    out.end();
  }
  out.end();
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
