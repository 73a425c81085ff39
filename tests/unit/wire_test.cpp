#include <catch2/catch.hpp>

#include "messages/wire/stream.hpp"
#include "tests/support/samples.hpp"

using namespace artel;

namespace {

// Messages of the wrong shape, to be decoded as the right one.
struct spoiled {
  std::vector<std::string> reports;
  ARTEL_FIELDS(spoiled, reports);
};
struct wide {
  std::string text, version;
  std::uint64_t pid = 1ULL << 40, nodes = 0;
  ARTEL_FIELDS(wide, text, version, pid, nodes);
};
struct odd {
  unsigned state = 99;
  std::vector<std::string> reasons;
  ARTEL_FIELDS(odd, state, reasons);
};

/// Decodes a body as the message type of `like` and gives the error text, "" when it decodes to the
/// same.
template <class Message>
std::string decode(std::string_view body, const Message& like) {
  const auto got = wire::unpack<Message>(body);
  if (!got) return got.error().text;
  return *got == like ? "" : "decoded to something else";
}

}  // namespace

TEST_CASE("every message comes back from its bytes as it was") {
  tests::each_sample([](std::string_view name, message_no, const auto& message) {
    INFO(name);
    CHECK(decode(wire::pack(message), message).empty());
  });
}

TEST_CASE("a message cut anywhere is an error that says where, never a message") {
  tests::each_sample([](std::string_view name, message_no, const auto& message) {
    const auto whole = wire::pack(message);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      INFO(name << " cut to " << size);
      CHECK(decode(std::string_view(whole).substr(0, size), message).find("cut short") !=
            std::string::npos);
    }
  });
}

TEST_CASE("bytes after the end, missing and additional fields are refused") {
  const ping message{"x"};
  CHECK(decode(wire::pack(message) + "\x01", message).find("1 bytes after the end") !=
        std::string::npos);
  CHECK(decode(std::string("\x90", 1), message).find("expected 1 fields, found 0") !=
        std::string::npos);
  CHECK(decode(std::string("\x92\xa1x\x01", 4), message).find("expected 1 fields, found 2") !=
        std::string::npos);
}

TEST_CASE("an error names the field, the index, what was expected and what was found") {
  const auto got = wire::unpack<steps_reported>(wire::pack(spoiled{{"not a report"}}));
  REQUIRE_FALSE(got);
  CHECK(got.error().text == "reports[0]: expected an array, found text");
}

TEST_CASE("a number beyond its field's type is refused rather than cut") {
  const auto got = wire::unpack<pong>(wire::pack(wide{}));
  REQUIRE_FALSE(got);
  CHECK(got.error().text == "pid: expected at most 4294967295, found 1099511627776");
}

TEST_CASE("an unknown state number is refused") {
  CHECK_FALSE(wire::unpack<step_explained>(wire::pack(odd{})));
}

TEST_CASE("counts that promise more than the bytes hold cost nothing and are refused") {
  // 5 bytes that announce four thousand million elements.
  CHECK(decode(std::string("\xdd\xff\xff\xff\xff", 5), ping{}).find("items (limit") !=
        std::string::npos);
  CHECK(decode(std::string("\xdd\x00\x0f\xff\xff", 5), ping{}).find("cut short") !=
        std::string::npos);
  CHECK(decode(std::string("\xdb\xff\xff\xff\xff", 5), ping{}).find("cut short") !=
        std::string::npos);
}

TEST_CASE("nesting deeper than the bound is refused") {
  CHECK(decode(std::string(100'000, '\x91'), ping{}).find("nesting deeper") != std::string::npos);
}

TEST_CASE("an envelope of another version is refused with both versions") {
  auto frame = wire::seal(wire::envelope{.sender = "a"}, ping{"x"});
  frame[1] = 9;  // the version is the first field
  const auto got = wire::open(frame);
  REQUIRE_FALSE(got);
  CHECK(got.error().text.find("protocol version 9, this node speaks 2") != std::string::npos);
}

TEST_CASE("an envelope without a sender, or with a body of an unknown kind, is refused") {
  CHECK_FALSE(wire::open(wire::seal(wire::envelope{}, ping{"x"})));
  wire::envelope head;
  head.kind = 0x7fff;
  const auto got = wire::open_body(head, [](auto&&) {});
  REQUIRE_FALSE(got);
  CHECK(got.error().text == "kind 32767 is not in the catalog");
}

TEST_CASE("a stream gives the same frames however its bytes are chopped") {
  std::string stream;
  for (int i = 0; i < 5; ++i)
    wire::append_message(stream, ping{std::string(static_cast<std::size_t>(i) * 100, 'x')});
  for (const std::size_t chunk : {1UL, 3UL, 64UL, 10'000UL}) {
    wire::stream_reader reader;
    std::vector<std::size_t> sizes;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
      reader.add(std::string_view(stream).substr(at, chunk));
      CHECK(reader.each_frame([&](std::string_view frame) {
        const auto head = wire::open(frame);
        REQUIRE(head);
        static_cast<void>(wire::open_body(*head, [&](auto&& message) {
          if constexpr (std::is_same_v<std::decay_t<decltype(message)>, ping>)
            sizes.push_back(message.text.size());
        }));
      }));
    }
    CHECK(sizes == std::vector<std::size_t>{0, 100, 200, 300, 400});
  }
}

TEST_CASE("a stream frame beyond the bound is refused before it is read") {
  wire::stream_reader reader;
  reader.add(std::string("\xff\xff\xff\xff", 4));
  CHECK_FALSE(reader.each_frame([](std::string_view) {}));
}

TEST_CASE("a run id survives its text, sorts by time, and refuses what is none") {
  const auto early = make_run_id(1'000, 1, 2), late = make_run_id(2'000, 0, 0);
  CHECK(run_id_from(to_text(early)) == early);
  CHECK(early < late);
  CHECK(to_text(early) < to_text(late));
  CHECK(to_text(make_run_id(0xffffffffffff, ~0ULL, ~0ULL)) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  CHECK_FALSE(run_id_from("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
  CHECK_FALSE(run_id_from("01ARZ3NDEKTSV4RRFFQ69G5FA"));
  CHECK_FALSE(run_id_from("01ARZ3NDEKTSV4RRFFQ69G5FAU"));
}
