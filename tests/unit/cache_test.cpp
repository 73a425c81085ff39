// Steps that take the result of an earlier run when nothing that goes into them has changed.
#include "actors/core/result_cache.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

std::string train(const std::string& cache = "true", const std::string& env = "1",
                  const std::string& rest = "") {
  return "pipeline: p\nsteps:\n  a: {use: core.noop, env: {DAY: '" + env + "'}, cache: " + cache +
         rest + "}\n  b: {use: core.noop, needs: [a]}\n";
}

/// The state of the first step of the run after it was submitted, and with "end" ended.
step_state state_of(world& w, run_no number) { return w.cluster_.find(number)->at(0).state; }

void end(world& w, run_no number, ending how = ending::finished,
         const char* result = R"({"n":1})") {
  const auto& of = *w.cluster_.find(number);
  decision out;
  w.cluster_.report(0, 11, {{of.submitted().run, 0, of.at(0).attempt, how, false, result}}, w.now(),
                    out);
  w.cluster_.place(w.now(), out);
  w.take(out);
}

/// Is the first step of a second run cached, after one of `first`?
bool cached(const std::string& first, const std::string& second) {
  world w;
  w.submit(first, 1);
  end(w, 1);
  return state_of(w, w.submit(second, 2)) == step_state::succeeded;
}

}  // namespace

TEST_CASE("a step whose text, inputs and version are those of an earlier one takes its result") {
  world w;
  w.submit(train(), 1);
  end(w, 1);
  const auto number = w.submit(train(), 2);
  const auto& of = *w.cluster_.find(number);
  CHECK(of.at(0).state == step_state::succeeded);
  CHECK(of.at(0).attempt == 0);
  CHECK(of.text_of(0) == R"({"n":1})");
  CHECK(of.at(1).state == step_state::running);
  CHECK(explain(w.cluster_, of, 0, {}).reasons[0] ==
        "cached from run " + to_text(w.only().submitted().run));
}

TEST_CASE("what has changed runs again") {
  CHECK(cached(train(), train()));
  CHECK_FALSE(cached(train(), train("true", "2")));
  CHECK_FALSE(cached(train(), train("false")));
  CHECK_FALSE(cached(train("false"), train()));
  CHECK_FALSE(cached(train("{version: 1}"), train("{version: 2}")));
  CHECK(cached(train("{inputs: ['1 + 1']}"), train("{inputs: ['2']}")));
  CHECK_FALSE(cached(train("{inputs: ['run.id']}"), train("{inputs: ['run.id']}")));
  CHECK(cached(train("true", "1"), train("true", "1", ", retries: 3, timeout: 5s")));
}

TEST_CASE("each instance of a step has a result of its own, by its number and by its value") {
  for (const auto* many : {"instances: 2", "matrix: {m: [x, y]}", "map: '[7, 8]'"}) {
    const auto yaml = "pipeline: p\nsteps:\n  a: {use: core.noop, cache: true, " +
                      std::string(many) + ", env: {N: '${instance}'}}\n";
    world w;
    w.submit(yaml, 1);
    const auto first = w.only().instances_of(0).first;
    const auto& of = w.only();
    decision out;
    for (instance_no k = 0; k < 2; ++k)
      w.cluster_.report(0, 11,
                        {{of.submitted().run, first + k, 1, ending::finished, false,
                          "{\"k\":" + std::to_string(k) + "}"}},
                        w.now(), out);
    const auto& later = *w.cluster_.find(w.submit(yaml, 2));
    REQUIRE(later.state() == run_state::succeeded);
    CHECK(later.text_of(first) == "{\"k\":0}");
    CHECK(later.text_of(first + 1) == "{\"k\":1}");
  }
}

TEST_CASE("a run that tries another again takes nothing from the cache") {
  world w;
  w.submit(train(), 1);
  end(w, 1);
  submission again;
  again.run = make_run_id(2, 0, 2);
  again.origin = {{"retry_of", to_text(w.only().submitted().run)}};
  decision out;
  const auto number = w.cluster_.submit(again, "packed", compiled(train()), w.now(), out);
  w.cluster_.place(w.now(), out);
  CHECK(state_of(w, *number) == step_state::running);
}

TEST_CASE("a result whose folder another run has published to since is not taken") {
  const auto to = [](const std::string& day) {
    return "pipeline: p\nsteps:\n  a: {use: core.noop, env: {DAY: '" + day +
           "'}, cache: true, output: '/srv/${instance}'}\n";
  };
  world w;
  const auto play = [&](const std::string& day, std::uint64_t id) {
    const auto number = w.submit(to(day), id);
    if (state_of(w, number) == step_state::succeeded) return std::string("cached");
    const auto& of = *w.cluster_.find(number);
    decision out;
    w.cluster_.report(0, 11, {{of.submitted().run, 0, 1, ending::finished, true, "{}"}}, w.now(),
                      out);
    w.cluster_.report(0, 11, {{of.submitted().run, 0, 1, ending::published, false, ""}}, w.now(),
                      out);
    return std::string(to_text(of.state()));
  };
  CHECK(play("mon", 1) == "succeeded");
  CHECK(play("mon", 2) == "cached");
  CHECK(play("tue", 3) == "succeeded");
  CHECK(play("mon", 4) == "succeeded");
  CHECK(play("mon", 5) == "cached");
}

TEST_CASE("values that are no UTF-8 and differ have different results") {
  CHECK_FALSE(cached(train("true", "\xff"), train("true", "\xfe")));
}

TEST_CASE("a failure is no result, and a result may be too old") {
  world w;
  const auto yaml = train("{expires: 10s}");
  w.submit(yaml, 1);
  end(w, 1, ending::failed);
  CHECK(state_of(w, w.submit(yaml, 2)) == step_state::running);
  end(w, 2);
  CHECK(state_of(w, w.submit(yaml, 3)) == step_state::succeeded);
  for (int i = 0; i < 11; ++i) w.cluster_.heard(0, w.now().steady_ms), w.pass(990);
  CHECK(state_of(w, w.submit(yaml, 4)) == step_state::running);
}

TEST_CASE("results are known after recovery, and a run may do without them") {
  world w;
  w.submit(train(), 1);
  end(w, 1);
  cluster again({1'000, 100, 5}, 1);
  for (const auto& one : w.facts)
    if (one.run == 0) again.replay(one);
  decision out;
  hello what;
  what.kind = "analyzer";
  what.capacity = {4, 4'000, 0, 0, {}};
  what.offers = {"core.noop"};
  again.join("n1", 11, what, w.now(), out);
  const auto submit = [&](std::uint64_t id, std::map<std::string, std::string> origin) {
    submission said;
    said.run = make_run_id(id, 0, id);
    said.origin = std::move(origin);
    const auto number = again.submit(said, "packed", compiled(train()), w.now(), out);
    again.place(w.now(), out);
    return again.find(*number)->at(0).state;
  };
  CHECK(submit(7, {}) == step_state::succeeded);
  CHECK(submit(8, {{"no_cache", "1"}}) == step_state::running);
}

TEST_CASE("the oldest results make way") {
  result_cache cache;
  const std::string large(result_bytes_kept_max / 4 - 100, 'x');
  for (int i = 0; i < 5; ++i) cache.keep(std::to_string(i), {"run", "", large, 0});
  CHECK(cache.size() == 4);
  CHECK(cache.find("0", 0, 0) == nullptr);
  CHECK(cache.find("4", 0, 0) != nullptr);
  cache.keep("4", {"later", "", "", 0});
  CHECK(cache.size() == 4);
  CHECK(cache.find("4", 0, 0)->run == "later");
}
