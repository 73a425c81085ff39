// Trigger rules and conditions: the table of docs/PIPELINES.md, and how they travel down a graph.
#include "actors/core/trigger.hpp"

#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::core;
using namespace artel::tests;

namespace {

constexpr const char* names[] = {"wait", "start", "skip", "not_reached"};

/// What a rule says when the two needs have ended so ('o': open, 's'ucceeded, 'f'ailed, s'k'ipped,
/// f'g'iven: failed with allow_failure, 'n'ot reached).
std::string says(trigger_rule rule, const std::string& ends) {
  needs_tally needs;
  needs.all = static_cast<std::uint32_t>(ends.size());
  for (const char c : ends)
    if (c != 'o')
      needs.count(c == 's'   ? step_end::succeeded
                  : c == 'f' ? step_end::failed
                  : c == 'k' ? step_end::skipped
                  : c == 'g' ? step_end::forgiven
                             : step_end::not_reached);
  return names[static_cast<int>(ask(rule, needs))];
}

/// a and b as told, then c, which needs both: what became of c.
step_state fate(const std::string& rule, ending a, ending b, const std::string& more = "") {
  world w;
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop" + more +
           "}\n  b: {use: core.noop}\n  c: {use: core.noop, needs: [a, b], trigger: " + rule +
           "}\n");
  w.report("a", a), w.report("b", b);
  return w.state("c");
}

}  // namespace

TEST_CASE("every trigger rule says what its row of the table says") {
  const std::vector<std::string> ends{"oo", "so", "fo", "ko", "ss", "sf",
                                      "sk", "ff", "fk", "kk", "gs", "ns"};
  const std::vector<std::pair<trigger_rule, std::vector<std::string>>> rows{
      {trigger_rule::all_success,
       {"wait", "wait", "not_reached", "wait", "start", "not_reached", "skip", "not_reached",
        "not_reached", "skip", "start", "not_reached"}},
      {trigger_rule::all_done,
       {"wait", "wait", "wait", "wait", "start", "start", "start", "start", "start", "start",
        "start", "start"}},
      {trigger_rule::all_failed,
       {"wait", "wait", "wait", "wait", "skip", "skip", "skip", "start", "skip", "skip", "skip",
        "skip"}},
      {trigger_rule::any_success,
       {"wait", "start", "wait", "wait", "start", "start", "start", "not_reached", "not_reached",
        "skip", "start", "start"}},
      {trigger_rule::any_failed,
       {"wait", "wait", "start", "wait", "skip", "start", "skip", "start", "start", "skip", "start",
        "start"}},
      {trigger_rule::none_failed,
       {"wait", "wait", "not_reached", "wait", "start", "not_reached", "start", "not_reached",
        "not_reached", "start", "start", "not_reached"}},
      {trigger_rule::none_skipped,
       {"wait", "wait", "wait", "wait", "start", "start", "skip", "start", "skip", "skip", "start",
        "start"}},
      {trigger_rule::always,
       {"start", "start", "start", "start", "start", "start", "start", "start", "start", "start",
        "start", "start"}},
  };
  for (const auto& [rule, expected] : rows)
    for (std::size_t i = 0; i < ends.size(); ++i) {
      INFO(to_text(rule) << " " << ends[i]);
      CHECK(says(rule, ends[i]) == expected[i]);
    }
}

TEST_CASE("a step with a trigger rule starts, or is skipped, as its needs end") {
  using enum ending;
  CHECK(fate("any_failed", failed, finished) == step_state::running);
  CHECK(fate("any_failed", finished, finished) == step_state::skipped);
  CHECK(fate("all_done", failed, finished) == step_state::running);
  CHECK(fate("all_failed", failed, finished) == step_state::skipped);
  CHECK(fate("any_success", failed, finished) == step_state::running);
  CHECK(fate("none_failed", failed, finished) == step_state::skipped);
  CHECK(fate("none_failed", failed, finished, ", allow_failure: true") == step_state::running);
  CHECK(fate("any_failed", failed, finished, ", allow_failure: true") == step_state::running);
}

TEST_CASE("any_failed does not wait for the others, and always waits for nobody") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n  b: {use: core.noop}\n"
      "  c: {use: core.noop, needs: [a, b], trigger: any_failed}\n"
      "  d: {use: core.noop, needs: [a, b], trigger: always}\n");
  CHECK(w.state("d") == step_state::running);
  w.report("a", ending::failed);
  CHECK(w.state("c") == step_state::running);
}

TEST_CASE("a condition that is false skips the step, and what needs it by its own rule") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n"
      "  b: {use: core.noop, needs: [a], when: steps.a.result.rows > 10}\n"
      "  c: {use: core.noop, needs: [b]}\n"
      "  d: {use: core.noop, needs: [b], trigger: none_failed, when: \"steps.b.state == "
      "'skipped'\"}\n"
      "  e: {use: core.noop, needs: [a], when: \"default(steps.a.result.more, true)\"}\n");
  decision out;
  w.cluster_.report(0, 11,
                    {{w.only().submitted().run, 0, 1, ending::finished, false, R"({"rows":5})"}},
                    w.now(), out);
  w.cluster_.place(w.now(), out);
  CHECK(w.state("b") == step_state::skipped);
  CHECK(w.only().text_of(1) == "its condition is false: steps.a.result.rows > 10");
  CHECK(w.state("c") == step_state::skipped);
  CHECK(w.only().text_of(2) == "'b' was skipped");
  CHECK(w.state("d") == step_state::running);
  CHECK(w.state("e") == step_state::running);
  w.report("d", ending::finished), w.report("e", ending::finished);
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("a run all of whose steps are skipped at once has ended when it is accepted") {
  world w;
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop, when: 1 > 2}\n");
  CHECK(w.only().state() == run_state::succeeded);
}

TEST_CASE("a condition or a text that can not be computed fails its step without an attempt") {
  world w;
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop}\n"
      "  b: {use: core.noop, needs: [a], when: steps.a.result.rows > 10, retries: 3}\n"
      "  c: {use: core.noop, needs: [a], with: {}, env: {N: \"${steps.a.result.n}\"}, retries: 3}\n"
      "  d: {use: core.noop, needs: [b, c], trigger: all_failed}\n");
  w.report("a", ending::finished);  // its result is no JSON object
  CHECK(w.state("b") == step_state::failed);
  CHECK(w.only().text_of(1).find("when: ") == 0);
  CHECK(w.state("c") == step_state::failed);
  CHECK(w.only().text_of(2).find("${steps.a.result.n}") != std::string::npos);
  CHECK(w.only().at(2).attempt == 0);
  CHECK(w.state("d") == step_state::running);
  w.report("d", ending::finished);
  CHECK(w.only().state() == run_state::failed);
}
