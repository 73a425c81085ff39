// Pipelines that are submitted again and again.
#include "actors/coordination/plan_cache.hpp"

#include <catch2/catch.hpp>

using namespace artel;
using namespace artel::coordination;

namespace {
std::string text_of(int number) {
  return "pipeline: p" + std::to_string(number) + "\nsteps:\n  s: {use: core.noop}\n";
}
}  // namespace

TEST_CASE("the same text of the same file is compiled once") {
  plan_cache plans;
  const auto first = plans.compiled(text_of(1), "a.yaml");
  REQUIRE(first);
  CHECK(*plans.compiled(text_of(1), "a.yaml") == *first);
}

TEST_CASE("another text, and the same text under another name, are compiled by themselves") {
  plan_cache plans;
  const auto first = *plans.compiled(text_of(1), "a.yaml");
  CHECK((*plans.compiled(text_of(2), "a.yaml"))->definition.name == "p2");
  CHECK(*plans.compiled(text_of(1), "b.yaml") != first);
}

TEST_CASE("a text that is refused is refused again, with the name of its file") {
  plan_cache plans;
  for (int i = 0; i < 2; ++i) {
    const auto made = plans.compiled("steps: 1\n", "bad.yaml");
    REQUIRE_FALSE(made);
    CHECK(made.error().text.find("bad.yaml") != std::string::npos);
  }
}

TEST_CASE("of many texts the oldest make way") {
  plan_cache plans;
  const auto first = *plans.compiled(text_of(0), "a.yaml");
  for (int i = 1; i <= static_cast<int>(plans_cached_max); ++i)
    static_cast<void>(plans.compiled(text_of(i), "a.yaml"));
  CHECK(*plans.compiled(text_of(0), "a.yaml") != first);
}
