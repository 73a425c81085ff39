// Findings of all rules and the statistics behind them → analysis/best_practices.json and the same
// findings as SARIF, SonarQube issues, GitLab code quality and JUnit. A threshold that is reached
// does not fail the step, since a failed step publishes nothing: its headline says so.
#include <algorithm>
#include <map>
#include <optional>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/rules/baseline.hpp"
#include "actors/analysis/rules/reports.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t examples_max = 20;
constexpr std::uint32_t example_lines_max = 40;

/// Counts over a set of methods.
struct tally {
  std::uint64_t methods = 0, functions = 0, with_try = 0, documented = 0, exported = 0,
                exported_documented = 0;
  std::uint64_t empty_excepts = 0, capitalised = 0, with_underscore = 0, asynchronous = 0,
                with_query = 0;
  std::uint64_t queries_in_loops = 0, transactions = 0, parameters = 0, by_value = 0;

  void add(const bsl::method& method, const bsl::module_syntax& in, std::string_view text) {
    ++methods;
    functions += method.kind == bsl::method_kind::function;
    with_try += method.metrics.tries > 0;
    empty_excepts += method.metrics.empty_excepts;
    documented += !method.doc.empty();
    exported += method.exported;
    exported_documented += method.exported && !method.doc.empty();
    asynchronous += method.async;
    with_query += !method.queries.empty();
    parameters += method.parameters.size();
    for (const auto& each : in.parameters_of(method)) by_value += each.by_value;
    const auto name = method.name.in(text);
    const auto first = name.empty() ? std::string_view{} : name.substr(0, decode(name, 0).size);
    capitalised += !first.empty() && fold(first) != first;
    with_underscore += name.find('_') != std::string_view::npos;
    for (const auto& each : in.calls_of(method))
      transactions +=
          each.qualifier.empty() && (same_name(each.name.in(text), "НачатьТранзакцию") ||
                                     same_name(each.name.in(text), "BeginTransaction"));
  }
};

double percent(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(of);
}

struct practices {
  const model_index& index;
  const model& all = index.contents();
  tally total = {};
  tally common_functions = {};
  std::map<std::string, tally> by_type = {};

  void count() {
    for (const auto& module : all.modules) {
      const auto text = index.text(module);
      for (const auto& method : module.syntax.methods) {
        total.add(method, module.syntax, text);
        by_type[module.module_type].add(method, module.syntax, text);
        if (module.module_type == "CommonModule" && method.kind == bsl::method_kind::function)
          common_functions.add(method, module.syntax, text);
      }
    }
  }

  static void part(json_writer& out, const tally& of) {
    out.field("methods", of.methods);
    out.field("functions", of.functions);
    out.field("with_try", of.with_try);
    out.field("documented", of.documented);
    out.field("exported", of.exported);
    out.field("exported_documented", of.exported_documented);
  }

  void statistics(json_writer& out) const {
    out.key("error_handling").object();
    out.field("total_methods", total.methods);
    out.field("with_try", total.with_try);
    out.field("percentage", percent(total.with_try, total.methods));
    out.field("empty_excepts", total.empty_excepts);
    out.field("common_module_functions", common_functions.methods);
    out.field("common_module_functions_with_try", common_functions.with_try);
    out.end();
    out.key("documentation").object();
    out.field("total_methods", total.methods);
    out.field("documented", total.documented);
    out.field("percentage", percent(total.documented, total.methods));
    out.field("export_methods", total.exported);
    out.field("export_documented", total.exported_documented);
    out.field("export_percentage", percent(total.exported_documented, total.exported));
    out.field("common_module_functions", common_functions.methods);
    out.field("common_module_functions_documented", common_functions.documented);
    out.end();
    out.key("naming_conventions").object();
    out.field("total_methods", total.methods);
    out.field("capitalised", total.capitalised);
    out.field("percentage", percent(total.capitalised, total.methods));
    out.field("with_underscore", total.with_underscore);
    out.end();
    out.key("code_patterns").object();
    out.field("with_query", total.with_query);
    out.field("asynchronous", total.asynchronous);
    out.field("transactions", total.transactions);
    out.field("parameters", total.parameters);
    out.field("parameters_by_value", total.by_value);
    out.end();
    out.key("by_module_type").object();
    for (const auto& [type, each] : by_type) {
      out.key(type).object();
      part(out, each);
      out.end();
    }
    out.end();
  }

