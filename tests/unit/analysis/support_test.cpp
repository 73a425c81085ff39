// The vendor's support: what may be changed, and what lint leaves out.
#include <catch2/catch.hpp>

#include "actors/analysis/metadata/support.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

const std::string a = "aaaaaaaa-0000-0000-0000-000000000001";
const std::string b = "bbbbbbbb-0000-0000-0000-000000000002";
const std::string c = "cccccccc-0000-0000-0000-000000000003";

std::string block(const std::string& name, const std::string& records, int count) {
  return a + ",0," + b + ",\"1.2.3\",\"Фирма \"\"X, Y\"\"\",\"" + name + "\"," +
         std::to_string(count) + "," + records;
}

}  // namespace

TEST_CASE(
    "locked, editable and removed objects are told apart, and of two vendors the strictest "
    "counts") {
  const auto found = parse_support(
      "\xEF\xBB\xBF{6,0,2," + block("Первая", "1,0," + a + "," + a + ",2,0," + b + "," + b, 2) +
      ",0,0," + block("Вторая", "0,0," + a + "," + c, 1) + "}");
  REQUIRE(found);
  REQUIRE(found->vendors.size() == 2);
  CHECK(found->vendors[0].vendor == "Фирма \"X, Y\"");
  CHECK(found->vendors[1].name == "Вторая");
  CHECK(found->of(a) == "locked");
  CHECK(found->of(b) == "removed");
  CHECK(found->of(c).empty());
}

TEST_CASE("when nothing may be changed, every object of the vendor is locked") {
  const auto found =
      parse_support("{6,1,1," + block("Одна", "1,0," + a + ",1,0," + b + "," + b, 2) + "}");
  REQUIRE(found);
  CHECK(found->of(a) == "locked");
  CHECK(found->of(b) == "locked");
}

TEST_CASE("support that was taken off leaves an empty list, and damage is one sentence") {
  const auto empty = parse_support("{6,0,0,0,0,0}");
  REQUIRE(empty);
  CHECK(empty->vendors.empty());
  const auto whole = "{6,0,1," + block("Одна", "1,0," + a + "," + a, 1) + "}";
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
    const auto cut = parse_support(whole.substr(0, size) + "}");
    if (!cut) CHECK(cut.error().text.find("can not be read") != std::string::npos);
  }
  CHECK_FALSE(parse_support("not a list"));
  CHECK_FALSE(parse_support("{7,0,0}"));
}

TEST_CASE("locked modules are marked, and their findings can be left out") {
  temporary_folder sources;
  temporary_folder output;
  one_module(sources.path(),
             "Процедура А() Экспорт\n Попытка Б(); Исключение КонецПопытки;\nКонецПроцедуры");
  auto descriptor = slurp(sources.path() / "CommonModules" / "M.xml");
  descriptor.replace(descriptor.find("uuid=\"2\""), 8, "uuid=\"" + a + "\"");
  spill(sources.path() / "CommonModules" / "M.xml", descriptor);
  spill(sources.path() / "Ext" / "ParentConfigurations.bin",
        "{6,0,1," + block("Одна", "0,0," + a + "," + a, 1) + "}");
  REQUIRE(parse(sources.path(), output.path()));
  CHECK(load_lines(output.path() / "edt_parser" / "objects.jsonl")[0]["support"] == "locked");
  const auto findings = [&](const char* skip) {
    REQUIRE(run("edt.best_practices", output.path(), {{"skip_vendor", skip}}));
    return load(output.path() / "analysis" / "best_practices.json")["findings"].size();
  };
  CHECK(findings("false") > 0);
  CHECK(findings("true") == 0);
}
