// What people do to runs: pause them, decide how a step has ended, have an ended run tried again.
#include "actors/core/retry.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

void pause(world& w, bool undo) {
  decision out;
  REQUIRE(w.cluster_.pause_run(1, undo, "lunch (by me)", w.now(), out));
  w.cluster_.place(w.now(), out);
  w.take(out);
}

outcome<std::uint32_t> mark(world& w, const std::string& step, step_state as) {
  decision out;
  const auto i = *find_instance(w.only(), step);
  const auto which = step.find('[') == std::string::npos
                         ? w.only().instances_of(w.only().step_of(i))
                         : instance_range{i, 1};
  auto good = w.cluster_.mark(1, which, as, "marked (by me)", w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
  return good;
}

/// The second run of the world: what `wish` makes of the first.
const run& retry(world& w, const std::string& yaml, const retry_wish& wish) {
  const auto plan = compiled(yaml);
  const auto chosen = choose(w.only(), *plan, wish);
  INFO((chosen ? "" : chosen.error().text));
  REQUIRE(chosen);
  submission what;
  what.run = make_run_id(2, 0, 2);
  what.origin = {{"retry_of", to_text(w.only().submitted().run)}};
  decision out;
  REQUIRE(w.cluster_.submit(what, "packed", plan, w.now(), out, &*chosen));
  w.cluster_.place(w.now(), out);
  w.take(out);
  return *w.cluster_.find(run_no{2});
}

step_state state_of(const run& of, const std::string& step) {
  return of.at(*find_instance(of, step)).state;
}

}  // namespace

TEST_CASE("a paused run starts nothing and ends what runs, it goes on when that is undone") {
  world w;
  w.submit(diamond);
  pause(w, false);
  w.report("a", ending::finished);
  CHECK(w.state("b") == step_state::ready);
  CHECK(explain(w.cluster_, w.only(), 1, {}).reasons[0] == "the run is paused: lunch (by me)");
  pause(w, false);  // once more changes nothing
  CHECK(std::count_if(w.facts.begin(), w.facts.end(),
                      [](const auto& one) { return one.kind == fact_kind::run_paused; }) == 1);
  pause(w, true);
  CHECK(w.state("b") == step_state::running);
}

TEST_CASE("a paused pipeline holds its runs, also those that are submitted later, and no others") {
  world w;
  decision out;
  w.cluster_.pause_pipeline("diamond", false, "repairs (by me)", w.now(), out);
  w.take(out);
  w.submit(diamond);
  w.submit("pipeline: q\nsteps:\n  a: {use: core.noop}\n", 2);
  CHECK(w.state("a") == step_state::ready);
  CHECK(w.cluster_.find(run_no{2})->at(0).state == step_state::running);
  CHECK(w.cluster_.pause_of(w.only()) == "its pipeline is paused: repairs (by me)");
  decision undo;
  w.cluster_.pause_pipeline("diamond", true, "", w.now(), undo);
  w.cluster_.place(w.now(), undo);
  CHECK(w.state("a") == step_state::running);
}

TEST_CASE(
    "a step that a person marks as succeeded lets what needs it go on, its attempt is stopped") {
  world w;
  w.submit(diamond);
  const auto node_free = w.cluster_.nodes().at(0).free.slots;
  CHECK(mark(w, "a", step_state::succeeded));
  CHECK(w.state("a") == step_state::succeeded);
  CHECK(w.orders(order::kind::cancel) == 1);
  CHECK(w.state("b") == step_state::running);
  CHECK(w.cluster_.nodes().at(0).free.slots == node_free - 1);  // b and c instead of a
  w.report("a", ending::finished, 1, true);                     // it had just finished
  CHECK(w.orders(order::kind::discard) == 1);
  CHECK(explain(w.cluster_, w.only(), 0, {}).reasons[0] == "marked (by me)");
  CHECK_FALSE(mark(w, "a", step_state::failed));
}

TEST_CASE("a step that a person marks as failed or skipped acts as one that has") {
  world w;
  w.submit(diamond);
  w.report("a", ending::finished);
  CHECK(mark(w, "c", step_state::skipped));
  CHECK(mark(w, "b", step_state::failed));
  CHECK(w.state("d") == step_state::skipped);
  CHECK(w.only().state() == run_state::failed);
}

TEST_CASE("instances that are marked in the middle of others leave these as they are") {
  world w(1);
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop, instances: 4}\n");
  CHECK(mark(w, "a[2]", step_state::succeeded));
  for (const auto* name : {"a[0]", "a[1]", "a[3]"}) {
    CHECK(w.state(name) == step_state::running);
    w.report(name, ending::finished);
  }
  CHECK(w.only().state() == run_state::succeeded);
  CHECK_FALSE(mark(w, "a", step_state::failed));
}

namespace {
constexpr const char* four = R"(
pipeline: p
steps:
  a: {use: core.noop}
  b: {use: core.noop, instances: 3, needs: [a]}
  c: {use: core.noop, needs: [b], env: {R: "${steps.a.result.x}"}}
  d: {use: core.noop, needs: [b], trigger: all_done}
)";

/// a and d succeeded, b[1] failed, c was not reached.
void play_four(world& w) {
  w.submit(four);
  decision out;
  const auto& of = w.only();
  w.cluster_.report(0, 11, {{of.submitted().run, 0, 1, ending::finished, false, R"({"x": 7})"}},
                    w.now(), out);
  w.cluster_.place(w.now(), out);
  w.report("b[0]", ending::finished);
  w.report("b[1]", ending::failed);
  w.report("b[2]", ending::finished);
  w.report("d", ending::finished);
  REQUIRE(w.only().state() == run_state::failed);
}
}  // namespace

