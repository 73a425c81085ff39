// The six steps from end to end: their files, and that a second run gives the same bytes.
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis::test;
using nlohmann::json;

namespace {

void run_all(const fs::path& output, unsigned shards = 1) {
  REQUIRE(parse(samples / "designer", output, shards));
  for (const auto* step : all_steps) {
    if (step == std::string_view("edt.parse")) continue;
    const auto result = run(step, output);
    INFO(step << ": " << (result ? *result : result.error().text));
    REQUIRE(result);
    CHECK(json::parse(*result).is_object());
    CHECK(result->size() < 64U * 1024U);
  }
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> found;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_regular_file())
      found.insert(each.path().lexically_relative(folder).generic_string());
  return found;
}

/// Every file but the parts of the snapshot and the times.
void same_results(const fs::path& left, const fs::path& right) {
  for (const auto& each : files_below(left)) {
    if (each == "edt_parser/run.json" || each.starts_with("edt_parser/parts/")) continue;
    INFO(each);
    CHECK((slurp(left / each) == slurp(right / each)));
  }
}

}  // namespace

TEST_CASE("a second run gives the same bytes, except for the files that tell times") {
  temporary_folder first;
  temporary_folder second;
  run_all(first.path());
  run_all(second.path());
  CHECK(files_below(first.path()) == files_below(second.path()));
  same_results(first.path(), second.path());
  for (const auto* part : {"0.model", "0.text"})
    CHECK((slurp(first.path() / "edt_parser" / "parts" / part) ==
           slurp(second.path() / "edt_parser" / "parts" / part)));
}

TEST_CASE("the number of shards changes no byte of any result") {
  temporary_folder whole;
  temporary_folder sharded;
  run_all(whole.path());
  run_all(sharded.path(), 5);
  same_results(whole.path(), sharded.path());
}

TEST_CASE(
    "after one module was edited, one module is parsed, and the results are those of a fresh run") {
  temporary_folder sources;
  temporary_folder output;
  temporary_folder fresh;
  fs::copy(samples / "designer", sources.path(), fs::copy_options::recursive);
  REQUIRE(parse(sources.path(), output.path()));
  const auto module = sources.path() / "CommonModules" / "АртельСервер" / "Ext" / "Module.bsl";
  spill(module, slurp(module) + "\n// ещё\nПроцедура Новая() Экспорт\nКонецПроцедуры\n");
  const auto again = run("edt.parse", output.path(), {{"config_path", sources.path().string()}});
  REQUIRE(again);
  const auto answer = json::parse(*again);
  CHECK(answer["parsed_modules"] == 1);
  CHECK(answer["reused_modules"] == answer["files"].get<int>() - 1);
  CHECK(answer["read_objects"] == 0);
  REQUIRE(run("edt.listing", output.path()));
  REQUIRE(parse(sources.path(), fresh.path()));
  same_results(fresh.path(), output.path());
  for (const auto* part : {"0.model", "0.text"})
    CHECK((slurp(fresh.path() / "edt_parser" / "parts" / part) ==
           slurp(output.path() / "edt_parser" / "parts" / part)));
}

TEST_CASE("an object is read again when any file of it changed, came or went") {
  temporary_folder sources;
  temporary_folder output;
  fs::copy(samples / "designer", sources.path(), fs::copy_options::recursive);
  const auto read = [&] {
    const auto made = run("edt.parse", output.path(), {{"config_path", sources.path().string()}});
    REQUIRE(made);
    return json::parse(*made)["read_objects"].get<int>();
  };
  read();
  CHECK(read() == 0);
  const auto form =
      sources.path() / "Catalogs" / "Изделия" / "Forms" / "ФормаЭлемента" / "Ext" / "Form.xml";
  const auto text = slurp(form);
  spill(form, text + "<!-- -->");
  CHECK(read() == 1);
  fs::remove(form);
  CHECK(read() == 1);
  spill(form, text);
  CHECK(read() == 1);
}

TEST_CASE("parts of two different parses do not become one configuration") {
  temporary_folder sources;
  temporary_folder output;
  fs::copy(samples / "designer", sources.path(), fs::copy_options::recursive);
  REQUIRE(parse(sources.path(), output.path(), 2));
  const auto descriptor = sources.path() / "Configuration.xml";
  spill(descriptor, slurp(descriptor) + "<!-- changed -->");
  REQUIRE(run("edt.parse", output.path(),
              {{"config_path", sources.path().string()}, {"shard", "1"}, {"shards", "2"}}));
  const auto result = run("edt.listing", output.path());
  REQUIRE_FALSE(result);
  CHECK(result.error().text.find("another parse") != std::string::npos);
}

