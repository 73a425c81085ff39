// edt.parse: sources → snapshot → readable results. With skip_parse it only verifies what was
// published before.
#include <chrono>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/parse_outputs.hpp"
#include "actors/analysis/steps/parse_sources.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {
namespace {

std::string value_of(const step_input& input, const char* key) {
  const auto found = input.with.find(key);
  return found == input.with.end() ? "" : found->second;
}

outcome<bool> wants_reuse(const step_input& input) {
  const auto value = value_of(input, "skip_parse");
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return bad_input("skip_parse is '" + value + "'; expected true or false");
}

step_result answer(const model_index& index, bool reused) {
  const auto& all = index.contents();
  const auto totals = totals_of(index);
  return headline({{"configuration", all.configuration.name},
                   {"layout", all.configuration.layout},
                   {"objects", totals.objects},
                   {"files", std::uint64_t{all.modules.size()}},
                   {"functions", totals.functions},
                   {"procedures", totals.procedures},
                   {"export_methods", totals.exported},
                   {"lines", std::uint64_t{totals.counts.lines}},
                   {"bytes", totals.bytes},
                   {"syntax_errors", totals.syntax_errors},
                   {"errors", std::uint64_t{all.problems.size()}},
                   {"protected_modules", totals.protected_modules},
                   {"reused", reused}});
}

void log_problems(const model& all, step_monitor& monitor) {
  constexpr std::size_t logged_max = 50;  // the rest is in full_parse_with_metadata.json
  for (std::size_t i = 0; i < std::min(all.problems.size(), logged_max); ++i)
    monitor.log("not read: " + all.problems[i].path + ": " + all.problems[i].message);
}

}  // namespace

outcome<step_result> parse_step(const step_input& input, step_monitor& monitor) {
  const auto reuse = wants_reuse(input);
  if (!reuse) return reuse.error();
  if (*reuse) {
    auto published = open_published(input, monitor);
    if (!published) return published.error();
    return answer(model_index(*published), true);
  }
  const auto path = value_of(input, "config_path");
  if (path.empty())
    return bad_input(
        "config_path is missing; give the folder of a 1C configuration (Designer or EDT)");
  const auto place = find_configuration(path);
  if (!place) return place.error();
  const auto start = std::chrono::steady_clock::now();
  if (auto parsed = parse_sources(*place, path, input.staging, monitor); !parsed)
    return parsed.error();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  // From here on the sources are not looked at: the readable files are made from what the later
  // steps will read.
  auto written = snapshot::open(input.staging, [&] { return monitor.cancelled(); });
  if (!written) return written.error();
  const model_index index(*written);
  log_problems(index.contents(), monitor);
  if (auto made = write_parse_outputs(index, input.staging, monitor); !made) return made.error();
  if (auto made = write_parse_statistics(index, input.staging, seconds.count()); !made)
    return made.error();
  return answer(index, false);
}

}  // namespace artel::analysis
