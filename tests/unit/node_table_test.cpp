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

TEST_CASE(
    "an attempt goes to the node with most free slots, the first of those that have as many") {
  node_table nodes;
  resource_request nothing;
  nothing.cpu_milli = 0;
  for (const auto& [name, slots] : {std::pair{"a", 2U}, {"b", 3U}, {"c", 3U}, {"d", 0U}}) {
    hello said;
    said.capacity.slots = slots;
    nodes.join(nodes.index_of(name), 1, said, 0);
  }
  std::string order;
  while (nodes.has_free_slot()) {
    const auto index = nodes.place(nothing, "");
    REQUIRE(index != node_table::no_such);
    order += nodes.at(index).name;
    nodes.reserve(index, nothing);
  }
  CHECK(order == "bcabcabc");
  CHECK(nodes.place(nothing, "") == node_table::no_such);
  nodes.release(nodes.find("c"), nothing);
  CHECK(nodes.place(nothing, "") == nodes.find("c"));
}

TEST_CASE("a node that is drained, leaves or is lost gets nothing, until it is back") {
  node_table nodes;
  resource_request nothing;
  nothing.cpu_milli = 0;
  hello said;
  said.capacity.slots = 1;
  const auto one = nodes.index_of("one");
  nodes.join(one, 1, said, 0);
  CHECK(nodes.has_free_slot());
  nodes.set_drained(one, true);
  CHECK_FALSE(nodes.has_free_slot());
  nodes.set_drained(one, false);
  CHECK(nodes.place(nothing, "") == one);
  nodes.note_leaving(one);
  CHECK_FALSE(nodes.has_free_slot());
  nodes.join(one, 2, said, 0);
  CHECK(nodes.place(nothing, "") == one);
  nodes.mark(one, node_state::lost);
  CHECK_FALSE(nodes.has_free_slot());
}

}  // namespace
}  // namespace artel::core
