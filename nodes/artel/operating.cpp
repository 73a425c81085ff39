#include "nodes/artel/operating.hpp"

#include <algorithm>
#include <thread>

#include "config/quantities.hpp"
#include "messages/utc_text.hpp"

namespace artel::cli {
namespace {

constexpr std::uint32_t wait_ms = 5'000;

/// "2h" ago, or a moment in local time or with an offset; 0 for "".
outcome<std::int64_t> moment_of(const std::string& option, const std::string& text) {
  if (text.empty()) return std::int64_t{0};
  if (const auto ms = config::duration_ms(text)) return now_ms() - static_cast<std::int64_t>(*ms);
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%d", &parts);
  if (rest != nullptr && (*rest == 'T' || *rest == ' ')) {
    const char* after = ::strptime(rest + 1, "%H:%M:%S", &parts);
    rest = after != nullptr ? after : ::strptime(rest + 1, "%H:%M", &parts);
  }
  if (rest == nullptr || (*rest != 0 && std::string(rest) != "Z"))
    return bad_input(option + " '" + text +
                     "': expected how long ago, as 2h, or a moment, as 2026-11-27T10:00 (local "
                     "time) or 2026-11-27T10:00Z");
  parts.tm_isdst = -1;
  return std::int64_t{1'000} * (*rest == 'Z' ? ::timegm(&parts) : ::mktime(&parts));
}

std::string coloured(const context& cli, log_level level) {
  const std::string word(to_text(level));
  if (!cli.colour || level < log_level::warn) return word;
  return (level == log_level::warn ? "\x1b[33m" : "\x1b[31m") + word + "\x1b[0m";
}

std::string plain(const std::string& text) {
  if (!text.empty() && text.find_first_of(" \"=\\\n\r\t\x1b") == text.npos) return text;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

void print_line(const context& cli, const numbered_line& one) {
  if (cli.as_json) {
    std::cout << to_json(one).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    return;
  }
  std::cout << clock_time(one.line.at_ms) << "  " << coloured(cli, one.line.level) << ' '
            << one.line.node << ' ' << one.line.event;
  for (const auto& [name, value] : one.line.values) std::cout << ' ' << name << '=' << plain(value);
  std::cout << '\n';
}

/// The id of a run that is named by a beginning of it, or "last".
outcome<std::string> run_id_of(transport::admin_client& client, const std::string& run) {
  if (run.empty()) return run;
  const auto got = client.ask<run_shown>(show_run{run});
  if (!got) return got.error();
  return to_text(got->summary.run);
}

/// Who follows goes on when the supervisor node is away for a while, and says so once.
template <class Answer, class Question>
outcome<Answer> ask_patiently(transport::admin_client& client, const Question& what, bool follow) {
  for (bool told = false;; told = true) {
    auto got = client.ask<Answer>(what);
    if (got || !follow || got.error().code != trouble_code::unavailable) return got;
    if (!told) std::cerr << "the supervisor node does not answer; waiting for it\n";
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

}  // namespace

int lines(const context& cli, const lines_options& what) {
  auto client = cli.client();
  const auto run = run_id_of(client, what.run);
  const auto from = moment_of("--since", what.since), to = moment_of("--until", what.until);
  for (const auto* wrong : {&from, &to})
    if (!*wrong) return fail(wrong->error());
  if (!run) return fail(run.error());
  if (*from != 0 && *to != 0 && *from >= *to)
    return fail(bad_input("--until is not after --since"));
  read_lines ask;
  ask.newest = true;
  ask.limit = std::min(what.count, entries_read_max);
  ask.run = *run;
  ask.step = what.step;
  ask.node = what.node;
  ask.event = what.event;
  ask.level = what.level;
  ask.text = what.text;
  ask.from_ms = *from;
  ask.to_ms = *to;
  for (;;) {
    const auto got = ask_patiently<lines_read>(client, ask, what.follow && ask.after != 0);
    if (!got) return fail(got.error());
    for (const auto& one : got->lines) print_line(cli, one);
    std::cout << std::flush;
    if (!what.follow) return nodes::exit_ok;
    ask.newest = false;
    ask.after = got->next_after;
    ask.limit = entries_read_max;
    ask.wait_ms = wait_ms;
  }
}

int events(const context& cli, const events_options& what) {
  auto client = cli.client();
  const auto run = run_id_of(client, what.run);
  if (!run) return fail(run.error());
  read_events ask;
  ask.run = *run;
  ask.pipeline = what.pipeline;
  ask.limit = entries_read_max;
  ask.newest = !what.after && run->empty();
  if (ask.newest && !what.follow)
    return fail(
        bad_input("events: expected a run, --after NUMBER (0: from the first that is kept) "
                  "or --follow"));
  ask.after = what.after.value_or(0);
  for (;;) {
    const auto got = ask_patiently<events_read>(client, ask, what.follow && ask.after != 0);
    if (!got) return fail(got.error());
    for (const auto& one : got->events)
      if (cli.as_json)
        std::cout << to_json(one).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
      else
        std::cout << one.number << "  " << clock_time(one.at_ms) << "  " << one.kind << ' '
                  << one.pipeline << ' ' << one.run << ' ' << one.step
                  << (one.attempt != 0 ? " attempt " + std::to_string(one.attempt) : "")
                  << (one.text.empty() ? "" : " " + plain(one.text.substr(0, 300))) << '\n';
    std::cout << std::flush;
    const bool all = got->next_after == ask.after || (got->events.empty() && ask.pipeline.empty());
    if (!what.follow && all) return nodes::exit_ok;
    ask.newest = false;
    ask.after = got->next_after;
    ask.wait_ms = what.follow ? wait_ms : 0;
  }
}

int active(const context& cli, const std::string& node, const std::string& pipeline) {
  auto client = cli.client();
  const auto got = client.ask<attempts_listed>(list_attempts{node, pipeline, 1'000});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(*got)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows{
      {"NODE", "PIPELINE", "RUN", "STEP", "ATTEMPT", "STATE", "FOR", "PROGRESS"}};
  for (const auto& one : got->attempts)
    rows.push_back({one.node, one.pipeline, one.run, one.step, std::to_string(one.attempt),
                    shown(one.state, cli.colour), span(now_ms() - one.started_ms),
                    one.total == 0 ? one.progress
                                   : std::to_string(one.done) + "/" + std::to_string(one.total) +
                                         " " + one.progress});
  std::cout << (got->attempts.empty() ? "nothing runs now\n" : table(rows));
  if (got->in_all > got->attempts.size())
    std::cout << "… and " << got->in_all - got->attempts.size() << " more\n";
  return nodes::exit_ok;
}

int stats(const context& cli, const std::string& name) {
  auto client = cli.client();
  const auto got = client.ask<metrics_read>(read_metrics{name});
  if (!got) return fail(got.error());
  if (cli.as_json) return std::cout << print(to_json(got->values)) << '\n', nodes::exit_ok;
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : got->values) {
    std::string labels;
    for (const auto& [label, value] : one.labels)
      labels += (labels.empty() ? "" : ",") + label + "=" + value;
    char number[40];
    std::snprintf(number, sizeof number, "%.10g", one.value);
    rows.push_back({one.name, labels, number});
  }
  if (rows.empty())
    return fail({trouble_code::not_found, "no metric has a name that begins with '" + name +
                                              "'; docs/METRICS.md lists them"});
  std::cout << table(rows);
  return nodes::exit_ok;
}

int registered(const context& cli, const std::string& node) {
  auto client = cli.client();
  const auto got = client.ask<nodes_listed>(list_nodes{false});
  if (!got) return fail(got.error());
  json all = json::object();
  for (const auto& one : got->nodes)
    if (node.empty() || one.name == node) all[one.name] = one.offers;
  if (all.empty() && !node.empty())
    return fail({trouble_code::not_found,
                 "no node named '" + node + "' is in the cluster; artel nodes lists them"});
  if (cli.as_json) return std::cout << print(all) << '\n', nodes::exit_ok;
  for (const auto& [name, offers] : all.items()) {
    std::cout << name << '\n';
    for (const auto& each : offers) std::cout << "  " << each.get<std::string>() << '\n';
  }
  return nodes::exit_ok;
}

int ping_cluster(const context& cli) {
  auto client = cli.client();
  const auto began = std::chrono::steady_clock::now();
  const auto got = client.ask<pong>(ping{"ping"});
  if (!got) return fail(got.error());
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
                      std::chrono::steady_clock::now() - began)
                      .count();
  const auto listed = client.ask<nodes_listed>(list_nodes{false});
  if (!listed) return fail(listed.error());
  if (cli.as_json) {
    json made{{"supervisor", to_json(*got)}, {"microseconds", us}, {"nodes", json::array()}};
    for (const auto& one : listed->nodes)
      made["nodes"].push_back(
          {{"name", one.name}, {"state", one.state}, {"heard_ms_ago", one.heard_ms_ago}});
    return std::cout << print(made) << '\n', nodes::exit_ok;
  }
  std::cout << "supervisor node: version " << got->version << ", pid " << got->pid
            << ", answered in " << us << " µs\n";
  for (const auto& one : listed->nodes)
    std::cout << one.name << ": " << one.state << ", heard " << span(one.heard_ms_ago) << " ago\n";
  return nodes::exit_ok;
}

int change(const context& cli, const change_node& what) {
  auto client = cli.client();
  std::vector<std::string> names{what.node};
  if (what.node == "all") {
    const auto listed = client.ask<nodes_listed>(list_nodes{false});
    if (!listed) return fail(listed.error());
    names.clear();
    for (const auto& one : listed->nodes)
      if (one.state == "alive") names.push_back(one.name);
  }
  int code = nodes::exit_ok;
  for (const auto& name : names) {
    auto one = what;
    one.node = name;
    one.by = user_name();
    const auto got = client.ask<done_so>(one);
    if (got)
      std::cout << got->text << '\n';
    else
      code = fail(got.error());
  }
  if (names.empty()) std::cout << "no worker node is in the cluster\n";
  return code;
}

}  // namespace artel::cli