TEST_CASE("a shard that can not be is refused with the range of those that can") {
  temporary_folder output;
  for (const auto& [shard, shards] :
       {std::pair{"2", "2"}, {"-1", "2"}, {"0", "0"}, {"x", "2"}, {"0", "100000"}}) {
    const auto result =
        run("edt.parse", output.path(),
            {{"config_path", (samples / "edt").string()}, {"shard", shard}, {"shards", shards}});
    REQUIRE_FALSE(result);
    CHECK(result.error().code == artel::trouble_code::bad_input);
  }
}

TEST_CASE("every file that readers of the older analysis know is there with its keys") {
  temporary_folder output;
  run_all(output.path());
  const auto has = [&](const char* file, std::initializer_list<const char*> keys) {
    const auto found = load(output.path() / file);
    for (const auto* key : keys) {
      INFO(file << ": " << key);
      CHECK(found.contains(key));
    }
  };
  has("edt_parser/full_parse_with_metadata.json",
      {"status", "config_name", "common_modules", "catalogs", "documents", "stats", "errors",
       "parse_time", "objects", "configuration", "schema_version", "generator", "source"});
  has("edt_parser/parse_statistics.json",
      {"total_time", "total_objects", "common_modules", "catalogs", "documents", "total_functions",
       "total_procedures", "errors", "rate", "files", "by_kind", "by_module_type"});
  has("analysis/architecture_analysis.json",
      {"distribution", "volume", "complexity", "metadata", "top_modules", "kinds", "layers",
       "hotspots", "subsystems", "coupling", "cycles", "api_surface"});
  has("analysis/dependency_analysis.json",
      {"graph", "dependencies", "unresolved", "cycles", "unused"});
  has("analysis/best_practices.json", {"error_handling", "documentation", "naming_conventions",
                                       "code_patterns", "examples", "findings", "rules"});
  has("dataset/dataset_statistics.json", {"total_examples", "by_split"});
  const auto row = load(output.path() / "dataset" / "ml_training_dataset.json").at(0);
  for (const auto* key : {"function_name", "parameters", "code", "is_export", "context", "metadata",
                          "api_usage", "split"})
    CHECK(row.contains(key));
  for (const auto* file :
       {"docs/generated/КОНФИГУРАЦИЯ_АртельМастеров.md", "docs/generated/КАТАЛОГ_ОБЪЕКТОВ.md",
        "docs/generated/ИНДЕКС_МОДУЛЕЙ.md", "docs/generated/ИТОГОВЫЙ_ОТЧЕТ.md",
        "docs/generated/index.html", "edt_parser/objects.jsonl", "edt_parser/methods.jsonl",
        "analysis/dependency_graph.graphml", "analysis/best_practices.sarif",
        "dataset/ml_training_dataset_compact.json"})
    CHECK(fs::file_size(output.path() / file) > 0);
}

TEST_CASE("catalogs and documents carry what the metadata says") {
  temporary_folder output;
  REQUIRE(parse(samples / "edt", output.path()));
  const auto full = load(output.path() / "edt_parser" / "full_parse_with_metadata.json");
  const auto find = [&](const char* list, const char* name) -> json {
    for (const auto& each : full[list])
      if (each["name"] == name) return each;
    return {};
  };
  const auto goods = find("catalogs", "Изделия");
  CHECK(goods["metadata"]["hierarchical"] == true);
  CHECK(goods["metadata"]["code_length"] == 9);
  CHECK(goods["metadata"]["attributes"][0]["name"] == "Артикул");
  CHECK(goods["metadata"]["attributes"][0]["mandatory"] == true);
  CHECK(goods["metadata"]["attributes"][0]["type"]["string_qualifiers"]["length"] == 25);
  CHECK(goods["metadata"]["attributes"][1]["type"]["number_qualifiers"]["allow_negative"] == false);
  CHECK(goods["metadata"]["tabular_sections"][0]["columns"].size() == 2);
  CHECK(goods["manager_module"]["functions_count"] == 1);
  CHECK(goods["object_module"]["procedures_count"] == 2);
  CHECK(find("documents", "ПоступлениеМатериалов")["metadata"]["posting"] == false);
  CHECK(find("documents", "ЗаказКлиента")["metadata"]["posting"] == true);
  CHECK(find("documents", "ЗаказКлиента")["metadata"]["register_records"][0] ==
        "AccumulationRegister.ВыручкаАртели");
  CHECK(find("catalogs", "Материалы")["manager_module"].is_null());
}

TEST_CASE("rows of one object stay in one split, or in none, and carry the whole code") {
  temporary_folder output;
  run_all(output.path());
  std::map<std::string, std::string> split;
  for (const auto& row : load_lines(output.path() / "dataset" / "ml_training_dataset.jsonl")) {
    if (row["split"] != "excluded") {  // a copy of what stands in another split
      const auto [at, fresh] = split.emplace(row["object_id"], row["split"]);
      CHECK(at->second == row["split"]);
    }
    CHECK_FALSE(row["code"].get<std::string>().empty());
    CHECK(row["code"].get<std::string>().find('\r') == std::string::npos);
    CHECK(row["sha256"].get<std::string>().size() == 64);
  }
}
