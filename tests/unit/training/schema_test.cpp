// What columns are taken for, what is declared of them, and that a saved schema reads the same.
#include <nlohmann/json.hpp>

#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

std::string thirty(const std::function<std::string(int)>& row) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += row(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("columns are what all of their values are") {
  temp_folder in;
  const auto path =
      written(in, "a.csv", "n,c,t,w,k,empty\n" + thirty([](int i) {
                             return std::to_string(i) + "." + std::to_string(i) + "," +
                                    (i % 3 == 0 ? "red" : "blue") + ",2026-11-" +
                                    (i < 9 ? "0" : "") + std::to_string(i + 1) + ",some words " +
                                    std::to_string(i) + ",key" + std::to_string(i) + ",NA";
                           }));
  const auto schema = infer_schema(path, {});
  CHECK(schema.find("n")->kind == column_kind::numeric);
  CHECK(schema.find("c")->kind == column_kind::categorical);
  CHECK(schema.find("t")->kind == column_kind::timestamp);
  CHECK(schema.find("w")->kind == column_kind::text);
  CHECK(schema.find("k")->role == column_role::id);
  CHECK(schema.find("empty")->role == column_role::ignored);
}

TEST_CASE("one value that is no number makes a column of words, not a missing value") {
  temp_folder in;
  const auto path = written(in, "a.csv", "n\n1\n2\nabc\n");
  CHECK(infer_schema(path, {}).find("n")->kind == column_kind::categorical);
  const auto said = mistake_in(path, *read_declared_schema("columns: {n: numeric}", "s.yaml"));
  CHECK(said.find("a.csv:4: column 'n': 'abc' is no finite number") != std::string::npos);
  const auto infinite = written(in, "b.csv", "n\n1\ninf\n");
  CHECK(mistake_in(infinite, *read_declared_schema("columns: {n: [numeric, target]}", "s.yaml"))
            .find("b.csv:3: column 'n': 'inf' is no finite number") != std::string::npos);
}

TEST_CASE("a schema that can not be is refused with its place") {
  const auto said = [](const std::string& text) {
    const auto read = read_declared_schema(text, "s.yaml");
    return read ? std::string() : read.error().text;
  };
  CHECK(said("colums: {a: target}").find("did you mean") != std::string::npos);
  CHECK(said("columns: {a: number}").find("s.yaml:1:14: columns: a: 'number'; expected a kind") !=
        std::string::npos);
  CHECK(said("format: xls").find("expected csv, tsv, json_lines or libsvm") != std::string::npos);
  temp_folder in;
  const auto path = written(in, "a.csv", "a,b\n1,2\n");
  CHECK(mistake_in(path, *read_declared_schema("columns: {c: target}", "s.yaml")) ==
        path + ": has no column 'c'; its columns are a, b");
}

TEST_CASE("a saved schema reads a later file the same way, and refuses one that lacks a column") {
  temp_folder in;
  const auto first = written(in, "a.csv", "a;b\n1;x\n2;-\n");
  const auto declared =
      read_declared_schema("{delimiter: \";\", missing: [\"-\"], columns: {b: categorical}}", "s");
  const auto schema = infer_schema(first, *declared);
  const auto again = schema_from(to_json(schema));
  REQUIRE(again);
  CHECK(again->columns == schema.columns);
  const auto data = load_table(first, *again);
  CHECK(data.find("b")->missing(1));
  const auto lacks = written(in, "b.csv", "a\n1\n");
  try {
    load_table(lacks, *again);
    FAIL("it was read");
  } catch (const data_mistake& e) {
    CHECK(e.text == lacks + ": lacks the column 'b' (categorical)");
  }
  const auto more = written(in, "c.csv", "a;b;c\n1;x;3\n");
  CHECK_THROWS_AS(load_table(more, *again), data_mistake);
  CHECK(load_table(more, *again, true).columns.size() == 2);
}

TEST_CASE("timestamps and numbers are read as people write them") {
  double value = 0;
  CHECK((read_timestamp("1970-01-02", value) && value == 86'400));
  CHECK((read_timestamp("1970-01-01T01:00:00+01:00", value) && value == 0));
  CHECK((read_timestamp("1970-01-01 00:00:01.5Z", value) && value == 1.5));
  CHECK_FALSE(read_timestamp("2026-02-29", value));
  CHECK_FALSE(read_timestamp("2026-01-01T25:00", value));
  CHECK((read_number(" +1e3 ", value) && value == 1000));
  for (const auto* text : {"", " ", "1,5", "0x10", "nan", "inf", "1e999", "1 2", "+-1"})
    CHECK_FALSE(read_number(text, value));
}
