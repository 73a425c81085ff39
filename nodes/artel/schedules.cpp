// schedule list and preview, backfill.
#include <chrono>
#include <filesystem>

#include "actors/coordination/compile.hpp"
#include "actors/coordination/time_zones.hpp"
#include "config/pipeline_file.hpp"
#include "messages/browse.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

using known_runs = std::map<run_id, run_summary>;

int print_times(const context& cli, const std::string& name, const schedule_previewed& got,
                const known_runs& had = {}) {
  if (cli.as_json) {
    auto object = to_json(got);
    object["schedule"] = name;
    for (auto& each : object["times"])
      if (each["run"] == to_text(run_id{})) each.erase("run");
    for (const auto& [run, one] : had) object["had_one"].push_back(to_json(one));
    std::cout << print(object) << '\n';
    return nodes::exit_ok;
  }
  for (const auto& one : got.times) {
    const auto known = had.find(one.run);
    std::cout << one.text;
    if (known != had.end())
      std::cout << "  (it has run " << to_text(one.run) << ", " << to_text(known->second.state)
                << ')';
    std::cout << '\n';
  }
  if (got.times.empty()) std::cout << "no planned times\n";
  return nodes::exit_ok;
}

/// The same as the coordinator does, for a file that no cluster has.
int preview_file(const context& cli, const schedule_options& what) {
  const auto text = config::read_text_file(what.name);
  if (!text) return fail(text.error());
  const auto plan = coordination::compile(*text, what.name);
  if (!plan) return fail(plan.error());
  const auto& schedules = (*plan)->definition.schedules;
  if (schedules.empty())
    return fail(
        bad_input(what.name + ": pipeline '" + (*plan)->definition.name + "' has no 'schedule'"));
  for (const auto& one : schedules) {
    const auto when = coordination::make_calendar(one);
    if (!when) return fail(when.error());
    const auto from = what.from.empty() ? std::optional(now_ms()) : when->moment_of(what.from);
    const auto to = what.to.empty() ? std::optional(std::numeric_limits<std::int64_t>::max())
                                    : when->moment_of(what.to);
    if (!from || !to)
      return fail(bad_input("'" + (from ? what.to : what.from) +
                            "': expected a moment such as 2026-03-29 or 2026-03-29T03:00"));
    schedule_previewed got;
    for (auto next = when->next(*from - 1); next && *next < *to; next = when->next(*next)) {
      got.more = got.times.size() == what.count;
      if (got.more) break;
      got.times.push_back({*next, when->text(*next)});
    }
    if (!cli.as_json && schedules.size() > 1) std::cout << one.name << " (" << one.rule() << ")\n";
    print_times(cli, one.name, got);
  }
  return nodes::exit_ok;
}

}  // namespace

int list_of_schedules(const context& cli, const std::string& pipeline) {
  auto client = cli.client();
  const auto got = client.ask<schedules_listed>(list_schedules{pipeline});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{
      {"SCHEDULE", "RULE", "NEXT", "LAST", "WHAT BECAME OF IT"}};
  for (const auto& one : got->schedules)
    rows.push_back({one.name, one.rule, one.paused.empty() ? one.next : "paused " + one.paused,
                    clock_time(one.last_ms), one.last});
  std::cout << (got->schedules.empty()
                    ? "no schedules; artel-supervisor --pipelines FOLDER names the pipeline files\n"
                    : table(rows));
  for (const auto& why : got->problems) std::cerr << "artel: " << why << '\n';
  return nodes::exit_ok;
}

int preview(const context& cli, const schedule_options& what) {
  std::error_code none;
  if (std::filesystem::exists(what.name, none)) return preview_file(cli, what);
  auto client = cli.client();
  const auto got =
      client.ask<schedule_previewed>(preview_schedule{what.name, what.from, what.to, what.count});
  return got ? print_times(cli, what.name, *got) : fail(got.error());
}

namespace {

/// Which of the planned times have a run already.
outcome<known_runs> runs_of(transport::admin_client& client,
                            const std::vector<planned_time>& times) {
  known_runs all;
  for (std::size_t from = 0; from < times.size(); from += runs_found_max) {
    find_runs what;
    what.limit = runs_found_max;
    for (std::size_t i = from; i < std::min<std::size_t>(times.size(), from + runs_found_max); ++i)
      what.ids.push_back(to_text(times[i].run));
    const auto got = client.ask<runs_found>(what);
    if (!got) return got.error();
    for (const auto& each : got->runs) all[each.run] = each;
  }
  return all;
}

}  // namespace

int backfill(const context& cli, const schedule_options& what) {
  const auto params = parse_params(what.params);
  if (!params) return fail(params.error());
  auto client = cli.client();
  const auto got = client.ask<schedule_previewed>(
      preview_schedule{what.name, what.from, what.to, what.runs_max});
  if (!got) return fail(got.error());
  if (got->more)
    return fail(bad_input("there are more than " + std::to_string(what.runs_max) +
                          " planned times from " + what.from + " to " + what.to +
                          "; name a shorter span, or allow more with --max"));
  if (what.dry_run) {
    const auto had = runs_of(client, got->times);
    return had ? print_times(cli, what.name, *got, *had) : fail(had.error());
  }
  // Stopped at any point it may be called again: what has been started is not started twice.
  std::uint32_t started = 0, had_one = 0;
  json all = json::array();
  for (const auto& one : got->times) {
    const auto accepted = client.ask<run_accepted>(
        start_planned{what.name, one.planned_ms, what.parallel, *params, user_name()});
    if (!accepted) {
      std::cerr << "artel: " << started << " runs were started before this\n";
      return fail(accepted.error());
    }
    ++(accepted->existed ? had_one : started);
    all.push_back(
        {{"planned", one.text}, {"run", to_text(accepted->run)}, {"existed", accepted->existed}});
    if (!cli.as_json)
      std::cout << one.text << "  " << to_text(accepted->run)
                << (accepted->existed ? "  (it had one)" : "") << '\n';
  }
  if (cli.as_json)
    std::cout << print(all) << '\n';
  else
    std::cout << started << " runs started, " << had_one << " planned times had one already\n";
  return nodes::exit_ok;
}

}  // namespace artel::cli
