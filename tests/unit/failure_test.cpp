// Which failures are restarted, with how much memory, and what waits or lasts too long.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

void end(world& w, ending how, failure_cause cause, std::int32_t code = 0) {
  const auto& of = w.only();
  decision out;
  w.cluster_.report(w.cluster_.nodes().find("n1"), 11,
                    {{of.submitted().run, 0, of.at(0).attempt, how, false, "text", cause, code}},
                    w.now(), out);
  w.cluster_.place(w.now(), out);
  w.take(out);
}

std::string one_step(const std::string& rest, const std::string& top = "") {
  return "pipeline: p\n" + top + "steps:\n  a: {use: core.noop, " + rest + "}\n";
}

constexpr const char* soon = ", backoff: {min: 100ms, max: 100ms, jitter: 0}";

}  // namespace

TEST_CASE("retries that name kinds of failures are for those alone, except what is excepted") {
  const struct {
    const char* retries;
    failure_cause cause;
    std::int32_t code;
    bool again;
  } rows[] = {
      {"{max: 2, on: [75, timeout]}", failure_cause::exit_code, 75, true},
      {"{max: 2, on: [75, timeout]}", failure_cause::exit_code, 1, false},
      {"{max: 2, on: [75, timeout]}", failure_cause::timeout, 0, true},
      {"{max: 2, on: [75, timeout]}", failure_cause::other, 0, false},
      {"{max: 2, on: [64-78], except: [66]}", failure_cause::exit_code, 78, true},
      {"{max: 2, on: [64-78], except: [66]}", failure_cause::exit_code, 66, false},
      {"{max: 2, except: [2, limit]}", failure_cause::exit_code, 1, true},
      {"{max: 2, except: [2, limit]}", failure_cause::exit_code, 2, false},
      {"{max: 2, except: [2, limit]}", failure_cause::limit, 0, false},
      {"{max: 2, on: [error]}", failure_cause::other, 0, true},
      {"2", failure_cause::exit_code, 1, true},
  };
  for (const auto& one : rows) {
    INFO(one.retries << " " << static_cast<int>(one.cause) << " " << one.code);
    world w;
    w.submit(one_step(std::string("retries: ") + one.retries + soon));
    end(w, ending::failed, one.cause, one.code);
    CHECK(w.state("a") == (one.again ? step_state::backing_off : step_state::failed));
    if (!one.again)
      CHECK(w.only().text_of(0) == "text (not restarted: its retries are for others)");
  }
}

