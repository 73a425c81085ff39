// Features: what is learnt of columns is learnt from the training rows alone.
#include <nlohmann/json.hpp>

#include "actors/training/data/features.hpp"
#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

std::vector<float> row_of(const feature_matrix& of, std::size_t row) {
  std::vector<float> made(of.width, -1);
  for (auto i = of.begins[row]; i < of.begins[row + 1]; ++i) made[of.places[i]] = of.values[i];
  return made;
}

}  // namespace

TEST_CASE("a category that only later rows have is unknown, so that nothing of them was learnt") {
  temp_folder in;
  const auto data = loaded(written(in, "a.csv", "c,n\nred,1\nred,2\nblue,3\ngreen,4\n,5\n"),
                           "columns: {c: categorical}");
  std::vector<std::string> notes;
  const auto made = feature_encoder::learn(data, {0, 1, 2}, {}, notes);
  REQUIRE(made);
  CHECK(made->columns()[0].categories == std::vector<std::string>{"red", "blue"});
  const auto rows = made->encode(data, {0, 2, 3, 4});
  CHECK(row_of(rows, 0) == std::vector<float>{0, 1});
  CHECK(row_of(rows, 1) == std::vector<float>{1, 3});
  CHECK(row_of(rows, 2) == std::vector<float>{-1, 4});
  CHECK(row_of(rows, 3) == std::vector<float>{-1, 5});
  const auto again = feature_encoder::from(made->to_json());
  REQUIRE(again);
  CHECK(again->encode(data, {0, 1, 2, 3, 4}).values == made->encode(data, {0, 1, 2, 3, 4}).values);
  CHECK(made->place_types() == std::vector<std::string>{"c", "q"});
}

TEST_CASE("for distances each category has a place, and what is not there is said as 0") {
  temp_folder in;
  const auto data =
      loaded(written(in, "a.csv", "c,n\nred,1\nred,2\nblue,3\n"), "columns: {c: categorical}");
  std::vector<std::string> notes;
  const auto made = feature_encoder::learn(data, {0, 1, 2}, {1'000, 8, true}, notes);
  REQUIRE(made);
  CHECK(row_of(made->encode(data, {2}), 0) == std::vector<float>{0, 1, 3});
}

TEST_CASE("words are counted where their letters meet, in small letters of both alphabets") {
  std::string all;
  each_word("ПолучитьЦену(isReady2, HTTPServer) Ёлка; x_1",
            [&](std::string_view word) { all += std::string(word) + "|"; });
  CHECK(all == "получить|цену|is|ready2|httpserver|ёлка|x|1|");
}

TEST_CASE("columns that say nothing, or the same again, are left out with a word") {
  temp_folder in;
  std::string text = "same,a,b,y\n";
  for (int i = 0; i < 10; ++i)
    text += "7," + std::to_string(i) + "," + std::to_string(i) + "," + std::to_string(i) + "\n";
  const auto data = loaded(written(in, "a.csv", text), "columns: {y: target}");
  std::vector<std::uint32_t> rows{0, 1, 2, 3, 4, 5};
  std::vector<std::string> notes;
  const auto made = feature_encoder::learn(data, rows, {}, notes);
  REQUIRE(made);
  CHECK(made->columns().size() == 1);
  REQUIRE(notes.size() == 3);
  CHECK(notes[0] == "column 'same' is the same in all training rows: it is left out");
  CHECK(notes[1].find("column 'a' is the same as the target") == 0);
  CHECK(notes[2] == "column 'b' is the same as 'a': it is left out");
  const auto none = loaded(written(in, "b.csv", "a,y\n1,1\n1,2\n"), "columns: {y: target}");
  CHECK(feature_encoder::learn(none, {0, 1}, {}, notes)
            .error()
            .text.find("no column is left to learn from") != std::string::npos);
}

TEST_CASE("of a million different values the frequent ones are told apart, and it is said") {
  temp_folder in;
  std::string text = "c,n\n";
  for (int i = 0; i < 5'000; ++i)
    text += (i % 2 == 0 ? "often" : "k" + std::to_string(i)) + "," + std::to_string(i) + "\n";
  const auto data = loaded(written(in, "a.csv", text), "columns: {c: categorical}");
  std::vector<std::uint32_t> rows(5'000);
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  std::vector<std::string> notes;
  const auto made = feature_encoder::learn(data, rows, {100, 64, false}, notes);
  REQUIRE(made);
  CHECK(made->columns()[0].categories.size() == 100);
  CHECK(made->columns()[0].categories[0] == "often");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("column 'c' has 2501 different values: the 100 most frequent are told apart "
                      "(51 % of the rows)") == 0);
}
