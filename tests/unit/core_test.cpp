#include <catch2/catch.hpp>

#include "actors/core/graph.hpp"
#include "actors/core/node_table.hpp"
#include "actors/core/restart_budget.hpp"
#include "messages/dispatch.hpp"
#include "messages/spelling.hpp"

using namespace artel;
using namespace artel::core;

namespace {

pipeline_definition steps_needing(
    std::vector<std::pair<std::string, std::vector<std::string>>> all) {
  pipeline_definition made;
  made.file = "p.yaml";
  std::uint32_t line = 1;
  for (auto& [name, needs] : all) {
    step_definition step;
    step.name = name;
    step.needs = needs;
    step.place = {line++, 3};
    made.steps.push_back(step);
  }
  return made;
}

std::string error_of(pipeline_definition definition) {
  const auto built = build_graph(std::move(definition));
  return built ? "" : built.error().text;
}

}  // namespace

TEST_CASE("a cycle is refused and names the steps on it") {
  CHECK(error_of(steps_needing({{"a", {"c"}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {}}})) ==
        "p.yaml:1:3: the steps form a cycle: 'a' needs 'c' needs 'b' needs 'a'; remove one of "
        "these needs");
  CHECK(error_of(steps_needing({{"a", {"a"}}})).find("'a' needs 'a'") != std::string::npos);
}

TEST_CASE("steps that only lie behind a cycle are not blamed for it") {
  const auto text = error_of(steps_needing({{"behind", {"x"}}, {"x", {"y"}}, {"y", {"x"}}}));
  CHECK(text.find("behind") == std::string::npos);
}

TEST_CASE("a need that names no step is refused with its place and a suggestion") {
  CHECK(error_of(steps_needing({{"parse", {}}, {"docs", {"prase"}}})) ==
        "p.yaml:2:3: step 'docs' needs 'prase', which is not a step of this pipeline; did you mean "
        "'parse'?");
  CHECK(error_of(steps_needing({{"a", {}}, {"b", {"a", "a"}}})).find("twice") != std::string::npos);
}

TEST_CASE("instances are numbered through the run and find their step and name") {
  auto definition = steps_needing({{"one", {}}, {"many", {}}, {"last", {}}});
  definition.steps[1].instances = 10;
  const auto built = build_graph(definition);
  REQUIRE(built);
  CHECK((*built)->instance_count == 12);
  CHECK((*built)->step_of(0) == 0);
  CHECK((*built)->step_of(1) == 1);
  CHECK((*built)->step_of(10) == 1);
  CHECK((*built)->step_of(11) == 2);
}

TEST_CASE("more instances than the bound are refused") {
  auto definition = steps_needing({{"a", {}}, {"b", {}}});
  definition.steps[0].instances = definition.steps[1].instances = 600'000;
  CHECK(error_of(definition).find("more than 1100000 step instances") != std::string::npos);
}

TEST_CASE("a budget lets exactly max_restarts through within its window") {
  restart_budget budget({2, 1'000});
  CHECK(budget.note(0));
  CHECK(budget.note(500));
  CHECK_FALSE(budget.note(1'000));  // the first is exactly a window old and still counts
  restart_budget later({2, 1'000});
  later.note(0), later.note(500);
  CHECK(later.note(1'001));
  restart_budget none({0, 1'000});
  CHECK_FALSE(none.note(0));
}

TEST_CASE("placement takes the node with most room that fits, and explains those that do not") {
  node_table nodes;
  const auto join = [&](const char* name, node_capacity capacity, std::vector<std::string> labels) {
    hello what;
    what.kind = "trainer";
    what.capacity = capacity;
    what.labels = std::move(labels);
    nodes.join(nodes.index_of(name), 1, what, 0);
  };
  join("small", {1, 1'000, 1 << 20, 0}, {});
  join("big", {8, 8'000, 1 << 30, 1}, {"gpu"});
  CHECK(nodes.at(nodes.place({}, "")).name == "big");
  resource_request wide;
  wide.cpu_milli = 2'000;
  CHECK(nodes.explain(0, wide, "").why == "has 1.000 cores in all, the step asks for 2.000");
  CHECK(nodes.explain(0, wide, "").never);
  nodes.reserve(0, {});
  CHECK(nodes.explain(0, {}, "").why == "has all its 1 slots taken");
  CHECK_FALSE(nodes.explain(0, {}, "").never);
  resource_request labelled;
  labelled.labels = {"gpu", "trainer"};  // a node's kind is one of its labels
  CHECK(nodes.explain(1, labelled, "").ok);
  nodes.mark(1, node_state::lost);
  CHECK(nodes.place(labelled, "") == node_table::no_such);
}

TEST_CASE("a suggestion is made for a near miss only") {
  const std::vector<std::string> known{"needs", "timeout"};
  CHECK(did_you_mean("nedes", known) == "; did you mean 'needs'?");
  CHECK(did_you_mean("zzzzzz", known).empty());
}
