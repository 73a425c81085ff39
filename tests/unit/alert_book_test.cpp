#include <catch2/catch.hpp>

#include "actors/core/alert_book.hpp"
#include "config/monitor_file.hpp"

namespace artel::core {
namespace {

constexpr std::int64_t minute = 60'000;

log_line line(const std::string& event, label_map values) {
  return {0, log_level::warn, "supervisor", event, "coordination", std::move(values)};
}

alert_book book_of(const std::string& rule, std::int64_t now = 0) {
  const auto rules = config::read_monitor_rules("rules:\n  r:\n" + rule, "r.yaml");
  INFO((rules ? "" : rules.error().text));
  REQUIRE(rules);
  alert_book made;
  made.set_rules(rules->rules, now);
  return made;
}

std::vector<alert_state> states(const std::vector<alert_change>& changes) {
  std::vector<alert_state> all;
  for (const auto& each : changes) all.push_back(each.to);
  return all;
}
const std::vector<alert_state> fires{alert_state::firing}, ends{alert_state::resolved}, nothing{};

TEST_CASE(
    "a count fires once when there are more lines in its window and is over when they have left "
    "it") {
  auto book = book_of(
      "    match: {event: step_failed}\n    count: {more_than: 2, within: 5m}\n    by: pipeline\n"
      "    summary: '{value} of {pipeline}, last {step}'\n");
  for (int i = 0; i < 2; ++i)
    book.on_line(line("step_failed", {{"pipeline", "p"}, {"step", "a"}}), i);
  CHECK(states(book.look(10)) == nothing);
  book.on_line(line("step_failed", {{"pipeline", "other"}, {"step", "x"}}), 20);
  CHECK(states(book.look(20)) == nothing);
  book.on_line(line("step_failed", {{"pipeline", "p"}, {"step", "b"}}), 30);
  const auto began = book.look(40);
  REQUIRE(states(began) == fires);
  CHECK(began[0].labels == label_map{{"pipeline", "p"}});
  CHECK(began[0].summary == "3 of p, last b");
  CHECK(states(book.look(4 * minute)) == nothing);
  CHECK(states(book.look(5 * minute + 1)) == ends);
  CHECK(book.show(6 * minute, true).size() == 1);
  CHECK(book.show(6 * minute, false).empty());
}

TEST_CASE("a rule that has to hold for a while is pending first and forgotten when it does not") {
  auto book = book_of(
      "    match: {event: node_lost}\n    until: {event: node_joined}\n    by: node\n"
      "    count: {more_than: 0, within: 24h}\n    for: 10s\n");
  book.on_line(line("node_lost", {{"node", "n"}}), 0);
  CHECK(states(book.look(1)) == std::vector{alert_state::pending});
  book.on_line(line("node_joined", {{"node", "n"}}), 5'000);
  const auto gone = book.look(5'000);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].gone);
  book.on_line(line("node_lost", {{"node", "n"}}), 6'000);
  CHECK(states(book.look(6'000)) == std::vector{alert_state::pending});
  CHECK(states(book.look(15'000)) == nothing);
  CHECK(states(book.look(16'000)) == fires);
  book.on_line(line("node_joined", {{"node", "other"}}), 17'000);
  CHECK(states(book.look(17'000)) == nothing);
  book.on_line(line("node_joined", {{"node", "n"}}), 18'000);
  CHECK(states(book.look(18'000)) == ends);
}

TEST_CASE("a ratio weighs lines by a field and says nothing of too few") {
  auto book = book_of(
      "    ratio: {of: {event: run_ended, sum: failed_steps}, to: {event: run_ended, sum: steps}, "
      "above: 5%, within: 1h, at_least: 20}\n");
  book.on_line(line("run_ended", {{"steps", "10"}, {"failed_steps", "5"}}), 0);
  CHECK(states(book.look(1)) == nothing);
  book.on_line(line("run_ended", {{"steps", "90"}, {"failed_steps", "0"}}), 2);
  CHECK(states(book.look(2)) == nothing);
  book.on_line(line("run_ended", {{"steps", "1"}, {"failed_steps", "1"}}), 3);
  const auto began = book.look(3);
  REQUIRE(states(began) == fires);
  CHECK(began[0].value == "5.941 %");
  CHECK(states(book.look(60 * minute + 4)) == ends);
}

TEST_CASE("an absence counts from when the rule began to look and from each line") {
  auto book = book_of(
      "    match: {event: run_ended, pipeline: nightly}\n    absence: {longer_than: 26h}\n", 0);
  const auto hour = 60 * minute;
  CHECK(states(book.look(26 * hour)) == nothing);
  CHECK(states(book.look(26 * hour + 1)) == fires);
  book.on_line(line("run_ended", {{"pipeline", "other"}}), 27 * hour);
  CHECK(states(book.look(27 * hour)) == nothing);
  book.on_line(line("run_ended", {{"pipeline", "nightly"}}), 28 * hour);
  CHECK(states(book.look(28 * hour)) == ends);
}

TEST_CASE("a rate that is too low is said only of a whole window") {
  auto book = book_of("    match: {event: run_ended}\n    rate: {below: 2/m, within: 5m}\n", 0);
  CHECK(states(book.look(4 * minute)) == nothing);
  CHECK(states(book.look(5 * minute)) == fires);
  for (int i = 0; i < 10; ++i) book.on_line(line("run_ended", {}), 5 * minute + i);
  CHECK(states(book.look(5 * minute + 20)) == ends);
}

TEST_CASE("a duration is held against the earlier ones of the same pipeline") {
  auto book = book_of(
      "    match: {event: run_ended, state: succeeded}\n    by: pipeline\n"
      "    duration: {field: ms, times: 3, of_last: 20, at_least: 5}\n");
  const auto took = [&](const char* pipeline, int ms, std::int64_t at) {
    book.on_line(line("run_ended",
                      {{"pipeline", pipeline}, {"state", "succeeded"}, {"ms", std::to_string(ms)}}),
                 at);
    return states(book.look(at));
  };
  for (int i = 0; i < 4; ++i) CHECK(took("p", 100, i) == nothing);
  CHECK(took("p", 9'000, 4) == nothing);  // too few to judge by
  CHECK(took("q", 9'000, 5) == nothing);
  auto fresh = book_of(
      "    match: {event: run_ended}\n    by: pipeline\n    duration: {field: ms, times: 3}\n");
  for (int i = 0; i < 6; ++i)
    fresh.on_line(line("run_ended", {{"pipeline", "p"}, {"ms", "100"}}), i);
  CHECK(states(fresh.look(6)) == nothing);
  fresh.on_line(line("run_ended", {{"pipeline", "p"}, {"ms", "301"}}), 7);
  CHECK(states(fresh.look(7)) == fires);
  fresh.on_line(line("run_ended", {{"pipeline", "p"}, {"ms", "110"}}), 8);
  CHECK(states(fresh.look(8)) == ends);
}

TEST_CASE("an alert that fired before a restart goes on without beginning again") {
  const std::string rule =
      "    match: {event: step_failed}\n    count: {more_than: 0, within: 5m}\n    by: pipeline\n";
  auto book = book_of(rule);
  book.on_line(line("step_failed", {{"pipeline", "p"}}), 0);
  book.restore("r", {{"pipeline", "p"}}, 0);
  CHECK(states(book.look(1'000)) == nothing);
  CHECK(book.show(1'000, false).size() == 1);
  CHECK(states(book.look(5 * minute + 1)) == ends);
  auto quiet = book_of(rule);
  quiet.restore("r", {{"pipeline", "p"}}, 0);
  CHECK(states(quiet.look(1'000)) == ends);
}

TEST_CASE("alerts feed no rule and an alert has a bounded number of values") {
  auto book =
      book_of("    match: {level: info}\n    count: {more_than: 0, within: 5m}\n    by: run\n");
  book.on_line(line("alert_firing", {{"run", "x"}}), 0);
  CHECK(states(book.look(0)) == nothing);
  for (int i = 0; i < 3'000; ++i) book.on_line(line("run_ended", {{"run", std::to_string(i)}}), 1);
  CHECK(book.look(1).size() == alerts_of_rule_max);
}

TEST_CASE("a mistake in a file of rules is told with its place and what was meant") {
  const config::event_fields known{{"run_ended", "run pipeline state ms"},
                                   {"node_lost", "node reason"}};
  const auto said = [&](const std::string& text) {
    const auto read = config::read_monitor_rules(text, "m.yaml", known);
    return read ? std::string("good") : read.error().text;
  };
  CHECK(said("rules:\n  r: {match: {event: run_endet}, count: {more_than: 1, within: 5m}}\n") ==
        "m.yaml:2:22: there is no event 'run_endet'; did you mean 'run_ended'?; docs/LOGS.md lists "
        "them");
  CHECK(said("rules:\n  r: {match: {event: run_ended, stat: failed}, count: {more_than: 1, within: "
             "5m}}\n")
            .find("has no field 'stat', but run pipeline state ms") != std::string::npos);
  CHECK(said("rules:\n  r: {match: {event: run_ended}}\n").find("expected one of count, rate") !=
        std::string::npos);
  CHECK(said("rules:\n  r: {match: {event: run_ended}, count: {more_than: 1}}\n")
            .find("{more_than: 5, within: 5m}") != std::string::npos);
  CHECK(said("rules:\n  r: {match: {event: run_ended}, count: {more_than: 1, within: 5m}, notify: "
             "[op]}\n"
             "receivers:\n  ops: {webhook: 'http://x/'}\n")
            .find("did you mean 'ops'") != std::string::npos);
  CHECK(said("receivers:\n  ops: {webhook: 'ftp://x/'}\n").find("http://") != std::string::npos);
  CHECK(said("receivers:\n  ops: {command: [page]}\n").find("absolute path") != std::string::npos);
  CHECK(said("rules: {}\n") == "good");
}

}  // namespace
}  // namespace artel::core
