// Markdown for people, one searchable page and a summary of numbers → docs/generated/.
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/model_json.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {

outcome<step_result> documentation_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  const auto graph = build_graph(index);
  if (monitor.cancelled()) return cancelled_trouble("edt.documentation");
  const documentation from{index, graph, totals_of(index), modules_by_object(index)};
  const auto folder = input.staging / "docs" / "generated";
  for (const auto write : {write_configuration_page, write_object_catalogue, write_module_index,
                           write_final_report, write_search_page, write_summary})
    if (auto made = write(from, folder); !made) return made.error();
  const auto pages = write_object_pages(from, folder, monitor);
  if (!pages) return pages.error();
  return headline({{"pages", *pages},
                   {"objects", from.totals.objects},
                   {"methods", from.totals.functions + from.totals.procedures}});
}

}  // namespace artel::analysis