TEST_CASE("after an attempt that ran out of memory the next one gets more, up to a bound") {
  world w;
  decision out;
  hello bigger{"analyzer", "", "", 1, {4, 4'000, 100ULL << 20, 0}, {}, {"core.noop"}, {}};
  w.cluster_.join("n1", 11, bigger, w.now(), out);
  w.submit(one_step(
      std::string(
          "resources: {memory: 10MB}, on_oom: {memory_factor: 2, max: 35MB}, crash_limit: 5") +
      soon));
  const auto given = [&] { return w.last_orders.back().plan->limits.memory_bytes >> 20; };
  const auto reserved = [&] { return (100ULL << 20) - w.cluster_.nodes().at(0).free.memory_bytes; };
  CHECK(given() == 10);
  end(w, ending::crashed, failure_cause::memory);
  CHECK(reserved() == 0);
  w.pass(200);
  CHECK(given() == 20);
  CHECK(reserved() >> 20 == 20);
  end(w, ending::crashed, failure_cause::other);  // another crash changes nothing
  w.pass(200);
  CHECK(given() == 20);
  end(w, ending::crashed, failure_cause::memory);
  w.pass(200);
  CHECK(given() == 35);
  w.report("a", ending::finished);
  CHECK(reserved() == 0);
}

TEST_CASE(
    "a step whose next attempt would get more memory than any node has is poisoned and says so") {
  world w;
  decision out;
  hello bigger{"analyzer", "", "", 1, {4, 4'000, 60ULL << 20, 0}, {}, {"core.noop"}, {}};
  w.cluster_.join("n1", 11, bigger, w.now(), out);
  w.submit(one_step(std::string("resources: {memory: 40MB}, on_oom: {memory_factor: 2}") + soon));
  end(w, ending::crashed, failure_cause::memory);
  CHECK(w.state("a") == step_state::poisoned);
  CHECK(w.only().text_of(0).find("no node has the 80 MB that it would get next") !=
        std::string::npos);
}

TEST_CASE("what waits says what held it up when it gives up") {
  world w;
  const std::string yaml = one_step("wait_timeout: 5s", "max_active_runs: 1\n");
  w.submit(yaml, 1);
  w.submit(yaml, 2);
  for (int i = 0; i < 6; ++i) w.cluster_.heard(0, w.now().steady_ms), w.pass(900);
  CHECK(w.cluster_.find(run_no{2})->text_of(0) ==
        "it has not started within its wait_timeout of 5000 ms: as many runs of its pipeline have "
        "begun as max_active_runs allows (1)");
}

TEST_CASE("what no node has had room for within its wait_timeout fails without an attempt") {
  world w(1);
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n  b: {use: core.noop, wait_timeout: 5s}\n  c: "
      "{use: "
      "core.noop, needs: [a], wait_timeout: 5s}\n");
  w.pass(900);
  decision out;
  CHECK(w.state("b") == step_state::ready);
  for (int i = 0; i < 5; ++i) w.cluster_.heard(0, w.now().steady_ms), w.pass(900);
  CHECK(w.state("b") == step_state::failed);
  CHECK(w.only().text_of(1) ==
        "it has not started within its wait_timeout of 5000 ms: no node had room for it");
  w.report("a", ending::finished);  // c's time begins now
  CHECK(w.state("c") == step_state::running);
  for (int i = 0; i < 7; ++i) w.cluster_.heard(0, w.now().steady_ms), w.pass(900);
  CHECK(w.state("c") == step_state::running);  // once started it does not wait
}

TEST_CASE("a run that takes longer than its timeout is stopped and has failed") {
  world w;
  w.submit(one_step("retries: 3", "timeout: 2s\n"));
  w.pass(900);
  w.cluster_.heard(0, w.now().steady_ms);
  w.pass(900);
  w.cluster_.heard(0, w.now().steady_ms);
  CHECK(w.only().state() == run_state::running);
  w.pass(300);
  CHECK(w.orders(order::kind::cancel) == 1);
  w.report("a", ending::cancelled);
  CHECK(w.only().state() == run_state::failed);
  CHECK(w.only().reason() == "it ran out of time: its timeout is 2000 ms");
}

TEST_CASE("mistakes in retries, on_oom and timeouts name their place") {
  const auto error_of = [](const std::string& step) {
    const auto made = coordination::compile(one_step(step), "p.yaml");
    return made ? "" : made.error().text;
  };
  CHECK(error_of("retries: {on: [1]}") ==
        "p.yaml:3:32: step 'a': retries: 'max' is missing: how many restarts at most");
  CHECK(error_of("retries: {max: 1, on: [timeot]}") ==
        "p.yaml:3:45: step 'a': retries.on: expected an exit code such as 75, several such as "
        "64-78, timeout, limit or error, found 'timeot'; did you mean 'timeout'?");
  CHECK(error_of("retries: {max: 1, on: [0]}").find("found '0'") != std::string::npos);
  CHECK(error_of("on_oom: {memory_factor: 2}") ==
        "p.yaml:3:31: step 'a': on_oom: the step has no memory to begin with; add 'resources: "
        "{memory: …}'");
  CHECK(
      error_of("resources: {memory: 1MB}, on_oom: {max: 2MB}").find("'memory_factor' is missing") !=
      std::string::npos);
}
