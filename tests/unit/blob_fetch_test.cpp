// Transfers of blobs: credit, losses, nodes that fail, and what several attempts want at once.
#include <catch2/catch.hpp>
#include <deque>

#include "actors/work/blob_fetch.hpp"
#include "tests/simulation/memory_store.hpp"

using namespace artel;
using namespace artel::work;
using artel::simulation::memory_store;

namespace {

const attempt_ref first{make_run_id(1, 2, 3), 0, 1}, second{make_run_id(1, 2, 3), 1, 1};

/// Two stores and the requests between them; pieces are as large as they may be.
struct exchange {
  memory_store here{"here"}, there{"there"};
  std::deque<read_blob> asked;
  std::map<instance_no, std::string> ended;  ///< by instance of the attempt; "" good
  std::vector<gone_blob> gone;               ///< of the last that ended
  std::size_t pieces = 0;
  std::function<bool(const blob_piece&)> loses = [](const blob_piece&) { return false; };
  blob_fetch fetch{here,
                   {[this](read_blob what) { asked.push_back(std::move(what)); },
                    [this](const attempt_ref& ref, const std::string& problem,
                           const std::vector<gone_blob>& all) {
                      ended[ref.instance] = problem;
                      gone = all;
                    }}};

  void answer(std::int64_t now_ms) {
    while (!asked.empty()) {
      const auto what = asked.front();
      asked.pop_front();
      const auto* blob = there.find(what.hash);
      if (blob == nullptr) {
        fetch.on_piece({what.node, what.hash, what.offset, 0, {}, "node 'n' has it no more", true},
                       now_ms);
        continue;
      }
      const auto end = std::min<std::uint64_t>(blob->size(), what.offset + what.size);
      for (auto at = what.offset; at < end || at == blob->size(); at += piece_bytes_max) {
        ++pieces;
        blob_piece piece{what.node,
                         what.hash,
                         at,
                         blob->size(),
                         {blob->substr(at, std::min<std::uint64_t>(piece_bytes_max, end - at))},
                         {}};
        if (!loses(piece)) fetch.on_piece(piece, now_ms);
        if (at + piece_bytes_max >= end) break;
      }
    }
  }
  std::string put(std::size_t size, char with = 'x') { return there.put(std::string(size, with)); }
};

std::vector<input_blob> wants(const std::string& hash, std::uint64_t size, bool folder = false,
                              std::vector<std::string> nodes = {"n"}) {
  return {{"in", hash, size, folder, false, std::move(nodes)}};
}

}  // namespace

TEST_CASE("a large blob comes piece by piece, with no more under way than the credit allows") {
  exchange net;
  const auto hash = net.put(5 * bytes_asked_max + 7);
  net.fetch.want(first, wants(hash, 5 * bytes_asked_max + 7), 0);
  std::uint64_t asked = 0;
  for (const auto& each : net.asked) asked += each.size;
  CHECK(asked == bytes_asked_max);
  net.answer(0);
  CHECK(net.ended.at(0).empty());
  CHECK(net.here.has(hash));
  CHECK(net.pieces <= (5 * bytes_asked_max + 7) / piece_bytes_max + 3);
}

TEST_CASE("an empty blob, and one as large as a piece or the credit, come as well") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, piece_bytes_max,
                                 bytes_asked_max / 2, bytes_asked_max, bytes_asked_max + 1}) {
    INFO(size);
    exchange net;
    const auto hash = net.put(size);
    net.fetch.want(first, wants(hash, size), 0);
    net.answer(0);
    REQUIRE(net.ended.contains(0));
    CHECK(net.ended.at(0).empty());
    CHECK(net.fetch.idle());
  }
}

