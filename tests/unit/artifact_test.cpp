// Artifacts as the coordinator knows them: who gets which, from where, and on which node.
#include "actors/core/history_check.hpp"
#include "actors/core/retry.hpp"
#include "actors/core/run_values.hpp"
#include "messages/instance_text.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

std::string hash_of(char digit) { return std::string(64, digit); }

/// Nodes "left" and "right" with stores of their own, "also_left" shares that of "left".
struct stores : world {
  stores() : world(0) {
    come("left", 21, "L");
    come("right", 22, "R");
  }
  void come(const std::string& name, session_no session, const std::string& store,
            std::uint32_t slots = 4) {
    hello what;
    what.kind = "analyzer";
    what.labels = {name};
    what.capacity = {slots, slots * 1'000, 0, 0, {}};
    what.offers = {"core.noop"};
    what.store = store;
    decision out;
    cluster_.join(name, session, what, now(), out);
    cluster_.place(now(), out);
    take(out);
  }
  /// The step's attempt ends well and has made the artifact `m`.
  void made(const std::string& step, char digit, std::uint64_t size = 5) {
    const auto i = *find_instance(only(), step);
    const auto& one = only().at(i);
    const auto& node = cluster_.nodes().at(one.node);
    decision out;
    cluster_.report(one.node, node.session,
                    {{only().submitted().run,
                      i,
                      one.attempt,
                      ending::finished,
                      false,
                      "",
                      {},
                      0,
                      {{"m", hash_of(digit), size, false, false}}}},
                    now(), out);
    cluster_.place(now(), out);
    take(out);
  }
  std::string node_of(const std::string& step) const {
    const auto& one = only().at(*find_instance(only(), step));
    return one.node == no_node ? "" : cluster_.nodes().at(one.node).name;
  }
  const order& order_of(const std::string& step) const {
    const auto i = *find_instance(only(), step);
    return *std::find_if(last_orders.begin(), last_orders.end(), [&](const auto& each) {
      return each.what == order::kind::run && each.ref.instance == i;
    });
  }
};

constexpr const char* chain = R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], labels: [left]}
  b: {use: core.noop, needs: [a], inputs: {in: a/m}}
)";

std::string refusal(const std::string& steps) {
  const auto plan = coordination::compile("pipeline: p\nsteps:\n" + steps, "test.yaml");
  return plan ? std::string() : plan.error().text;
}

}  // namespace

TEST_CASE("a step gets what an earlier one has made, and is placed where it lies") {
  for (const std::uint64_t size : {5ULL, 50ULL << 20}) {
    stores w;
    w.come("busy", 23, "B", 100);  // has most room
    w.submit(chain);
    w.made("a", '1', size);
    const auto& told = w.order_of("b");
    REQUIRE(told.inputs.size() == 1);
    CHECK(told.inputs[0] == input_blob{"in", hash_of('1'), size, false, false, {"left"}});
    CHECK(w.node_of("b") == (size > 5 ? "left" : "busy"));
  }
}

TEST_CASE("a node that shares the store of the maker has what it made") {
  stores w;
  w.come("also_left", 23, "L");
  w.submit(chain);
  w.made("a", '1');
  CHECK(w.order_of("b").inputs[0].nodes == std::vector<std::string>{"left", "also_left"});
}

TEST_CASE("a step waits while what it needs lies on no node that is there, and says so") {
  stores w;
  w.submit(R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], labels: [left]}
  b: {use: core.noop, needs: [a], inputs: {in: a/m}, labels: [right]}
)");
  w.report("a", ending::failed, 0, false, "left", 21);  // nothing yet
  REQUIRE(w.only().state() == run_state::failed);

  stores other;
  other.submit(R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], labels: [left]}
  s: {use: core.noop, needs: [a], labels: [right]}
  b: {use: core.noop, needs: [a, s], inputs: {in: a/m}, labels: [right]}
)");
  other.made("a", '1');
  decision out;
  other.cluster_.lose(other.cluster_.nodes().find("left"), "test", other.now(), out);
  other.report("s", ending::finished, 0, false, "right", 22);
  CHECK(other.state("b") == step_state::ready);
  const auto why = explain(other.cluster_, other.only(), *find_instance(other.only(), "b"), {});
  CHECK(why.reasons.front() ==
        "its input 'in' lies on no node that is there; it waits for one that has it, or make it "
        "anew with 'artel retry --from'");
  other.come("left", 31, "L");
  CHECK(other.node_of("b") == "right");
}

