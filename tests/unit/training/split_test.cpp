// Parts of a table: nothing that belongs together is in two of them.
#include <algorithm>
#include <set>

#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

std::string many(const std::string& head, int count, const std::function<std::string(int)>& row) {
  std::string text = head + "\n";
  for (int i = 0; i < count; ++i) text += row(i) + "\n";
  return text;
}

std::set<std::string> texts(const table& of, const char* name,
                            const std::vector<std::uint32_t>& rows) {
  std::set<std::string> made;
  for (const auto row : rows) made.insert(of.find(name)->text_of(row));
  return made;
}

bool apart(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::none_of(a.begin(), a.end(), [&](const auto& each) { return b.contains(each); });
}

}  // namespace

TEST_CASE("equal rows come into one part, and a row stays in its part when others come") {
  temp_folder in;
  const auto row = [](int i) {
    return std::to_string(i % 400) + "," + std::to_string(i % 400 * 3);
  };
  const auto data = loaded(written(in, "a.csv", many("a,b", 1'000, row)));
  const auto parts = split_rows(data, {});
  REQUIRE(parts);
  CHECK(apart(texts(data, "a", parts->train), texts(data, "a", parts->test)));
  CHECK(apart(texts(data, "a", parts->train), texts(data, "a", parts->validation)));
  CHECK(parts->test.size() > 120);
  CHECK(parts->test.size() < 280);
  const auto more = loaded(written(in, "b.csv", many("a,b", 2'000, [&](int i) {
                                     return i < 1'000 ? row(i) : std::to_string(i) + ",7";
                                   })));
  const auto later = split_rows(more, {});
  REQUIRE(later);
  std::vector<std::uint32_t> first;
  for (const auto each : later->test)
    if (each < 1'000) first.push_back(each);
  CHECK(first == parts->test);
}

TEST_CASE("queries and groups are never divided") {
  temp_folder in;
  for (const auto* role : {"query", "group"}) {
    const auto data = loaded(
        written(in, "a.csv",
                many("q,x", 600,
                     [](int i) { return "q" + std::to_string(i / 6) + "," + std::to_string(i); })),
        std::string("columns: {q: ") + role + "}");
    const auto parts = split_rows(data, {});
    REQUIRE(parts);
    CHECK(apart(texts(data, "q", parts->train), texts(data, "q", parts->test)));
    CHECK(apart(texts(data, "q", parts->validation), texts(data, "q", parts->test)));
  }
}

TEST_CASE("by time the last rows are the test, and rows of one moment stay together") {
  temp_folder in;
  const auto data = loaded(written(in, "a.csv", many("at,x", 100, [](int i) {
                                     return "2026-01-" + std::string(i / 4 < 9 ? "0" : "") +
                                            std::to_string(i / 4 + 1) + "," +
                                            std::to_string(99 - i);
                                   })));
  const auto parts = split_rows(data, {0.21, 0.1, "time", "at", 1});
  REQUIRE(parts);
  CHECK(parts->test.front() == 80);
  CHECK(parts->test.size() == 20);
  CHECK(parts->validation.front() > parts->train.back());
  const auto refused = split_rows(data, {0.2, 0.1, "time", "none", 1});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text.find("has no column 'none' to divide its rows by") !=
        std::string::npos);
}

TEST_CASE(
    "a column may say the part of each row, and a share of the training is for validation when it "
    "names none") {
  temp_folder in;
  const auto data = loaded(written(in, "a.csv",
                                   many("part,x", 400,
                                        [](int i) {
                                          return std::string(i < 100   ? "test"
                                                             : i < 110 ? "excluded"
                                                                       : "train") +
                                                 "," + std::to_string(i);
                                        })),
                           "columns: {part: split}");
  const auto parts = split_rows(data, {});
  REQUIRE(parts);
  CHECK(parts->test.size() == 100);
  CHECK(parts->validation.size() > 10);
  CHECK(parts->train.size() + parts->validation.size() == 290);
  const auto wrong =
      loaded(written(in, "b.csv", "part,x\ntrain,1\nteach,2\n"), "columns: {part: split}");
  CHECK(split_rows(wrong, {}).error().text.find(
            "b.csv:3: column 'part': 'teach'; expected train, validation, test or excluded") !=
        std::string::npos);
}

TEST_CASE("too few rows for the parts that were asked for are refused") {
  temp_folder in;
  const auto data = loaded(written(in, "a.csv", "x\n1\n"));
  const auto parts = split_rows(data, {});
  REQUIRE_FALSE(parts);
  CHECK(parts.error().text.find("of its 1 rows none comes into the") != std::string::npos);
  CHECK_FALSE(split_rows(data, {0.9, 0.2, "hash", "", 1}));
}
