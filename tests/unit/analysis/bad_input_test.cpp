// Sources as they should not be: every one ends in results with recorded errors, or in one
// sentence.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "actors/analysis/metadata/module_files.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis::test;
using nlohmann::json;

namespace {

struct parsed {
  temporary_folder sources;
  temporary_folder output;
  json full;

  void parse() {
    const auto result = artel::analysis::test::parse(sources.path(), output.path());
    INFO((result ? *result : result.error().text));
    REQUIRE(result);
    full = load(output.path() / "edt_parser" / "full_parse_with_metadata.json");
  }
  const json& module() const { return full["common_modules"].at(0); }
};

}  // namespace

TEST_CASE("a missing folder and a missing config_path are one sentence each") {
  temporary_folder output;
  CHECK(run("edt.parse", output.path()).error().text.find("config_path is missing") !=
        std::string::npos);
  CHECK(run("edt.parse", output.path(), {{"config_path", "/nowhere/at/all"}}).error().code ==
        artel::trouble_code::not_found);
}

TEST_CASE("a half-written descriptor of the configuration is refused with its path") {
  parsed from;
  one_module(from.sources.path(), "");
  const auto whole = slurp(from.sources.path() / "Configuration.xml");
  spill(from.sources.path() / "Configuration.xml", whole.substr(0, whole.size() / 2));
  const auto result =
      run("edt.parse", from.output.path(), {{"config_path", from.sources.path().string()}});
  REQUIRE_FALSE(result);
  CHECK(result.error().text.find("Configuration.xml: broken XML at byte") != std::string::npos);
}

TEST_CASE("a broken descriptor is recorded and its object is kept by name") {
  parsed from;
  one_module(from.sources.path(), "Процедура А() Экспорт\nКонецПроцедуры");
  spill(from.sources.path() / "CommonModules" / "M.xml", "<MetaDataObject><CommonModule>");
  from.parse();
  CHECK(from.full["status"] == "partial");
  CHECK(from.full["errors"].at(0)["path"] == "CommonModules/M.xml");
  CHECK(from.module()["name"] == "M");
  CHECK(from.module()["metadata"]["complete"] == false);
  CHECK(from.module()["procedures_count"] == 1);
}

TEST_CASE("a missing descriptor is recorded and its object is kept by name") {
  parsed from;
  one_module(from.sources.path(), "");
  fs::remove(from.sources.path() / "CommonModules" / "M.xml");
  from.parse();
  CHECK(from.full["errors"].size() == 1);
  CHECK(from.module()["name"] == "M");
}

TEST_CASE("a module that can not be read is recorded and the run goes on") {
  parsed from;
  one_module(from.sources.path(), "");
  const auto file = from.sources.path() / "CommonModules" / "M" / "Ext" / "Module.bsl";
  fs::remove(file);
  fs::create_symlink("nowhere", file);
  from.parse();
  CHECK(from.full["errors"].at(0)["path"] == "CommonModules/M/Ext/Module.bsl");
  CHECK(from.full["stats"]["files"] == 1);
}

TEST_CASE("a pipe among the sources does not hang the run") {
  parsed from;
  one_module(from.sources.path(), "");
  const auto file = from.sources.path() / "CommonModules" / "M" / "Ext" / "Module.bsl";
  fs::remove(file);
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  from.parse();
  CHECK(from.full["errors"].size() == 1);
}

TEST_CASE("syntax errors are recorded with their places and never stop the run") {
  parsed from;
  one_module(
      from.sources.path(),
      "\xEF\xBB\xBFПроцедура А()\r\n  Б = ;\r\nКонецПроцедуры\r\nФункция В()\r\nКонецФункции");
  from.parse();
  const auto& module = from.module();
  REQUIRE(module["syntax_errors"].size() == 1);
  CHECK(module["syntax_errors"][0]["line"] == 2);
  CHECK(module["bom"] == true);
  CHECK(module["eol"] == "crlf");
  CHECK(module["functions_count"] == 1);
  CHECK(from.full["stats"]["syntax_errors"] == 1);
}

TEST_CASE("protected and empty modules are said to be so and have no code") {
  parsed from;
  one_module(from.sources.path(), std::string_view("\xFF\xFF\xFF\x7F\x00\x01Процедура", 24));
  from.parse();
  CHECK(from.module()["protected"] == true);
  CHECK(from.module()["code"] == "");
  CHECK(from.module()["procedures_count"] == 0);
  parsed empty;
  one_module(empty.sources.path(), "");
  empty.parse();
  CHECK(empty.module()["empty"] == true);
  CHECK(empty.module()["protected"] == false);
}

TEST_CASE("bytes that are not UTF-8 come out as valid JSON") {
  parsed from;
  one_module(from.sources.path(),
             "// \xFF\xFE\xC3\nПроцедура А()\n Б = \"\xE0\x80\";\nКонецПроцедуры");
  from.parse();
  CHECK(from.module()["code"].get<std::string>().find("\xEF\xBF\xBD") != std::string::npos);
  for (const auto* step : all_steps)
    CHECK(run(step, from.output.path(), {{"config_path", from.sources.path().string()}}));
}

