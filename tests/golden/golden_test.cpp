// The bytes of every message, kept: a changed field order, type or number shows here before it
// meets an older peer.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>

#include "messages/wire/envelope.hpp"
#include "tests/support/samples.hpp"

using namespace artel;

namespace {

std::string frame_of(const auto& message) {
  wire::envelope head;
  head.sender = "node-1";
  head.session = 0x1122334455667788;
  head.sequence = 7;
  head.ack = 5;
  return wire::seal(head, message);
}

std::map<std::string, std::string> read_golden() {
  std::map<std::string, std::string> all;
  std::ifstream in(ARTEL_GOLDEN_FILE);
  for (std::string name, hex; in >> name >> hex;) all[name] = hex;
  return all;
}

}  // namespace

TEST_CASE("every message has the bytes that it had when it was first released") {
  if (std::getenv("ARTEL_WRITE_GOLDEN") != nullptr) {
    std::ofstream out(ARTEL_GOLDEN_FILE);
    tests::each_sample([&](auto name, auto, const auto& message) {
      out << name << ' ' << tests::to_hex(frame_of(message)) << '\n';
    });
  }
  const auto golden = read_golden();
  std::size_t seen = 0;
  tests::each_sample([&](std::string_view name, message_no, const auto& message) {
    INFO(name);
    REQUIRE(golden.contains(std::string(name)));
    CHECK(tests::to_hex(frame_of(message)) == golden.at(std::string(name)));
    ++seen;
  });
  CHECK(golden.size() == seen);
}

TEST_CASE("catalog numbers are unique and every number finds its name") {
  std::map<message_no, std::string> numbers;
  tests::each_sample([&](std::string_view name, message_no number, const auto& message) {
    CHECK(numbers.emplace(number, name).second);
    CHECK(name_of(number) == name);
    CHECK(number_of<std::decay_t<decltype(message)>>() == number);
  });
  CHECK(name_of(0x7fff).empty());
}
