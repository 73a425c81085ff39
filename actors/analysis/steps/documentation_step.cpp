// Markdown for people, one searchable page and a summary of numbers → docs/generated/. With
// `lang: both` the overviews are written once in each language, and pages of objects have headings
// in both.
#include <nlohmann/json.hpp>

#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/model_json.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

// As the best practices step counted them, so that both say the same whichever rules were wanted
// there. Where that step was left out there is nothing to show.
void take_findings(documentation& to, const std::filesystem::path& output) {
  constexpr std::uintmax_t bytes_max = 64U << 20U;
  to.findings_of_object.resize(to.graph.nodes.size());
  to.findings_of_rule.resize(all_rules().size());
  const auto text = read_file(output / "analysis" / "best_practices_summary.json", bytes_max);
  const auto counts = nlohmann::json::parse(text ? *text : "{}", nullptr, false);
  if (!counts.is_object()) return;
  const auto each_count = [&](const char* key, const auto& take) {
    if (!counts.contains(key) || !counts[key].is_object()) return;
    for (const auto& [name, count] : counts[key].items())
      if (count.is_number_unsigned()) take(name, count.template get<std::uint64_t>());
  };
  each_count("by_rule", [&](const std::string& name, std::uint64_t count) {
    if (const auto* found = find_rule(name)) {
      to.findings_of_rule[static_cast<std::size_t>(found->number)] = count;
      to.findings += count;
    }
  });
  if (counts.contains("first") && counts["first"].is_array())
    for (const auto& each : counts["first"]) {
      if (!each.is_array() || each.size() != 4 || !each[0].is_string() || !each[1].is_string() ||
          !each[2].is_number_unsigned() || !each[3].is_string())
        continue;
      const auto* rule = find_rule(each[0].get<std::string>());
      const auto module = to.index.module(each[1].get<std::string>());
      if (rule != nullptr && module)
        to.first_findings.push_back({static_cast<std::uint32_t>(rule->number), *module,
                                     each[2].get<std::uint64_t>(), each[3].get<std::string>()});
    }
  each_count("by_object", [&](const std::string& name, std::uint64_t count) {
    to.findings_of_object[to.index.object(name).value_or(
        static_cast<std::uint32_t>(to.graph.nodes.size() - 1))] += count;
  });
}

outcome<done> write_overviews(const page_set& to) {
  for (const auto write :
       {write_configuration_page, write_object_catalogue, write_module_index, write_final_report})
    if (auto made = write(to); !made) return made;
  return done{};
}

// Where both are wanted, the language that the configuration's code is written in comes first.
outcome<std::vector<language>> languages_of(const step_input& input, const model& all) {
  const auto text = value_of(input, "lang");
  if (text.empty() || text == "both") {
    std::vector made{language::russian, language::english};
    if (all.configuration.script_variant == "English") std::swap(made[0], made[1]);
    return made;
  }
  if (const auto one = language_of(text)) return std::vector{*one};
  return bad_input("lang is '" + text + "'; expected ru, en or both");
}

/// The page once more, for who has no access to the folder.
outcome<done> copy_page(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code wrong;
  std::filesystem::create_directories(to.parent_path(), wrong);
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, wrong);
  if (wrong) return trouble{trouble_code::io_error, to.string() + ": " + wrong.message()};
  return done{};
}

}  // namespace

outcome<step_result> documentation_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  const auto in = languages_of(input, index.contents());
  if (!in) return in.error();
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
  take_findings(from, input.output);
  const auto folder = input.staging / "docs" / "generated";
  // Pages of what is gone since the last run go when these are published (docs/PIPELINES.md).
  if (auto marked = file_sink(folder / ".artel-whole").close(); !marked) return marked.error();
  for (const auto each : *in)
    if (auto made = write_overviews({from, each, folder}); !made) return made.error();
  const auto pages = write_object_pages(from, *in, folder, monitor);
  if (!pages) return pages.error();
  if (auto made = write_report_page(from, in->front(), folder); !made) return made.error();
  if (auto made = write_summary(from, folder); !made) return made.error();
  const auto report = value_of(input, "report");
  if (!report.empty())
    if (auto made = copy_page(folder / "index.html", report); !made) return made.error();
  // Who shows runs finds the page by the artifact's name.
  return headline({{"pages", *pages},
                   {"objects", from.totals.objects},
                   {"methods", from.totals.functions + from.totals.procedures},
                   {"findings", from.findings},
                   {"report", report.empty() ? "" : "report"}});
}

}  // namespace artel::analysis