TEST_CASE("where a blob lies is remembered of so many and of others it is where it was put first") {
  artifact_places places(2);
  for (const char* hash : {"a", "b", "c"}) places.note(hash, "S");
  CHECK(places.of("a").empty());
  CHECK(places.of("b").contains("S"));
  CHECK(places.of("c").contains("S"));
  CHECK_FALSE(places.is_lost("a", "S"));
  CHECK(places.is_lost("a", ""));
  places.forget("a", "S");
  CHECK(places.is_lost("a", "S"));
  places.note("a", "T");
  CHECK_FALSE(places.is_lost("a", "S"));
}

TEST_CASE("who has had something once can give it to others") {
  stores w;
  w.submit(R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], labels: [left]}
  b: {use: core.noop, needs: [a], inputs: {in: a/m}, labels: [right]}
  c: {use: core.noop, needs: [b], inputs: {in: a/m}, labels: [right]}
)");
  w.made("a", '1');
  w.report("b", ending::finished, 0, false, "right", 22);
  CHECK(w.order_of("c").inputs[0].nodes == std::vector<std::string>{"left", "right"});
}

TEST_CASE(
    "of several instances each has its number, and of the own instance there is that with the same "
    "one") {
  stores w;
  w.submit(R"(
pipeline: p
steps:
  a: {use: core.noop, instances: 3, artifacts: [m], allow_failure: true}
  b: {use: core.noop, instances: 3, needs: [a], inputs: {mine: "a[instance]/m"}}
  c: {use: core.noop, needs: [a], inputs: {all: a/m}}
)");
  w.made("a[0]", '0');
  w.made("a[2]", '2');
  w.report("a[1]", ending::failed, 0, false, w.node_of("a[1]"),
           w.node_of("a[1]") == "left" ? 21 : 22);
  const auto paths = [&](const char* step) {
    std::string text;
    for (const auto& each : w.order_of(step).inputs) text += each.path + "=" + each.hash[0] + " ";
    return text;
  };
  CHECK(paths("b[0]") == "mine=0 ");
  CHECK(paths("b[1]").empty());  // it has none
  CHECK(paths("b[2]") == "mine=2 ");
  CHECK(paths("c") == "all/0=0 all/2=2 ");
}

TEST_CASE("what an attempt has made is in the journal before its end, and recovered from it") {
  stores w;
  w.submit(chain);
  w.made("a", '1');
  const auto kept = std::find_if(w.facts.begin(), w.facts.end(), [](const auto& each) {
    return each.kind == fact_kind::artifacts_kept;
  });
  REQUIRE(kept != w.facts.end());
  CHECK((kept + 1)->kind == fact_kind::step_finished);
  CHECK(kept->text == R"({"artifacts":[{"kind":"file","name":"m","sha256":")" + hash_of('1') +
                          R"(","size":5}],"store":"L"})");
  core::cluster again{{1'000, 100, 5}, 1};
  history_check check;
  for (const auto& each : w.facts) {
    if (each.kind == fact_kind::run_submitted) {
      again.replay_submitted(each, w.only().submitted(), compiled(chain));
      CHECK(check.next_submitted(each, {w.only().submitted(), compiled(chain)}).empty());
    } else {
      again.replay(each);
      CHECK(check.next(each).empty());
    }
  }
  CHECK(*again.find(run_no{1})->artifacts_of(0) == *w.only().artifacts_of(0));
  hello what;
  what.store = "L";
  decision out;
  again.join("left", 31, what, w.now(), out);
  CHECK(again.inputs_of(*again.find(run_no{1}), 1).at(0).nodes == std::vector<std::string>{"left"});
}

TEST_CASE("a cached result brings its artifacts, and is none when these are not at hand") {
  const std::string yaml = R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], cache: true, labels: [left]}
  b: {use: core.noop, needs: [a], inputs: {in: a/m}, cache: true, labels: [right]}
)";
  stores w;
  w.submit(yaml);
  w.made("a", '1');
  w.report("b", ending::finished, 0, false, "right", 22);
  w.submit(yaml, 2);
  const auto& next = *w.cluster_.find(run_no{2});
  CHECK(next.state() == run_state::succeeded);  // both are as before
  REQUIRE(next.artifacts_of(0) != nullptr);
  CHECK(next.artifacts_of(0)->find("m")->hash == hash_of('1'));

  decision out;
  w.cluster_.lose(w.cluster_.nodes().find("left"), "test", w.now(), out);
  w.cluster_.lose(w.cluster_.nodes().find("right"), "test", w.now(), out);  // which had it, too
  w.submit(yaml, 3);
  CHECK(w.cluster_.find(run_no{3})->at(0).state == step_state::ready);  // no such node now

  SECTION("and other inputs make another result") {
    w.come("left", 31, "L2");  // its store is a new one
    w.come("right", 32, "R2");
    const auto& third = *w.cluster_.find(run_no{3});
    REQUIRE(third.at(0).state == step_state::running);
    decision more;
    w.cluster_.report(third.at(0).node, 31,
                      {{third.submitted().run,
                        0,
                        1,
                        ending::finished,
                        false,
                        "",
                        {},
                        0,
                        {{"m", hash_of('9'), 5, false, false}}}},
                      w.now(), more);
    w.cluster_.place(w.now(), more);
    CHECK(third.at(1).state == step_state::running);
  }
}

