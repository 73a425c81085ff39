#include <catch2/catch.hpp>

#include "actors/core/restart_plan.hpp"

using namespace artel::core;
using artel::backoff_policy;
using kind = action::kind;

namespace {

/// Plays the actor system for a plan: starts succeed, asked children end at once unless told
/// otherwise; writes a diary such as "start a, start b, ask b, wait 100".
class stage {
public:
  explicit stage(supervisor_spec spec) : plan(std::move(spec), 1) { play(plan.start(now)); }

  void play(actions todo) {
    for (std::size_t i = 0; i < todo.size(); ++i) {
      const auto act = todo[i];
      actions more;
      const auto id =
          act.what == kind::wait || act.what == kind::end ? "" : plan.children()[act.child].spec.id;
      switch (act.what) {
        case kind::start:
          note("start " + id);
          more = failing == id ? plan.on_start_failed(act.child, "no", now)
                               : plan.on_started(act.child, now);
          break;
        case kind::ask:
          note("ask " + id);
          last_epoch = act.epoch;
          if (stubborn != id) more = plan.on_exit(act.child, exit_kind::shutdown, "asked", now);
          break;
        case kind::kill:
          note("kill " + id);
          last_epoch = act.epoch;
          if (!immortal) more = plan.on_exit(act.child, exit_kind::abnormal, "killed", now);
          break;
        case kind::wait:
          note("wait " + std::to_string(act.ms));
          last_epoch = act.epoch;
          break;
        case kind::end:
          note("end " + act.reason);
          break;
      }
      todo.insert(todo.end(), more.begin(), more.end());
    }
  }
  void note(const std::string& line) { diary += (diary.empty() ? "" : ", ") + line; }
  std::string told() { return std::exchange(diary, ""); }
  void dies(std::size_t child, exit_kind how = exit_kind::abnormal) {
    play(plan.on_exit(child, how, "died", now));
  }
  void later(std::int64_t ms) { now += ms, play(plan.on_tick(last_epoch, now)); }

