// Groups that are restarted as a whole: who starts anew, when, and what is seen of it outside.
#include "actors/core/history_check.hpp"
#include "actors/core/retry.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

/// a → b → c are members, d needs them; e and f have nothing to do with them.
std::string grouped(const std::string& strategy, const std::string& more = "",
                    const std::string& of_b = "retries: 5") {
  return "pipeline: p\ngroups:\n  g: {strategy: " + strategy +
         ", backoff: {min: 100ms, max: 100ms, jitter: 0}" + more + R"(}
steps:
  a: {use: core.noop, group: g}
  b: {use: core.noop, group: g, needs: [a], )" +
         of_b + R"(}
  c: {use: core.noop, group: g, needs: [a]}
  d: {use: core.noop, needs: [g]}
  e: {use: core.noop}
  f: {use: core.noop, needs: [a], trigger: all_done}
)";
}

/// The facts, held against the state before each.
std::string judged(const world& w, const std::string& yaml) {
  history_check check;
  for (const auto& each : w.facts) {
    submission what;
    what.run = w.only().submitted().run;
    const auto wrong = each.kind == fact_kind::run_submitted
                           ? check.next_submitted(each, {what, compiled(yaml)})
                           : check.next(each);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::size_t restarts_of_groups(const world& w) {
  return static_cast<std::size_t>(
      std::count_if(w.facts.begin(), w.facts.end(),
                    [](const auto& each) { return each.kind == fact_kind::group_restarted; }));
}

}  // namespace

TEST_CASE("one_for_all stops all members with the one that failed and starts them anew in order") {
  const auto yaml = grouped("one_for_all");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  REQUIRE(w.state("b") == step_state::running);
  REQUIRE(w.state("c") == step_state::running);
  w.report("b", ending::failed);
  CHECK(w.state("b") == step_state::backing_off);
  CHECK(w.state("a") == step_state::succeeded);
  CHECK(w.orders(order::kind::cancel) == 1);  // c
  CHECK(w.last_orders.front().ref.instance == *find_instance(w.only(), "c"));

  SECTION("not before its wait is over and all that ran has stopped") {
    w.pass(200);
    CHECK(restarts_of_groups(w) == 0);
    CHECK(w.state("a") == step_state::succeeded);
    w.report("c", ending::cancelled);
    CHECK(restarts_of_groups(w) == 1);
  }
  SECTION("not before its wait is over, though all has stopped") {
    w.report("c", ending::failed);
    CHECK(restarts_of_groups(w) == 0);
    CHECK(w.state("c") == step_state::ready);
    CHECK(w.only().ready_steps().empty());
    w.pass(200);
  }
  CHECK(w.state("a") == step_state::running);
  CHECK(w.state("b") == step_state::waiting);
  CHECK(w.state("c") == step_state::waiting);
  CHECK(w.only().at(*find_instance(w.only(), "a")).attempt == 2);
  CHECK(w.only().at(*find_instance(w.only(), "c")).failures == 0);  // it was stopped
  for (const auto* step : {"a", "b", "c"}) w.report(step, ending::finished);
  CHECK(w.state("d") == step_state::running);
  for (const auto* step : {"d", "e", "f"}) w.report(step, ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("rest_for_one starts those anew that come after the one that failed") {
  const auto yaml = R"(
pipeline: p
groups: {g: {strategy: rest_for_one, backoff: {min: 100ms, max: 100ms, jitter: 0}}}
steps:
  first:  {use: core.noop, group: g}
  second: {use: core.noop, group: g, retries: 3}
  third:  {use: core.noop, group: g}
  fourth: {use: core.noop, group: g, needs: [first]}
)";
  world w(8);
  w.submit(yaml);
  w.report("first", ending::finished);
  w.report("third", ending::finished);
  w.report("second", ending::failed);
  CHECK(w.orders(order::kind::cancel) == 1);  // fourth
  w.report("fourth", ending::cancelled);
  w.pass(200);
  CHECK(w.state("first") == step_state::succeeded);
  for (const auto* step : {"second", "third", "fourth"}) {
    INFO(step);
    CHECK(w.state(step) == step_state::running);
    CHECK(w.only().at(*find_instance(w.only(), step)).attempt == 2);
    w.report(step, ending::finished);
  }
  CHECK(w.only().state() == run_state::succeeded);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("one_for_one restarts the one that failed alone") {
  const auto yaml = grouped("one_for_one");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  CHECK(w.orders(order::kind::cancel) == 0);
  w.pass(200);
  CHECK(w.state("b") == step_state::running);
  CHECK(w.state("c") == step_state::running);
  CHECK(w.only().at(*find_instance(w.only(), "c")).attempt == 1);
  CHECK(restarts_of_groups(w) == 0);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("what is outside of a group sees an end of a member when the whole group has ended") {
  world w(8);
  w.submit(grouped("one_for_all"));
  w.report("a", ending::finished);
  CHECK(w.state("f") == step_state::waiting);
  w.report("c", ending::finished);
  w.report("b", ending::finished);
  CHECK(w.state("f") == step_state::running);
  CHECK(w.state("d") == step_state::running);

  world alone(8);
  alone.submit(grouped("one_for_one"));
  alone.report("a", ending::finished);
  CHECK(alone.state("f") == step_state::running);
}

TEST_CASE("a member that fails for good fails its group, and what runs of it is stopped") {
  const auto yaml = grouped("one_for_all", "", "retries: 0");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  CHECK(w.state("b") == step_state::failed);
  CHECK(w.orders(order::kind::cancel) == 1);
  w.report("c", ending::cancelled);
  CHECK(w.state("c") == step_state::cancelled);
  CHECK(explain(w.cluster_, w.only(), *find_instance(w.only(), "c"), {}).reasons.front() ==
        "its group 'g' failed");
  CHECK(w.state("d") == step_state::skipped);
  CHECK(w.state("f") == step_state::running);  // all_done
  w.report("e", ending::finished);
  w.report("f", ending::finished);
  CHECK(w.only().state() == run_state::failed);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("a group has as many restarts as it says, whatever its members' rules allow") {
  const auto yaml = grouped("one_for_all", ", max_restarts: 2, within: 1h");
  world w(8);
  w.submit(yaml);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(w.state("a") == step_state::running);
    w.report("a", ending::finished);
    w.report("c", ending::finished);
    w.report("b", ending::failed);
    w.pass(200);
  }
  CHECK(restarts_of_groups(w) == 2);
  CHECK(w.state("b") == step_state::failed);
  CHECK(w.only().text_of(*find_instance(w.only(), "b")) ==
        "text (not restarted: more than 2 restarts within 3600 s in group 'g', "
        "max_restarts_exceeded)");
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("what a lost node held of a group that starts anew does not count as a crash") {
  const auto yaml = grouped("one_for_all");
  world w(2);
  w.join("n2", 22, 8);
  w.submit(yaml);
  w.report("a", ending::finished, 0, false, "n2", 22);
  const auto on = [&](const char* step) {
    return w.cluster_.nodes().at(w.only().at(*find_instance(w.only(), step)).node).name;
  };
  const auto of_b = on("b");
  w.report("b", ending::failed, 0, false, of_b, of_b == "n1" ? 11 : 22);
  decision out;
  w.cluster_.lose(w.cluster_.nodes().find(on("c")), "test", w.now(), out);
  w.take(out);
  CHECK(w.only().at(*find_instance(w.only(), "c")).crashes == 0);
  w.pass(200);
  CHECK(restarts_of_groups(w) == 1);
}

TEST_CASE("what was being published when its group had to start anew is published first") {
  const auto yaml = grouped("one_for_all");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("c", ending::finished, 0, true);
  REQUIRE(w.state("c") == step_state::publishing);
  w.report("b", ending::failed);
  CHECK(w.orders(order::kind::cancel) == 0);
  w.pass(200);
  CHECK(restarts_of_groups(w) == 0);
  w.report("c", ending::published);
  CHECK(restarts_of_groups(w) == 1);
  CHECK(w.state("c") == step_state::waiting);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("what a person has decided of a member stays when its group starts anew") {
  const auto yaml = grouped("one_for_all");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  decision out;
  const auto c = *find_instance(w.only(), "c");
  REQUIRE(w.cluster_.mark(1, {c, 1}, step_state::succeeded, "me: seen", w.now(), out));
  w.take(out);
  w.report("b", ending::failed);
  w.pass(200);
  CHECK(restarts_of_groups(w) == 1);
  CHECK(w.state("c") == step_state::succeeded);
  CHECK(w.only().note_of(c) == "me: seen");
  CHECK(w.state("a") == step_state::running);

  SECTION("and when it is the one that the group waits for, the others go on") {
    w.report("a", ending::finished);
    w.report("b", ending::failed);
    REQUIRE(w.state("b") == step_state::backing_off);
    decision more;
    const auto b = *find_instance(w.only(), "b");
    REQUIRE(w.cluster_.mark(1, {b, 1}, step_state::succeeded, "me: good", w.now(), more));
    w.take(more);
    w.pass(200);
    CHECK(restarts_of_groups(w) == 1);
    CHECK(w.state("d") == step_state::running);
  }
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("a cancelled run does not wait for a group that is being restarted") {
  const auto yaml = grouped("one_for_all");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  w.cancel();
  for (const auto* step : {"c", "e"}) w.report(step, ending::cancelled);
  CHECK(w.only().state() == run_state::cancelled);
  CHECK(restarts_of_groups(w) == 0);
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("a mapped member gets its list anew, with as many instances as it has then") {
  const auto yaml = R"(
pipeline: p
groups: {g: {strategy: one_for_all, backoff: {min: 100ms, max: 100ms, jitter: 0}}}
steps:
  list: {use: core.noop, group: g}
  each: {use: core.noop, group: g, needs: [list], map: steps.list.result.items, retries: 9, max_parallel: 1}
  last: {use: core.noop, needs: [each]}
)";
  world w(8);
  w.submit(yaml);
  const auto list = [&](const std::string& items) {
    const auto& of = w.only();
    decision out;
    w.cluster_.report(w.cluster_.nodes().find("n1"), 11,
                      {{of.submitted().run, 0, of.at(0).attempt, ending::finished, false,
                        R"({"items": )" + items + "}"}},
                      w.now(), out);
    w.cluster_.place(w.now(), out);
    w.take(out);
  };
  list("[1, 2, 3]");
  w.report("each[0]", ending::finished);
  w.report("each[1]", ending::failed);
  w.pass(200);
  CHECK(w.only().instance_count() == 3);  // one stands for the list
  const char* lists[] = {"[7]", "[1, 2, 3, 4, 5]", "[]"};
  const std::uint32_t counts[] = {1, 5, 0};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(w.state("list") == step_state::running);
    list(lists[i]);
    CHECK(w.only().instances_of(1).count == counts[i]);
    if (counts[i] == 0) break;
    REQUIRE(w.state("each[0]") == step_state::running);
    w.report("each[0]", ending::failed);
    w.pass(200);
  }
  w.report("last", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
  CHECK(w.only().all_ended());
  CHECK(judged(w, yaml).empty());
}

TEST_CASE("a run is recovered in the middle of a group's restart as it was") {
  const auto yaml = grouped("one_for_all");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("c", ending::finished);
  w.report("b", ending::failed);
  const auto recovered = [&] {
    auto made = std::make_unique<core::cluster>(cluster_limits{1'000, 100, 5}, 1);
    for (const auto& each : w.facts)
      if (each.kind == fact_kind::run_submitted)
        made->replay_submitted(each, w.only().submitted(), compiled(yaml));
      else
        made->replay(each);
    return made;
  };
  const auto before = recovered();
  CHECK(*before->find(run_no{1}) == w.only());
  decision out;
  before->recovered(w.now(), out);
  before->place({w.ms_ + 200, w.ms_ + 200}, out);
  CHECK(std::count_if(out.facts.begin(), out.facts.end(), [](const auto& each) {
          return each.kind == fact_kind::group_restarted;
        }) == 1);
  w.pass(200);
  REQUIRE(restarts_of_groups(w) == 1);
  CHECK(*recovered()->find(run_no{1}) == w.only());
}

TEST_CASE("a retry takes a group over when nothing of it runs again") {
  const auto yaml = grouped("one_for_all", "", "retries: 0");
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("c", ending::finished);
  w.report("b", ending::failed);
  w.report("e", ending::finished);
  w.report("f", ending::finished);
  REQUIRE(w.only().state() == run_state::failed);
  const auto taken = [&](const std::string& strategy, std::vector<std::string> from = {}) {
    const auto chosen =
        choose(w.only(), *compiled(grouped(strategy)), {std::move(from), false, false, {}, ""});
    std::string names;
    const auto plan = compiled(yaml);
    for (std::uint32_t i = 0; i < chosen->instances.size(); ++i)
      if (!chosen->instances[i].empty()) names += plan->definition.steps[i].name;
    return names;
  };
  CHECK(taken("one_for_all") == "ef");
  CHECK(taken("rest_for_one") == "aef");
  CHECK(taken("one_for_one") == "acef");
}

TEST_CASE(
    "what was stopped for a member that a person has ended meanwhile runs again and has not "
    "crashed") {
  world w(8);
  w.submit(grouped("one_for_all"));
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  decision out;
  REQUIRE(w.cluster_.mark(1, {*find_instance(w.only(), "b"), 1}, step_state::succeeded, "me: good",
                          w.now(), out));
  w.take(out);
  w.report("c", ending::cancelled);
  CHECK(w.only().at(*find_instance(w.only(), "c")).crashes == 0);
  CHECK(w.state("c") == step_state::running);
}

TEST_CASE("the wait of a member begins anew with its group") {
  world w(1);
  w.submit(R"(
pipeline: p
groups: {g: {strategy: one_for_all, backoff: {min: 100ms, max: 100ms, jitter: 0}}}
steps:
  a: {use: core.noop, group: g, retries: 3}
  b: {use: core.noop, group: g, wait_timeout: 10s}
)");
  w.pass(9'000);
  w.report("a", ending::failed);
  w.report("b", ending::cancelled);  // it had got the place
  w.pass(200);
  REQUIRE(restarts_of_groups(w) == 1);
  w.pass(5'000);  // ten seconds after the first opening
  CHECK(w.state("b") == step_state::ready);
  w.pass(10'000);
}