TEST_CASE("a piece that is lost is asked for again, and what had come before it is kept") {
  exchange net;
  const auto hash = net.put(4 * piece_bytes_max);
  bool lost = false;
  net.loses = [&](const blob_piece& piece) {
    return piece.offset == 2 * piece_bytes_max && !std::exchange(lost, true);
  };
  net.fetch.want(first, wants(hash, 4 * piece_bytes_max), 0);
  net.answer(0);
  CHECK(net.ended.empty());
  net.fetch.tick(500);
  CHECK(net.asked.empty());
  net.fetch.tick(1'000);
  REQUIRE(!net.asked.empty());
  CHECK(net.asked.front().offset == 2 * piece_bytes_max);
  net.answer(1'000);
  CHECK(net.ended.at(0).empty());
}

TEST_CASE("a transfer that was cut off goes on where it had stopped") {
  exchange net;
  const auto hash = net.put(3 * piece_bytes_max);
  REQUIRE(net.here.add(hash, std::string(2 * piece_bytes_max, 'x')));
  net.fetch.want(first, wants(hash, 3 * piece_bytes_max), 0);
  CHECK(net.asked.front().offset == 2 * piece_bytes_max);
  net.answer(0);
  CHECK(net.ended.at(0).empty());

  SECTION("also when nothing was missing but the end") {
    exchange other;
    const auto all = other.put(100);
    REQUIRE(other.here.add(all, std::string(100, 'x')));
    other.fetch.want(first, wants(all, 100), 0);
    other.answer(0);
    CHECK(other.ended.at(0).empty());
  }
}

TEST_CASE(
    "what is not what its hash says is fetched once more, then from another node, then given up") {
  exchange net;
  const auto hash = net.put(10);
  REQUIRE(net.here.add(hash, "spoilt"));
  net.fetch.want(first, wants(hash, 10), 0);
  net.answer(0);
  CHECK(net.ended.at(0).empty());

  exchange liar;
  const auto wanted = memory_store::hash_of("something else");
  std::vector<std::string> nodes;
  liar.fetch.want(first, wants(wanted, 5, false, {"n", "m"}), 0);
  for (int i = 0; i < 50 && !liar.asked.empty(); ++i) {
    const auto what = liar.asked.front();
    liar.asked.pop_front();
    if (what.offset != 0) continue;
    nodes.push_back(what.node);
    liar.fetch.on_piece({what.node, what.hash, 0, 5, {"wrong"}, {}}, 0);
  }
  CHECK(nodes == std::vector<std::string>{"n", "n", "m", "m"});
  CHECK(liar.ended.at(0) == "other content");
  CHECK(liar.fetch.idle());
}

TEST_CASE(
    "a node that has it no more, or does not answer, makes way for the next, then that is told") {
  exchange net;
  const auto hash = memory_store::hash_of("nobody has it");
  net.fetch.want(first, wants(hash, 14), 0);
  net.answer(0);
  CHECK(net.ended.at(0) == "node 'n' has it no more");
  REQUIRE(net.gone.size() == 1);
  CHECK(net.gone[0].hash == hash);
  CHECK(net.gone[0].node == "n");

  exchange silent;
  silent.fetch.want(first, wants(silent.put(10), 10, false, {"n", "m"}), 0);
  std::int64_t now = 0;
  for (; silent.ended.empty() && now < 2'000'000; now += 500) {
    silent.asked.clear();
    silent.fetch.tick(now);
  }
  CHECK(silent.ended.at(0) == "node 'm' does not answer");
  CHECK(now > 600'000);
  CHECK(silent.gone.empty());  // it may have it
}

TEST_CASE(
    "what two attempts want comes once, and one that is stopped does not take it from the other") {
  exchange net;
  const auto hash = net.put(10);
  net.fetch.want(first, wants(hash, 10), 0);
  net.fetch.want(second, wants(hash, 10), 0);
  net.fetch.forget(first);
  net.answer(0);
  CHECK(net.pieces == 1);
  CHECK(!net.ended.contains(0));
  CHECK(net.ended.at(1).empty());

  SECTION("and what is here already is not asked for") {
    net.fetch.want(first, wants(hash, 10), 0);
    CHECK(net.asked.empty());
    CHECK(net.ended.at(0).empty());
  }
}

TEST_CASE("a folder comes with all its files, however many") {
  exchange net;
  std::vector<folder_entry> list;
  for (int i = 0; i < 100; ++i) {
    const auto content = "file " + std::to_string(i % 50);
    list.push_back({'f', net.there.put(content), content.size(), "f" + std::to_string(i)});
  }
  list.push_back({'d', "-", 0, "empty"});
  const auto hash = net.there.put(to_text(list));
  net.fetch.want(first, wants(hash, 0, true), 0);
  std::size_t most = 0;
  while (!net.asked.empty()) {
    most = std::max(most, net.asked.size());
    net.answer(0);
  }
  CHECK(net.ended.at(0).empty());
  for (const auto& each : list) CHECK((each.kind == 'd' || net.here.has(each.hash)));

  SECTION("and one whose list can not be read is told") {
    exchange bad;
    bad.fetch.want(first, wants(bad.there.put("f x y z"), 0, true), 0);
    bad.answer(0);
    CHECK(bad.ended.at(0) == "the list of a folder's files can not be read");
  }
}

TEST_CASE(
    "what is larger than it should be is not taken, and what an earlier life had too much of is "
    "dropped") {
  exchange net;
  const auto hash = net.put(10);
  net.fetch.want(first, wants(hash, 9), 0);
  net.answer(0);
  CHECK(net.ended.at(0) == "node 'n' has it in another size");

  exchange other;
  const auto all = other.put(10);
  REQUIRE(other.here.add(all, std::string(11, 'x')));
  other.fetch.want(first, wants(all, 10), 0);
  other.answer(0);
  CHECK(other.ended.at(0).empty());
}
