// edt.parse: sources → one part of the snapshot. With skip_parse it only verifies what was
// published before.
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>

#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/parse_sources.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/steps/totals.hpp"

namespace artel::analysis {
namespace {

outcome<std::uint32_t> number_of(const step_input& input, const char* key, std::uint32_t fallback) {
  const auto text = value_of(input, key);
  if (text.empty()) return fallback;
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    return bad_input(std::string(key) + " is '" + text + "'; expected a whole number");
  return value;
}

outcome<shard> shard_of(const step_input& input) {
  const auto number = number_of(input, "shard", 0);
  if (!number) return number.error();
  const auto count = number_of(input, "shards", 1);
  if (!count) return count.error();
  if (*count < 1 || *count > shards_max || *number >= *count)
    return bad_input("shard " + std::to_string(*number) + " of " + std::to_string(*count) +
                     " shards; shards is 1 to " + std::to_string(shards_max) +
                     ", and shard counts from 0 and is less");
  return shard{*number, *count};
}

step_result answer(const snapshot& from, const shard& which, const parse_work& work, bool skipped) {
  const model_index index(from);
  const auto& all = index.contents();
  const auto totals = totals_of(index);
  return headline({{"configuration", all.configuration.name},
                   {"layout", all.configuration.layout},
                   {"shard", std::uint64_t{which.number}},
                   {"shards", std::uint64_t{which.count}},
                   {"objects", totals.objects},
                   {"files", std::uint64_t{all.modules.size()}},
                   {"functions", totals.functions},
                   {"procedures", totals.procedures},
                   {"lines", std::uint64_t{totals.counts.lines}},
                   {"bytes", totals.bytes},
                   {"syntax_errors", totals.syntax_errors},
                   {"errors", std::uint64_t{all.problems.size()}},
                   {"protected_modules", totals.protected_modules},
                   {"parsed_modules", work.modules - work.modules_reused},
                   {"reused_modules", work.modules_reused},
                   {"read_objects", work.objects - work.objects_reused},
                   {"reused_objects", work.objects_reused},
                   {"reused", skipped}});
}

void log_problems(const model& all, step_monitor& monitor) {
  constexpr std::size_t logged_max = 50;  // the rest is in full_parse_with_metadata.json
  for (std::size_t i = 0; i < std::min(all.problems.size(), logged_max); ++i)
    monitor.log("not read: " + all.problems[i].path + ": " + all.problems[i].message);
}

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// How long the shard took: told apart from the results, which are the same after every run.
outcome<done> write_times(const step_input& input, const shard& which, const parse_work& work,
                          double seconds, double cpu) {
  file_sink sink(input.staging / snapshot_folder / "parts" /
                 (std::to_string(which.number) + ".times.json"));
  json_writer out(sink);
  out.object();
  out.field("seconds", seconds);
  out.field("cpu_seconds", cpu);
  out.field("bytes", work.bytes);
  out.field("modules", work.modules);
  out.field("modules_reused", work.modules_reused);
  out.field("objects", work.objects);
  out.field("objects_reused", work.objects_reused);
  out.end();
  out.line();
  return sink.close();
}

outcome<parse_work> parse_into(const parse_order& order, const std::filesystem::path& staging,
                               step_monitor& monitor) {
  std::optional<part_writer> part;
  auto parsed = parse_sources(order, monitor, [&](std::uint64_t tree) -> model_sink& {
    return part.emplace(staging, order.which, tree);
  });
  if (!parsed) return parsed;
  if (auto closed = part->close(); !closed) return closed.error();
  return parsed;
}

}  // namespace

outcome<step_result> parse_step(const step_input& input, step_monitor& monitor) {
  const auto skip = flag_of(input, "skip_parse");
  if (!skip) return skip.error();
  const auto fresh = flag_of(input, "fresh");
  if (!fresh) return fresh.error();
  const auto which = shard_of(input);
  if (!which) return which.error();
  const auto cancelled = [&] { return monitor.cancelled(); };
  if (*skip) {
    auto published = open_published(input, monitor);
    if (!published) return published.error();
    return answer(*published, *which, {}, true);
  }
  const auto path = value_of(input, "config_path");
  if (path.empty())
    return bad_input(
        "config_path is missing; give the folder of a 1C configuration (Designer or EDT)");
  const auto place = find_configuration(path);
  if (!place) return place.error();
  const auto start = std::chrono::steady_clock::now();
  const auto cpu = cpu_seconds();
  // Best effort: when there is no earlier part, or it can not be used, all is parsed.
  auto before = *fresh || input.output.empty()
                    ? outcome<snapshot>(bad_input("not wanted"))
                    : snapshot::open_part(input.output, *which, cancelled);
  // Each instance has a slot of its own; alone, the step may use the whole host.
  const parse_order order{*place, path, *which, which->count > 1 ? 1 : analysis_threads(),
                          before ? &*before : nullptr};
  const auto work = parse_into(order, input.staging, monitor);
  if (!work) return work.error();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (auto put = write_times(input, *which, *work, seconds.count(), cpu_seconds() - cpu); !put)
    return put.error();
  const auto written = snapshot::open_part(input.staging, *which, cancelled);
  if (!written) return written.error();
  log_problems(written->contents(), monitor);
  return answer(*written, *which, *work, false);
}

}  // namespace artel::analysis
