// How groups become part of a graph, and which can not be.
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

std::string refusal(const std::string& yaml) {
  const auto plan = coordination::compile(yaml, "test.yaml");
  return plan ? std::string() : plan.error().text;
}

}  // namespace

TEST_CASE(
    "a group in needs stands for its members, and its own needs are for members that need none") {
  const auto plan = compiled(R"(
pipeline: p
groups: {g: {needs: [start]}, h: {strategy: rest_for_one, needs: [g]}}
steps:
  start: {use: core.noop}
  a: {use: core.noop, group: g}
  b: {use: core.noop, group: g, needs: [a]}
  c: {use: core.noop, group: h}
  d: {use: core.noop, needs: [h, a]}
)");
  const auto needs = [&](const char* name) {
    std::string text;
    for (const auto& each : plan->definition.steps[plan->by_name.at(name)].needs) text += each;
    return text;
  };
  CHECK(needs("a") == "start");
  CHECK(needs("b") == "a");
  CHECK(needs("c") == "ab");
  CHECK(needs("d") == "ac");
}

TEST_CASE("groups that can not be are refused with their place") {
  const std::string head = "pipeline: p\ngroups:\n  g: {strategy: one_for_all}\n";
  const auto has = [](const std::string& yaml, const std::string& what) {
    INFO(refusal(yaml));
    return refusal(yaml).find(what) != std::string::npos;
  };
  CHECK(has(head + "steps:\n  a: {use: core.noop, group: x}\n",
            "test.yaml:5:30: step 'a': group: there is no 'x' under 'groups'"));
  CHECK(has(head + "steps:\n  a: {use: core.noop}\n",
            "test.yaml:3:3: group 'g' has no steps; give them 'group: g', or remove it"));
  CHECK(
      has(head + "steps:\n  g: {use: core.noop, group: g}\n", "step 'g' has the name of a group"));
  CHECK(has(head + "steps:\n  a: {use: core.noop, group: g, needs: [g]}\n",
            "step 'a' needs its own group 'g'"));
  CHECK(has(head + "steps:\n  a: {use: core.noop, group: g}\non_exit:\n  b: {use: core.noop, "
                   "group: g}\n",
            "step 'b': group: handlers are in no group"));
  CHECK(
      has("pipeline: p\ngroups: {g: {strategy: all_for_one}}\nsteps:\n  a: {use: core.noop, "
          "group: g}\n",
          "groups.g.strategy: expected one_for_one, one_for_all or rest_for_one"));
  const std::string around =
      "steps:\n  a: {use: core.noop, group: g}\n  b: {use: core.noop, needs: [a]}\n"
      "  c: {use: core.noop, group: g, needs: [b]}\n";
  CHECK(has(head + around,
            "test.yaml:6:3: step 'b' waits until group 'g' has ended, and the group waits for what "
            "comes after this step"));
  CHECK(refusal("pipeline: p\ngroups: {g: }\n" + around).empty());  // one_for_one
  CHECK(
      has("pipeline: p\ngroups: {g: {strategy: one_for_all}, h: {strategy: one_for_all}}\n"
          "steps:\n  a: {use: core.noop, group: g}\n  b: {use: core.noop, group: h, needs: [a]}\n"
          "  c: {use: core.noop, group: h}\n  d: {use: core.noop, group: g, needs: [c]}\n",
          "waits until group"));
}