  std::int64_t now = 1'000'000;
  restart_plan plan;
  std::string diary, failing, stubborn;
  bool immortal = false;
  std::uint64_t last_epoch = 0;
};

supervisor_spec abc(strategy how, restart_type type = restart_type::permanent) {
  supervisor_spec spec;
  spec.how = how;
  spec.backoff = {100, 1'000, 2.0, 0.0};
  for (const char* id : {"a", "b", "c"}) spec.children.push_back({id, type});
  return spec;
}

}  // namespace

TEST_CASE("children start in order and stop in reverse, one at a time") {
  stage s(abc(strategy::one_for_one));
  CHECK(s.told() == "start a, start b, start c");
  s.play(s.plan.stop("shutdown", s.now));
  CHECK(s.told() == "ask c, ask b, ask a, end shutdown");
  CHECK(s.plan.ended());
}

TEST_CASE("each strategy has its victims") {
  struct row {
    strategy how;
    std::size_t dies;
    const char* stops;
    const char* starts;
  };
  const row table[] = {
      {strategy::one_for_one, 1, "wait 100", "start b"},
      {strategy::one_for_all, 1, "ask c, ask a, wait 100", "start a, start b, start c"},
      {strategy::rest_for_one, 1, "ask c, wait 100", "start b, start c"},
      {strategy::rest_for_one, 0, "ask c, ask b, wait 100", "start a, start b, start c"},
      {strategy::rest_for_one, 2, "wait 100", "start c"},
  };
  for (const auto& row : table) {
    INFO(to_text(row.how) << ", child " << row.dies << " dies");
    stage s(abc(row.how));
    s.told();
    s.dies(row.dies);
    CHECK(s.told() == row.stops);
    s.later(100);
    CHECK(s.told() == row.starts);
  }
}

TEST_CASE("restart type and way of ending decide whether a child comes back") {
  struct row {
    restart_type type;
    exit_kind how;
    bool comes_back;
  };
  const row table[] = {
      {restart_type::permanent, exit_kind::normal, true},
      {restart_type::permanent, exit_kind::shutdown, true},
      {restart_type::permanent, exit_kind::abnormal, true},
      {restart_type::transient, exit_kind::normal, false},
      {restart_type::transient, exit_kind::shutdown, false},
      {restart_type::transient, exit_kind::abnormal, true},
      {restart_type::temporary, exit_kind::normal, false},
      {restart_type::temporary, exit_kind::shutdown, false},
      {restart_type::temporary, exit_kind::abnormal, false},
  };
  for (const auto& row : table) {
    INFO("type " << int(row.type) << " ending " << int(row.how));
    stage s(abc(strategy::one_for_one, row.type));
    s.told();
    s.dies(1, row.how);
    CHECK(s.told() == (row.comes_back ? "wait 100" : ""));
    s.later(100);
    CHECK(s.told() == (row.comes_back ? "start b" : ""));
  }
}

TEST_CASE("a temporary sibling that is stopped as a victim does not come back") {
  auto spec = abc(strategy::one_for_all);
  spec.children[2].restart = restart_type::temporary;
  stage s(spec);
  s.told();
  s.dies(0);
  CHECK(s.told() == "ask c, ask b, wait 100");
  s.later(100);
  CHECK(s.told() == "start a, start b");
}

TEST_CASE("exactly max_restarts survive, one more ends the supervisor with a reason of its own") {
  auto spec = abc(strategy::one_for_one);
  spec.intensity = {2, 10'000};
  stage s(spec);
  s.told();
  for (int i = 0; i < 2; ++i) s.dies(1), s.later(1'000);
  CHECK(s.told() == "wait 100, start b, wait 200, start b");
  s.dies(1);
  CHECK(s.told() == "ask c, ask a, end max_restarts_exceeded");
}

TEST_CASE("restarts that left the sliding window no longer count") {
  auto spec = abc(strategy::one_for_one);
  spec.intensity = {1, 1'000};
  stage s(spec);
  for (int i = 0; i < 20; ++i) {
    s.dies(1);
    s.later(1'001);
  }
  CHECK_FALSE(s.plan.closing());
  s.dies(1);
  s.later(1'000);  // exactly a window later: the restart before still counts
  s.dies(1);
  CHECK(s.plan.ended());
}

TEST_CASE("a group restart counts once") {
  auto spec = abc(strategy::one_for_all);
  spec.intensity = {1, 10'000};
  stage s(spec);
  s.dies(0);
  s.later(100);
  CHECK_FALSE(s.plan.closing());
}

TEST_CASE("a failed first start stops what was started in reverse and ends") {
  auto spec = abc(strategy::one_for_one);
  restart_plan plan(spec, 1);
  std::int64_t now = 1;
  CHECK(plan.start(now).front().child == 0);
  CHECK(plan.on_started(0, now).front().child == 1);
  const auto stops = plan.on_start_failed(1, "no such thing", now);
  REQUIRE(stops.size() == 1);
  CHECK(stops[0].what == kind::ask);
  CHECK(stops[0].child == 0);
  const auto end = plan.on_exit(0, exit_kind::shutdown, "", now);
  REQUIRE(end.size() == 1);
  CHECK(end[0].reason == "start_failed: child 'b': no such thing");
}

TEST_CASE("a start-failure loop backs off, counts, and still serves a shutdown") {
  auto spec = abc(strategy::one_for_one);
  spec.intensity = {3, 100'000};
  stage s(spec);
  s.told();
  s.failing = "b";
  s.dies(1);
  s.later(100);
  s.later(200);
  CHECK(s.told() == "wait 100, start b, wait 200, start b, wait 400");
  s.play(s.plan.stop("shutdown", s.now));
  CHECK(s.told() == "ask c, ask a, end shutdown");
  stage over(spec);
  over.failing = "b";
  over.dies(1);
  for (int i = 0; i < 4; ++i) over.later(1'000);
  CHECK(over.plan.ended());
}

TEST_CASE("a child that ignores its shutdown is killed, and one that survives that is abandoned") {
  stage s(abc(strategy::one_for_one));
  s.told();
  s.stubborn = "c";
  s.play(s.plan.stop("shutdown", s.now));
  CHECK(s.told() == "ask c");
  s.play(s.plan.on_stop_timeout(2, s.last_epoch - 1, s.now));
  CHECK(s.told().empty());  // a stale timeout
  s.immortal = true;
  s.play(s.plan.on_stop_timeout(2, s.last_epoch, s.now));
  CHECK(s.told() == "kill c");
  s.play(s.plan.on_stop_timeout(2, s.last_epoch, s.now));
  CHECK(s.told() == "ask b, ask a, end shutdown");
}

TEST_CASE("brutal kill skips the asking") {
  auto spec = abc(strategy::one_for_one);
  for (auto& child : spec.children) child.shutdown_ms = shutdown_brutal_kill;
  stage s(spec);
  s.told();
  s.play(s.plan.stop("shutdown", s.now));
  CHECK(s.told() == "kill c, kill b, kill a, end shutdown");
}

TEST_CASE(
    "a second child that dies during the wait widens the group and everything comes back once") {
  stage s(abc(strategy::rest_for_one));
  s.told();
  s.dies(2);
  CHECK(s.told() == "wait 100");
  s.now += 50;
  s.dies(0);
  CHECK(s.told() == "ask b, wait 100");
  s.later(100);
  CHECK(s.told() == "start a, start b, start c");
}

TEST_CASE("under one_for_one each child waits for its own time") {
  stage s(abc(strategy::one_for_one));
  s.told();
  s.dies(0), s.later(100), s.dies(0);
  CHECK(s.told() == "wait 100, start a, wait 200");
  s.dies(1);
  CHECK(s.told() == "wait 100");
  s.later(100);
  CHECK(s.told() == "start b, wait 100");
  s.later(100);
  CHECK(s.told() == "start a");
}

TEST_CASE("backoff grows to its cap and starts again after a quiet period") {
  auto spec = abc(strategy::one_for_one);
  spec.intensity = {100, 5'000};
  stage s(spec);
  s.told();
  for (int i = 0; i < 6; ++i) s.dies(0), s.later(1'000);
  CHECK(s.told() ==
        "wait 100, start a, wait 200, start a, wait 400, start a, wait 800, start a, wait 1000, "
        "start a, wait 1000, start a");
  s.now += 5'001;
  s.dies(0);
  CHECK(s.told() == "wait 100");
}

TEST_CASE("jitter comes from the seed and stays within its bounds") {
  const backoff_policy policy{1'000, 60'000, 2.0, 0.2};
  random_source one(42), two(42), other(43);
  bool differs = false;
  for (std::uint32_t n = 0; n < 8; ++n) {
    const auto wait = backoff_ms(policy, n, one);
    CHECK(wait == backoff_ms(policy, n, two));
    differs = differs || wait != backoff_ms(policy, n, other);
    const double plain = std::fmin(60'000, 1'000 * std::pow(2, n));
    CHECK(wait >= plain * 0.8 - 1);
    CHECK(wait <= plain * 1.2 + 1);
  }
  CHECK(differs);
  CHECK(backoff_ms(policy, 100'000, one) <= 72'000);
}

TEST_CASE(
    "a significant child that ends by itself shuts its supervisor down: any, or the last of all") {
  auto spec = abc(strategy::one_for_one, restart_type::transient);
  spec.children[0].significant = spec.children[1].significant = true;
  spec.shuts_down = auto_shutdown::any_significant;
  stage any(spec);
  any.told();
  any.dies(2, exit_kind::normal);
  CHECK(any.told().empty());  // not significant
  any.dies(0, exit_kind::normal);
  CHECK(any.told() == "ask b, end shutdown");
  spec.shuts_down = auto_shutdown::all_significant;
  stage all(spec);
  all.told();
  all.dies(0, exit_kind::normal);
  CHECK(all.told().empty());
  all.dies(1, exit_kind::normal);
  CHECK(all.told() == "ask c, end shutdown");
}

TEST_CASE("a significant child that is restarted does not shut anything down") {
  auto spec = abc(strategy::one_for_one, restart_type::transient);
  spec.children[0].significant = true;
  spec.shuts_down = auto_shutdown::any_significant;
  stage s(spec);
  s.told();
  s.dies(0, exit_kind::abnormal);
  CHECK(s.told() == "wait 100");
}

TEST_CASE("a simple_one_for_one takes children later and forgets those that end for good") {
  supervisor_spec spec;
  spec.how = strategy::simple_one_for_one;
  stage s(spec);
  for (const char* id : {"x", "y"}) s.play(s.plan.add({id, restart_type::transient}, s.now));
  CHECK(s.told() == "start x, start y");
  s.dies(0, exit_kind::normal);
  s.play(s.plan.add({"z", restart_type::transient}, s.now));
  CHECK(s.told() == "start z");
  CHECK(s.plan.children().size() == 2);  // x's place was taken again
  s.play(s.plan.stop("shutdown", s.now));
  CHECK(s.told() == "ask y, ask z, end shutdown");
}

TEST_CASE("a faulty specification is refused with the child's name") {
  auto twice = abc(strategy::one_for_one);
  twice.children[1].id = "a";
  CHECK(validate(twice).error().text.find("two children are called 'a'") != std::string::npos);
  auto odd = abc(strategy::one_for_one);
  odd.children[0].significant = true;
  CHECK_FALSE(validate(odd));
  CHECK_FALSE(validate(abc(strategy::simple_one_for_one)));
  CHECK(validate(abc(strategy::rest_for_one)));
}
