// Markdown for people, one searchable page and a summary of numbers → docs/generated/. With
// `lang: both` the English pages lie in docs/generated/en.
#include "actors/analysis/rules/findings.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/model_json.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {
namespace {

void count_findings(documentation& to) {
  to.findings_of_object.resize(to.graph.nodes.size());
  to.findings_of_rule.resize(all_rules().size());
  for (const auto& each :
       find_all(to.index, rule_selection(), [](std::uint32_t) { return true; })) {
    const auto owner = to.index.owner_of(to.index.contents().modules[each.module]);
    ++to.findings_of_object[owner ? *owner : to.graph.nodes.size() - 1];
    ++to.findings_of_rule[static_cast<std::size_t>(each.which)];
    ++to.findings;
  }
}

outcome<std::uint64_t> write_pages(const page_set& to, step_monitor& monitor) {
  for (const auto write :
       {write_configuration_page, write_object_catalogue, write_module_index, write_final_report})
    if (auto made = write(to); !made) return made.error();
  return write_object_pages(to, monitor);
}

}  // namespace

outcome<step_result> documentation_step(const step_input& input, step_monitor& monitor) {
  const auto lang = value_of(input, "lang");
  if (!lang.empty() && lang != "ru" && lang != "en" && lang != "both")
    return bad_input("lang is '" + lang + "'; expected ru, en or both");
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  const auto graph = build_graph(index);
  if (monitor.cancelled()) return cancelled_trouble("edt.documentation");
  documentation from{index,
                     graph,
                     totals_of(index),
                     modules_by_object(index),
                     neighbours(graph),
                     subsystems_of(index, graph),
                     find_copies(index),
                     {},
                     {}};
  count_findings(from);
  const auto folder = input.staging / "docs" / "generated";
  const auto first = lang == "en" ? language::english : language::russian;
  std::uint64_t pages = 0;
  std::vector<page_set> sets{{from, first, folder}};
  if (lang.empty() || lang == "both") sets.push_back({from, language::english, folder / "en"});
  for (const auto& each : sets) {
    const auto made = write_pages(each, monitor);
    if (!made) return made.error();
    pages += *made;
  }
  if (auto made = write_report_page(from, first, folder); !made) return made.error();
  if (auto made = write_summary(from, folder); !made) return made.error();
  return headline({{"pages", pages},
                   {"objects", from.totals.objects},
                   {"methods", from.totals.functions + from.totals.procedures}});
}

}  // namespace artel::analysis
