#include <catch2/catch.hpp>

#include "actors/core/node_table.hpp"

namespace artel::core {
namespace {

TEST_CASE(
    "a node that gets smaller keeps what it runs and gets nothing until that is fewer than its "
    "slots") {
  node_table nodes;
  hello said;
  said.capacity = {4, 8'000, 1U << 30, 0, {}};
  const auto one = nodes.index_of("one");
  nodes.join(one, 7, said, 0);
  resource_request asked;
  asked.cpu_milli = 1'000;
  said.capacity.slots = 2;
  nodes.join(one, 7, said, 0);
  for (int i = 0; i < 4; ++i) {
    REQUIRE(nodes.has_room(one, asked, true));
    nodes.reserve(one, asked, true);
  }
  CHECK(nodes.at(one).running == 4);
  for (const bool room : {false, false, true, true}) {
    nodes.release(one, asked);
    CHECK(nodes.has_room(one, asked) == room);
  }
  CHECK(nodes.at(one).free.slots == 2);
}

}  // namespace
}  // namespace artel::core
