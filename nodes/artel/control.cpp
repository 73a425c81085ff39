// The verbs that change what runs.
#include <algorithm>
#include <charconv>
#include <thread>

#include "actors/coordination/compile.hpp"
#include "config/pipeline_file.hpp"
#include "config/quantities.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

int print_done(const context& cli, const outcome<done_so>& got) {
  if (!got) return fail(got.error());
  if (cli.as_json)
    std::cout << print(to_json(*got)) << '\n';
  else
    std::cout << got->text << std::endl;  // seen before a wait that may follow
  return nodes::exit_ok;
}

/// A node that is not heard from has not become idle: its attempts have been given to others, but
/// what they had started may still run on its host until it notices that it is cut off.
int wait_until_idle(transport::admin_client& client, const std::string& node) {
  std::uint32_t told = 0;
  while (true) {
    const auto listed = client.ask<nodes_listed>(list_nodes{true});
    if (!listed) return fail(listed.error());
    const auto& all = listed->nodes;
    const auto one =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == node; });
    if (one == all.end() || one->state == "left") return nodes::exit_ok;
    if (one->state == "lost")
      return fail({trouble_code::unavailable,
                   "node '" + node +
                       "' is lost: what ran there has been given to other nodes, but "
                       "whether its processes have ended is known on its host only"});
    if (one->state == "alive" && one->running == 0) return nodes::exit_ok;
    if (one->running != told) std::cerr << one->running << " attempts are still running there\n";
    told = one->running;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace

int cancel(const context& cli, const std::string& run, const std::string& reason) {
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(cancel_run{run, reason, user_name()}));
}

int drain(const context& cli, const std::string& node, bool undo, const std::string& reason,
          bool wait) {
  auto client = cli.client();
  const auto code =
      print_done(cli, client.ask<done_so>(drain_node{node, undo, reason, user_name()}));
  return code == nodes::exit_ok && wait && !undo ? wait_until_idle(client, node) : code;
}

int pause(const context& cli, const pause_options& what, bool undo) {
  const int named = int(!what.run.empty()) + int(!what.pipeline.empty()) + int(!what.node.empty()) +
                    int(!what.schedule.empty());
  const std::string verb = undo ? "resume" : "pause";
  if (named != 1)
    return fail(bad_input(
        verb + ": expected a run, --pipeline NAME, --schedule NAME or --node NAME, found " +
        (named == 0 ? "none" : "several") + " of them"));
  if (!what.node.empty()) return drain(cli, what.node, undo, what.reason, false);
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(pause_work{what.run, what.pipeline, what.schedule,
                                                        undo, what.reason, user_name()}));
}

int set_a_pool(const context& cli, const std::string& name, std::optional<std::uint32_t> limit,
               const std::string& reason) {
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(set_pool{name, limit, reason, user_name()}));
}

int list_of_pools(const context& cli) {
  auto client = cli.client();
  const auto got = client.ask<pools_listed>(list_pools{});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{{"POOL", "LIMIT", "TAKEN"}};
  for (const auto& one : got->pools)
    rows.push_back({one.name, std::to_string(one.limit), std::to_string(one.used)});
  std::cout << (got->pools.empty() ? "no pools; artel pool set NAME LIMIT makes one\n"
                                   : table(rows));
  return nodes::exit_ok;
}

int limit_rate(const context& cli, const limit_step& which, const std::string& rate) {
  // As in "10/m"; what is counted, and the hours that the unit is part of.
  std::uint64_t count = 0;
  const auto* const end = rate.data() + rate.size();
  const auto [rest, problem] = std::from_chars(rate.data(), end, count);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const std::uint64_t units = unit == "/s" ? 3'600 : unit == "/m" ? 60 : unit == "/h" ? 1 : 0;
  const bool good =
      problem == std::errc() && units != 0 && count != 0 && count <= starts_per_hour_max / units;
  if (rate != "none" && problem == std::errc() && units != 0 && count > starts_per_hour_max / units)
    return fail(bad_input("rate '" + rate + "': at most 10000/s"));
  if (rate != "none" && !good)
    return fail(
        bad_input("rate '" + rate + "': expected a whole number as in 2/s, 10/m or 6/h; or none"));
  auto wish = which;
  wish.per_hour = good ? count * units : 0;
  wish.by = user_name();
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(wish));
}

int limit_time(const context& cli, const limit_step& which, const std::string& length) {
  const auto ms = config::duration_ms(length);
  if (length != "none" && ms.value_or(0) == 0)
    return fail(bad_input("time '" + length + "': expected a duration such as 2h, or none"));
  auto wish = which;
  wish.timeout_ms = ms.value_or(0);
  wish.by = user_name();
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(wish));
}

int list_of_limits(const context& cli, const std::string& pipeline) {
  auto client = cli.client();
  const auto got = client.ask<limits_listed>(list_limits{pipeline});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  if (got->limits.empty())
    return std::cout << "no limits; artel rate-limit and artel time-limit set some\n",
           nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{{"PIPELINE", "STEP", "STARTS", "TIME", "WHY"}};
  for (const auto& one : got->limits) {
    const auto& also = one.timeout_reason == one.rate_reason ? std::string() : one.timeout_reason;
    rows.push_back(
        {one.pipeline, one.step, one.per_hour == 0 ? "-" : rate_text(one.per_hour),
         one.timeout_ms == 0 ? "-" : span(static_cast<std::int64_t>(one.timeout_ms)),
         one.rate_reason + (one.rate_reason.empty() || also.empty() ? "" : "; ") + also});
  }
  std::cout << table(rows);
  return nodes::exit_ok;
}

int mark(const context& cli, const std::string& run, const std::string& step, const std::string& as,
         const std::string& reason) {
  const auto state = as == "succeeded" ? step_state::succeeded
                     : as == "failed"  ? step_state::failed
                                       : step_state::skipped;
  auto client = cli.client();
  return print_done(cli, client.ask<done_so>(mark_step{run, step, state, reason, user_name()}));
}

int retry(const context& cli, const retry_options& what) {
  if (what.from.empty() && what.only_failed)
    return fail(
        bad_input("--only-failed goes with --from STEP; without it only what has not "
                  "succeeded runs again anyway"));
  const auto id = new_run_id(what.id);
  if (!id) return fail(id.error());
  retry_run request;
  request.run = *id;
  request.of = what.run;
  request.from = what.from;
  request.only_failed = what.only_failed;
  request.with_downstream = what.with_downstream;
  request.succeeded = what.succeeded;
  request.reason = what.reason;
  request.by = user_name();
  if (!what.file.empty()) {
    auto text = config::read_text_file(what.file);
    if (!text) return fail(text.error());
    if (const auto plan = coordination::compile(*text, what.file); !plan) return fail(plan.error());
    request.pipeline = *std::move(text);
    request.file = what.file;
  }
  auto client = cli.client();
  return print_accepted(cli, client.ask<run_accepted>(request));
}

}  // namespace artel::cli