TEST_CASE("links that form loops are not followed") {
  parsed from;
  one_module(from.sources.path(), "");
  fs::create_directory_symlink(from.sources.path(),
                               from.sources.path() / "CommonModules" / "M" / "loop");
  from.parse();
  CHECK(from.full["stats"]["files"] == 1);
}

TEST_CASE("XML nested a hundred thousand deep is read or refused, and does not crash") {
  parsed from;
  one_module(from.sources.path(), "");
  std::string deep = "<MetaDataObject><CommonModule><Properties><Name>M</Name></Properties>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 100000; ++i) deep += "</a>";
  spill(from.sources.path() / "CommonModules" / "M.xml", deep + "</CommonModule></MetaDataObject>");
  from.parse();
  CHECK(from.module()["name"] == "M");
}

TEST_CASE("entities that would grow a thousandfold are not expanded") {
  parsed from;
  one_module(from.sources.path(), "Процедура А() Экспорт\nКонецПроцедуры");
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"0123456789\">";
  for (int i = 1; i < 10; ++i)
    bomb += "<!ENTITY e" + std::to_string(i) + " \"" + [&] {
      std::string ten;
      for (int j = 0; j < 10; ++j) ten += "&e" + std::to_string(i - 1) + ";";
      return ten;
    }() + "\">";
  bomb +=
      R"(]><MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses"><CommonModule uuid="2"><Properties><Name>M</Name>)"
      "<Comment>&e9;</Comment></Properties></CommonModule></MetaDataObject>";
  spill(from.sources.path() / "CommonModules" / "M.xml", bomb);
  from.parse();
  CHECK(from.module()["metadata"]["comment"].get<std::string>().size() < 100);
}

TEST_CASE("bytes that are not UTF-8 are a recorded problem each time the module is parsed") {
  parsed from;
  one_module(from.sources.path(), "// \xCF\xF0\nПроцедура А() Экспорт\nКонецПроцедуры");
  for (int turn = 0; turn < 2; ++turn) {
    from.parse();
    CHECK(from.full["status"] == "partial");
    REQUIRE(from.full["errors"].size() == 1);
    CHECK(from.full["errors"][0]["path"] == "CommonModules/M/Ext/Module.bsl");
    CHECK(from.full["errors"][0]["message"].get<std::string>().starts_with("byte 3 is not UTF-8"));
    CHECK(from.module()["procedures_count"] == 1);
  }
}

TEST_CASE("a folder that can not be read is recorded and the others are searched") {
  temporary_folder sources;
  one_module(sources.path(), "");
  fs::permissions(sources.path(), fs::perms::all);
  fs::create_directories(sources.path() / "Catalogs" / "Closed");
  fs::permissions(sources.path() / "Catalogs" / "Closed", fs::perms::none);
  const auto place = artel::analysis::find_configuration(sources.path());
  REQUIRE(place);
  const auto was = ::geteuid();
  const bool changed = was != 0 || ::seteuid(65534) == 0;  // nothing is closed to root
  const auto found = artel::analysis::find_modules(
      *place, [](std::string_view) { return true; }, [] { return false; });
  if (was == 0 && changed) REQUIRE(::seteuid(was) == 0);
  fs::permissions(sources.path() / "Catalogs" / "Closed", fs::perms::owner_all);
  if (!changed) return;
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].path == "Catalogs/Closed");
  CHECK(found.problems[0].message.find("can not be read") != std::string::npos);
  CHECK(found.files.size() == 1);
}

TEST_CASE("files outside of any object are counted and belong to none") {
  parsed from;
  one_module(from.sources.path(), "Процедура А() Экспорт\nКонецПроцедуры");
  spill(from.sources.path() / "Catalogs" / "Gone" / "Ext" / "ObjectModule.bsl", "M.А();");
  from.parse();
  CHECK(from.full["stats"]["files"] == 2);
  CHECK(from.full["stats"]["total_objects"] == 1);
  CHECK(run("edt.dependencies", from.output.path()));
}

TEST_CASE("a configuration without objects and modules goes through all steps") {
  parsed from;
  spill(from.sources.path() / "src" / "Configuration" / "Configuration.mdo",
        R"(<mdclass:Configuration xmlns:mdclass="m"><name>Nothing</name></mdclass:Configuration>)");
  for (const auto* step : all_steps) {
    const auto result =
        run(step, from.output.path(), {{"config_path", from.sources.path().string()}});
    INFO(step << ": " << (result ? *result : result.error().text));
    CHECK(result);
  }
}

TEST_CASE("a cancelled step says so and publishes nothing") {
  temporary_folder output;
  temporary_folder staging;
  artel::native_step_registry registry;
  artel::offer_analysis_steps(registry);
  quiet_monitor cancelled(true);
  const auto result = registry.at("edt.parse")(
      {{{"config_path", (samples / "edt").string()}}, output.path(), staging.path(), 1}, cancelled);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == artel::trouble_code::cancelled);
}
