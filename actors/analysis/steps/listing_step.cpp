// edt.listing: the readable results of the parse, for people and programs that do not know the
// snapshot; see parse_outputs.hpp.
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/parse_outputs.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {

outcome<step_result> listing_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  if (auto made = write_parse_outputs(index, input.staging, monitor); !made) return made.error();
  if (auto made = write_parse_statistics(index, published->parts(), input, input.staging); !made)
    return made.error();
  const auto& all = index.contents();
  const auto totals = totals_of(index);
  return headline({{"configuration", all.configuration.name},
                   {"objects", totals.objects},
                   {"files", std::uint64_t{all.modules.size()}},
                   {"functions", totals.functions},
                   {"procedures", totals.procedures},
                   {"export_methods", totals.exported},
                   {"lines", std::uint64_t{totals.counts.lines}},
                   {"bytes", totals.bytes},
                   {"syntax_errors", totals.syntax_errors},
                   {"errors", std::uint64_t{all.problems.size()}},
                   {"protected_modules", totals.protected_modules}});
}

}  // namespace artel::analysis