TEST_CASE("a retry runs what did not succeed and takes over the rest, results included") {
  world w;
  play_four(w);
  const auto& again = retry(w, four, {});
  CHECK(state_of(again, "a") == step_state::succeeded);
  CHECK(again.text_of(0) == R"({"x": 7})");
  CHECK(state_of(again, "b[0]") == step_state::succeeded);
  CHECK(state_of(again, "b[1]") == step_state::running);
  CHECK(state_of(again, "d") == step_state::succeeded);
  CHECK(explain(w.cluster_, again, 0, {}).reasons[0] ==
        "it succeeded in run " + to_text(w.only().submitted().run) + ", which this one retries");
  decision out;
  w.cluster_.report(0, 11, {{again.submitted().run, 2, 1, ending::finished, false, ""}}, w.now(),
                    out);
  w.cluster_.place(w.now(), out);
  CHECK(state_of(again, "c") == step_state::running);
  CHECK(out.orders.back().plan->env.at("R") == "7");
}

TEST_CASE(
    "a retry from a step runs that and all behind it, only its failed instances if so wished") {
  for (const bool only_failed : {false, true}) {
    world w(8);
    play_four(w);
    retry_wish wish;
    wish.from = {"b"};
    wish.only_failed = only_failed;
    const auto& again = retry(w, four, wish);
    CHECK(state_of(again, "a") == step_state::succeeded);
    CHECK(state_of(again, "b[0]") == (only_failed ? step_state::succeeded : step_state::running));
    CHECK(state_of(again, "b[1]") == step_state::running);
    CHECK(state_of(again, "d") == step_state::waiting);
  }
}

TEST_CASE("with downstream, what succeeded behind a step that runs again runs again") {
  world w(8);
  play_four(w);
  retry_wish wish;
  wish.with_downstream = true;
  CHECK(state_of(retry(w, four, wish), "d") == step_state::waiting);
}

TEST_CASE("a step that is to count as succeeded does, in a retry") {
  world w(8);
  play_four(w);
  retry_wish wish;
  wish.succeeded = {"b"};
  wish.why = "counts as succeeded: by me";
  const auto& again = retry(w, four, wish);
  CHECK(state_of(again, "b[1]") == step_state::succeeded);
  CHECK(state_of(again, "c") == step_state::running);
  CHECK(explain(w.cluster_, again, 1, {}).reasons[0] == "counts as succeeded: by me");
}

TEST_CASE("a retry with a mended pipeline takes over steps that are alike, by name") {
  world w(8);
  play_four(w);
  const auto& again =
      retry(w,
            "pipeline: p\nsteps:\n  new: {use: core.noop}\n  b: {use: core.noop, instances: 2}\n"
            "  a: {use: core.noop, needs: [new]}\n",
            {});
  CHECK(state_of(again, "a") == step_state::succeeded);
  CHECK(state_of(again, "b[0]") == step_state::running);  // it has another number of instances now
  CHECK(state_of(again, "new") == step_state::running);
}

TEST_CASE("a retry does not take the results of other values of a matrix over") {
  const auto with = [](const std::string& values) {
    return "pipeline: p\nsteps:\n  a: {use: core.noop, matrix: {m: [" + values + "]}}\n";
  };
  world w(8);
  w.submit(with("tree, forest"));
  w.report("a[0]", ending::finished);
  w.report("a[1]", ending::finished);
  CHECK(state_of(retry(w, with("forest, tree"), {}), "a[0]") == step_state::running);
}

TEST_CASE("a mapped step is taken over when nothing before it runs again") {
  const std::string yaml =
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n  m: {use: core.noop, needs: [a], map: "
      "range(3)}\n  z: {use: "
      "core.noop, needs: [m]}\n";
  world w(8);
  w.submit(yaml);
  w.report("a", ending::finished);
  w.report("m[0]", ending::finished);
  w.report("m[1]", ending::failed);
  w.report("m[2]", ending::finished);
  const auto& again = retry(w, yaml, {});
  CHECK(state_of(again, "m[0]") == step_state::succeeded);
  CHECK(state_of(again, "m[1]") == step_state::running);
  CHECK(state_of(again, "m[2]") == step_state::succeeded);
}

TEST_CASE("a mapped step that a person marked before its list was known is taken over as a whole") {
  const std::string yaml =
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n  m: {use: core.noop, needs: [a], map: "
      "range(3)}\n";
  world w(8);
  w.submit(yaml);
  CHECK(mark(w, "m", step_state::succeeded));
  w.report("a", ending::failed);
  const auto& again = retry(w, yaml, {});
  decision out;
  w.cluster_.report(0, 11, {{again.submitted().run, 0, 1, ending::finished, false, ""}}, w.now(),
                    out);
  w.cluster_.place(w.now(), out);
  CHECK(again.state() == run_state::succeeded);
}

TEST_CASE("a run that has not ended is not retried, and neither is a step that is not there") {
  world w;
  w.submit(diamond);
  CHECK_FALSE(choose(w.only(), w.only().plan(), {}));
  decision out;
  REQUIRE(w.cluster_.cancel(1, "because", w.now(), out));
  w.report("a", ending::cancelled);
  retry_wish wish;
  wish.from = {"e"};
  const auto no = choose(w.only(), w.only().plan(), wish);
  REQUIRE_FALSE(no);
  CHECK(no.error().text == "the pipeline has no step 'e'; did you mean 'a'?");
}
