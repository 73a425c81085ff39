// Data files: what is read, and what is refused with file, line and column.
#include <zlib.h>

#include "tests/unit/training/tables.hpp"

using namespace artel;
using namespace artel::tests;
using namespace artel::training;

namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& path,
                                              const record_format& how = {}) {
  std::vector<std::vector<std::string>> made;
  const auto reader = open_records(path, how);
  for (record each; reader->next(each);) {
    made.emplace_back();
    for (const auto& value : each.values) made.back().push_back(value.text);
  }
  return made;
}

using rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a CSV value in quotes may hold delimiters, quotes and line breaks") {
  temp_folder in;
  const auto path = written(
      in, "a.csv", "\xEF\xBB\xBFx,y\r\n\"a,b\",\"say \"\"no\"\"\"\r\n\"two\nlines\",\n\n1,2");
  CHECK(rows_of(path) == rows{{"a,b", "say \"no\""}, {"two\nlines", ""}, {"1", "2"}});
  CHECK(open_records(path, {})->names() == std::vector<std::string>{"x", "y"});
}

TEST_CASE("a gzip file reads like a plain one, and a cut one is a mistake") {
  temp_folder in;
  std::string text = "x\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + "\n";
  const auto path = (in.path() / "a.csv.gz").string();
  auto* out = gzopen(path.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  CHECK(rows_of(path).size() == 20'000);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  CHECK(mistake_in(path).find("the gzip file ends in its middle") != std::string::npos);
}

TEST_CASE("libsvm and JSON Lines give named columns") {
  temp_folder in;
  const auto svm =
      loaded(written(in, "a.libsvm", "# head\n3 qid:1 1:0.5 4:2 # first\n0 qid:1 2:1e3\n"),
             "columns: {label: target, qid: query}");
  CHECK(svm.rows() == 2);
  CHECK(svm.find("f4")->numbers[0] == 2);
  CHECK(svm.find("f4")->missing(1));
  CHECK(svm.find("f2")->numbers[1] == 1000);
  CHECK(svm.lines == std::vector<std::uint64_t>{2, 3});
  const auto json =
      loaded(written(in, "a.jsonl", "{\"a\": 1.5, \"b\": \"x\"}\n\n{\"b\": null, \"c\": true}\n"));
  CHECK(json.find("a")->numbers[0] == 1.5);
  CHECK(json.find("a")->missing(1));
  CHECK(json.find("b")->missing(1));
  CHECK(json.find("c")->numbers[1] == 1);
}

TEST_CASE("a damaged table is refused with file, line and what to do") {
  temp_folder in;
  const auto check = [&](const std::string& name, const std::string& text,
                         const std::string& said) {
    const auto path = written(in, name, text);
    INFO(mistake_in(path));
    CHECK(mistake_in(path).find(said) != std::string::npos);
  };
  check("empty.csv", "", "empty.csv: has no rows; the file is empty");
  check("head.csv", "a,b\n", "head.csv: has no rows behind its header");
  check("wide.csv", "a,b\n1,2\n1,2,3\n",
        "wide.csv:3: has 3 fields, expected 2 as in the first line");
  check("short.csv", "a,b\n1\n", "short.csv:2: has 1 fields, expected 2");
  check("twice.csv", "a,b,a\n1,2,3\n", "twice.csv:1: two columns are named 'a'");
  check("unnamed.csv", "a,,c\n1,2,3\n", "unnamed.csv:1: column 2 has no name in the header");
  check("open.csv", "a,b\n1,\"x\n2,3\n",
        "open.csv:2: column 'b': a quote is opened and not closed");
  check("inside.csv", "a\nx\"y\n", "inside.csv:2: column 'a': a quote inside a value");
  check("behind.csv", "a\n\"x\"y\n", "behind.csv:2: column 'a': text behind a closing quote");
  check("bytes.csv", "a\nx\xFFy\n", "bytes.csv:2: column 'a': byte 2 of the value is no UTF-8");
  check("wide16.csv",
        "\xFF\xFE"
        "a",
        "is UTF-16; convert it to UTF-8");
  check("list.jsonl", "{\"a\": [1]}\n", "list.jsonl:1: column 'a': a value that is a list");
  check("twice.jsonl", "{\"a\": 1, \"a\": 2}\n", "twice.jsonl:1: the key 'a' is there twice");
  check("none.jsonl", "{\"a\": 1}\n{\"a\": \n", "none.jsonl:2: is no JSON");
  check("order.svm", "1 2:1 1:1\n", "order.svm:1: index 1 behind 2; they must ascend");
  check("word.svm", "1 x\n", "word.svm:1: 'x': expected index:value");
  check("a.parquet", "x", "its name does not tell its format");
  CHECK(mistake_in("/none/a.csv").find("/none/a.csv: No such file") != std::string::npos);
}

TEST_CASE("an endless value is refused at its bound") {
  temp_folder in;
  const auto path = written(in, "a.csv", "a\n\"" + std::string(value_bytes_max + 10, 'x'));
  CHECK(mistake_in(path).find("is longer than 16777216 bytes; is a quote missing?") !=
        std::string::npos);
}