TEST_CASE("a retry takes artifacts over, unless they are not at hand any more") {
  stores w;
  w.submit(chain);
  w.made("a", '1');
  w.report("b", ending::failed, 0, false, w.node_of("b"), w.node_of("b") == "left" ? 21 : 22);
  REQUIRE(w.only().state() == run_state::failed);
  const auto plan = compiled(chain);
  const auto at_hand = [&](const made_artifacts& made) { return w.cluster_.has_artifacts(made); };
  const auto chosen = choose(w.only(), *plan, {}, at_hand);
  REQUIRE(chosen->instances[0].size() == 1);
  CHECK(chosen->instances[0][0].artifacts.find("m")->hash == hash_of('1'));

  submission what;
  what.run = make_run_id(7, 0, 7);
  what.origin["retry_of"] = "x";
  decision out;
  REQUIRE(w.cluster_.submit(what, "packed", plan, w.now(), out, &*chosen));
  w.cluster_.place(w.now(), out);
  const auto told = std::find_if(out.orders.begin(), out.orders.end(),
                                 [](const auto& each) { return each.what == order::kind::run; });
  REQUIRE(told != out.orders.end());
  CHECK(told->inputs.at(0).hash == hash_of('1'));

  w.cluster_.lose(w.cluster_.nodes().find("left"), "test", w.now(), out);
  CHECK(choose(w.only(), *plan, {}, at_hand)->instances[0].empty());
}

TEST_CASE("inputs that can not be are refused with their place") {
  const std::string a = "  a: {use: core.noop, artifacts: [m]}\n";
  const auto has = [](const std::string& steps, const std::string& what) {
    INFO(refusal(steps));
    return refusal(steps).find(what) != std::string::npos;
  };
  CHECK(has(a + "  b: {use: core.noop, inputs: [a/m]}\n",
            "step 'b': inputs: 'm': step 'a' is read but not needed"));
  CHECK(has(a + "  b: {use: core.noop, needs: [a], inputs: [a/n]}\n",
            "step 'a' has no artifact 'n' under its 'artifacts'"));
  CHECK(has(a + "  b: {use: core.noop, needs: [a], inputs: [x/m]}\n", "there is no step 'x'"));
  CHECK(has(a + "  b: {use: core.noop, needs: [a], inputs: [am]}\n",
            "inputs: expected STEP/ARTIFACT, found 'am'"));
  CHECK(has(a + "  b: {use: core.noop, needs: [a], inputs: [a/m, \"a[instance]/m\"]}\n",
            "inputs: there are two named 'm'"));
  CHECK(has("  a: {use: core.noop, artifacts: {m: ../x}}\n",
            "artifacts: '../x': expected a path below $ARTEL_ARTIFACTS"));
  CHECK(has("  a: {use: core.noop, artifacts: [x/y]}\n", "what lies in a folder needs a name"));
  CHECK(has(a + "  b: {shell: \"cat ${inputs.x}\", needs: [a], inputs: [a/m]}\n",
            "there is no input of this step 'x'"));
  CHECK(has(a + "  b: {use: core.noop, needs: [a], inputs: [a/m], when: inputs.m == 'x'}\n",
            "'inputs' and 'artifacts' are folders of the node"));
}

