#include <catch2/catch.hpp>
#include <deque>

#include "actors/core/random.hpp"
#include "actors/core/reliable_link.hpp"

using artel::core::link_limits;
using artel::core::reliable_link;
using verdict = artel::core::reliable_link::verdict;

TEST_CASE("frames are delivered once and in order, repeats and gaps are told apart") {
  reliable_link link;
  CHECK(link.receive(1) == verdict::deliver);
  CHECK(link.receive(1) == verdict::duplicate);
  CHECK(link.receive(3) == verdict::gap);
  CHECK(link.receive(2) == verdict::deliver);
  CHECK(link.received() == 2);
}

TEST_CASE("a frame is kept until it is acknowledged and resent when asked") {
  reliable_link link;
  for (const char* frame : {"a", "b", "c"}) link.keep(frame);
  CHECK(link.acknowledged(1));
  std::string again;
  link.resend_after(0, [&](const std::string& frame) { again += frame; });
  CHECK(again == "bc");
  again.clear();
  link.resend_after(2, [&](const std::string& frame) { again += frame; });
  CHECK(again == "c");
  CHECK_FALSE(link.idle());
  CHECK(link.acknowledged(3));
  CHECK(link.idle());
}

TEST_CASE("an ack of a frame that was never sent changes nothing") {
  reliable_link link;
  link.keep("a");
  CHECK_FALSE(link.acknowledged(2));
  CHECK_FALSE(link.idle());
}

TEST_CASE("frames settle in any order but the ack covers only the unbroken prefix") {
  reliable_link link;
  for (std::uint64_t i = 1; i <= 4; ++i) link.receive(i);
  link.settle(2);
  link.settle(4);
  CHECK(link.settled() == 0);
  link.settle(1);
  CHECK(link.settled() == 2);
  link.settle(3);
  CHECK(link.settled() == 4);
  link.settle(9);  // never received
  CHECK(link.settled() == 4);
}

TEST_CASE("a link is full at its bound in frames or in bytes and free again after an ack") {
  reliable_link by_frames(link_limits{2, 1'000});
  by_frames.keep("a");
  CHECK_FALSE(by_frames.full());
  by_frames.keep("b");
  CHECK(by_frames.full());
  by_frames.acknowledged(1);
  CHECK_FALSE(by_frames.full());
  reliable_link by_bytes(link_limits{100, 10});
  by_bytes.keep(std::string(10, 'x'));
  CHECK(by_bytes.full());
}

TEST_CASE(
    "over a line that loses, repeats and cuts, everything arrives exactly once and in order") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    artel::core::random_source chance(seed);
    reliable_link sender, receiver;
    std::deque<std::pair<std::uint64_t, std::string>> line;
    std::vector<std::string> arrived;
    const auto put = [&](std::uint64_t sequence, const std::string& frame) {
      const auto fate = chance.next() % 10;
      if (fate < 3) return;  // lost
      line.emplace_back(sequence, frame);
      if (fate == 3) line.emplace_back(sequence, frame);  // repeated
    };
    for (int turn = 0; turn < 4'000 && arrived.size() < 200; ++turn) {
      if (sender.sent() < 200) {
        const auto sequence = sender.next_sequence();
        const auto frame = std::to_string(sequence);
        sender.keep(frame);
        put(sequence, frame);
      }
      if (chance.next() % 20 == 0) line.clear();  // the connection breaks
      while (!line.empty()) {
        const auto [sequence, frame] = line.front();
        line.pop_front();
        if (receiver.receive(sequence) == verdict::deliver)
          arrived.push_back(frame), receiver.settle(sequence);
      }
      if (chance.next() % 3 == 0) {  // a heartbeat gets through: ack, and resend of what is missing
        sender.acknowledged(receiver.settled());
        std::uint64_t sequence = receiver.received();
        if (receiver.missing(sender.sent()))
          sender.resend_after(receiver.received(),
                              [&](const std::string& frame) { put(++sequence, frame); });
      }
    }
    REQUIRE(arrived.size() == 200);
    for (std::size_t i = 0; i < arrived.size(); ++i) REQUIRE(arrived[i] == std::to_string(i + 1));
  }
}

TEST_CASE("frames, acks and settlements of an earlier link mean nothing on a later one") {
  reliable_link later({}, 1'000);
  CHECK(later.next_sequence() == 1'001);
  later.keep("one");
  CHECK(later.acknowledged(7));
  CHECK_FALSE(later.idle());
  CHECK(later.receive(7) == reliable_link::verdict::duplicate);
  CHECK(later.receive(1'001) == reliable_link::verdict::deliver);
  CHECK_FALSE(later.settle(7));
  CHECK(later.settled() == 1'000);
  CHECK(later.settle(1'001));
  CHECK(later.acknowledged(1'001));
  CHECK(later.idle());
}