  // Short, documented, exported functions of common modules with parameters described: worth
  // showing as examples.
  void examples(json_writer& out) const {
    out.key("examples").array();
    std::size_t left = examples_max;
    for (std::uint32_t i = 0; i < all.modules.size() && left > 0; ++i) {
      const auto& module = all.modules[i];
      if (module.module_type != "CommonModule") continue;
      const auto text = index.text(module);
      for (std::uint32_t m = 0; m < module.syntax.methods.size(); ++m) {
        const auto& method = module.syntax.methods[m];
        const bool fits = method.exported && !method.doc.empty() &&
                          method.kind == bsl::method_kind::function && method.metrics.tries > 0 &&
                          method.metrics.empty_excepts == 0 &&
                          method.line_end - method.line_start < example_lines_max;
        if (!fits || bsl::parse_doc_comment(method.doc.in(text)).returns.empty()) continue;
        out.object();
        out.field("id", index.method_id({i, m}));
        out.field("path", module.path);
        out.field("line", method.line_start);
        out.field("doc", with_line_feeds(method.doc.in(text)));
        out.field("code", with_line_feeds(method.whole.in(text)));
        out.end();
        --left;
        break;  // one of each module
      }
    }
    out.end();
  }
};

/// What the step's `with:` keys say.
struct wishes {
  language in = language::russian;
  rule_selection rules;
  std::optional<severity> fail_on;
  std::string baseline;
  bool skip_vendor = false;
};

outcome<wishes> read_wishes(const step_input& input) {
  const auto value = [&](const char* key) {
    const auto found = input.with.find(key);
    return found == input.with.end() ? std::string() : found->second;
  };
  wishes made;
  if (const auto text = value("lang"); !text.empty()) {
    const auto in = language_of(text);
    if (!in) return bad_input("lang is '" + text + "'; expected ru or en");
    made.in = *in;
  }
  if (const auto text = value("fail_on"); !text.empty() && text != "none") {
    made.fail_on = severity_of(text);
    if (!made.fail_on)
      return bad_input("fail_on is '" + text +
                       "'; expected info, minor, major, critical, blocker or none");
  }
  auto rules = rule_selection::read(value("rules"));
  if (!rules) return rules.error();
  made.rules = std::move(*rules);
  made.baseline = value("baseline");
  const auto skip = flag_of(input, "skip_vendor");
  if (!skip) return skip.error();
  made.skip_vendor = *skip;
  return made;
}

outcome<done> write_reports(const practices& measure, const report_source& from,
                            const std::filesystem::path& folder) {
  file_sink sink(folder / "best_practices.json");
  json_writer out(sink);
  out.object();
  write_head(out, from.index.contents().configuration);
  measure.statistics(out);
  measure.examples(out);
  write_rules(out, from);
  write_findings(out, from);
  out.end();
  out.line();
  if (auto closed = sink.close(); !closed) return closed.error();
  if (auto made = write_sarif(from, folder / "best_practices.sarif"); !made) return made.error();
  if (auto made = write_sonar(from, folder / "sonar_issues.json"); !made) return made.error();
  if (auto made = write_code_quality(from, folder / "code_quality.json"); !made)
    return made.error();
  if (auto made = write_finding_counts(from, folder / "best_practices_summary.json"); !made)
    return made.error();
  return write_junit(from, folder / "best_practices.junit.xml");
}

}  // namespace

outcome<step_result> best_practices_step(const step_input& input, step_monitor& monitor) {
  const auto wanted = read_wishes(input);
  if (!wanted) return wanted.error();
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  const auto& modules = index.contents().modules;
  std::uint64_t total = 0;
  for (const auto& each : modules) total += each.text_size;
  std::uint64_t bytes = 0;
  auto findings = find_all(index, wanted->rules, [&](std::uint32_t at) {
    bytes += modules[at].text_size;
    monitor.progress(bytes, total, "looking at modules");
    return !monitor.cancelled();
  });
  if (monitor.cancelled()) return cancelled_trouble("edt.best_practices");
  if (wanted->skip_vendor) leave_out_vendor(findings, index);
  if (!wanted->baseline.empty()) {
    const auto known = read_baseline(wanted->baseline);
    if (!known) return known.error();
    mark_known(findings, *known);
  }
  practices measure{index};
  measure.count();
  const report_source from{index, wanted->rules, findings, wanted->in, !wanted->baseline.empty(),
                           {}};
  if (auto written = write_reports(measure, from, input.staging / "analysis"); !written)
    return written.error();
  const auto counts = count_findings(findings);
  const bool reached = wanted->fail_on && counts.at_least(*wanted->fail_on) > 0;
  return headline({{"findings", counts.fresh},
                   {"critical", counts.at_least(severity::critical)},
                   {"in_baseline", counts.known},
                   {"gate", std::string(reached ? "failed" : "passed")},
                   {"documented_percent", percent(measure.total.documented, measure.total.methods)},
                   {"with_try_percent", percent(measure.total.with_try, measure.total.methods)}});
}

}  // namespace artel::analysis