TEST_CASE("an output can not lie where a step finds inputs and makes artifacts") {
  const auto plan = compiled(
      "pipeline: p\nsteps:\n  a: {shell: x, artifacts: [m], output: \"${artifacts.m}\"}\n");
  const auto told = check_values(*plan, {}, 0);
  REQUIRE(!told);
  CHECK(
      told.error().text.find("step 'a': output: what lies under inputs and artifacts is gone when "
                             "the attempt has ended") != std::string::npos);
}

TEST_CASE("the texts of a step name its inputs and artifacts by folders that its node fills in") {
  const auto plan = compiled(R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m]}
  b: {command: [x, "${inputs.in}/f", "${artifacts.out + '.tmp'}"], needs: [a], inputs: {in: a/m}, artifacts: {out: deep/o}}
)");
  world w;
  submission what;
  core::run of(1, what, plan, 0);
  const auto made = render(*plan, 1, {}, run_values(of, 1));
  REQUIRE(made);
  CHECK(made->plan.command[1] == std::string(folder_marker) + "/in/in/f");
  CHECK(made->plan.command[2] == std::string(folder_marker) + "/out/deep/o.tmp");
  CHECK(fill_instance(made->plan.command[1], 0, {}, "/attempt") == "/attempt/in/in/f");
  CHECK(fill_instance("\x1f"
                      "0"
                      "\x1f",
                      0, {std::string(folder_marker) + "/x"}, "/a") == "/a/x");
}

TEST_CASE(
    "what nodes have no more is forgotten, and a step that wants it fails instead of crashing for "
    "ever") {
  stores w;
  w.submit(R"(
pipeline: p
steps:
  a: {use: core.noop, artifacts: [m], cache: true, labels: [left]}
  b: {use: core.noop, needs: [a], inputs: {in: a/m}, labels: [right], backoff: {min: 100ms, max: 100ms}}
)");
  w.made("a", '1');
  const auto& of = w.only();
  decision out;
  w.cluster_.report(w.cluster_.nodes().find("right"), 22,
                    {{of.submitted().run,
                      1,
                      1,
                      ending::crashed,
                      false,
                      "collected",
                      failure_cause::input,
                      0,
                      {{"left", hash_of('1'), 0, false, false}}}},
                    w.now(), out);
  w.take(out);
  CHECK(w.state("b") == step_state::backing_off);
  w.pass(200);
  CHECK(w.state("b") == step_state::failed);
  CHECK(of.text_of(1) ==
        "its input 'in' is gone: the nodes that had it have collected it; 'artel "
        "retry' makes it anew");
  CHECK(!w.cluster_.has_artifacts(*of.artifacts_of(0)));

  SECTION("until it is made anew") {
    const auto plan = compiled(chain);
    const auto chosen =
        choose(of, *plan, {}, [&](const auto& made) { return w.cluster_.has_artifacts(made); });
    CHECK(chosen->instances[0].empty());
  }
}

TEST_CASE("a mended file that wants other artifacts has their step run again") {
  stores w;
  w.submit(chain);
  w.made("a", '1');
  w.report("b", ending::failed, 0, false, w.node_of("b"), w.node_of("b") == "left" ? 21 : 22);
  const auto with = [&](const std::string& artifacts) {
    const auto plan = compiled("pipeline: p\nsteps:\n  a: {use: core.noop" + artifacts + "}\n");
    return choose(w.only(), *plan, {})->instances[0];
  };
  CHECK(with(", artifacts: [m, n]").empty());
  REQUIRE(with("").size() == 1);
  CHECK(with("")[0].artifacts.all.empty());
}
