// The six steps from end to end: their files, and that a second run gives the same bytes.
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis::test;
using nlohmann::json;

namespace {

void run_all(const fs::path& output) {
  for (const auto* step : all_steps) {
    const auto result = run(
        step, output, {{"config_path", (samples / "designer").string()}, {"skip_parse", "false"}});
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

}  // namespace

TEST_CASE("a second run gives the same bytes, except for the two files that tell times") {
  temporary_folder first;
  temporary_folder second;
  run_all(first.path());
  run_all(second.path());
  const auto files = files_below(first.path());
  CHECK(files == files_below(second.path()));
  for (const auto& each : files) {
    if (each == "edt_parser/run.json" || each == "edt_parser/parse_statistics.json") continue;
    INFO(each);
    CHECK(slurp(first.path() / each) == slurp(second.path() / each));
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
  REQUIRE(run("edt.parse", output.path(), {{"config_path", (samples / "edt").string()}}));
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
  CHECK(full["catalogs"][0]["manager_module"].is_null());
}

TEST_CASE("rows of one object stay in one split and carry the whole code") {
  temporary_folder output;
  run_all(output.path());
  std::map<std::string, std::string> split;
  for (const auto& row : load_lines(output.path() / "dataset" / "ml_training_dataset.jsonl")) {
    const auto [at, fresh] = split.emplace(row["object_id"], row["split"]);
    CHECK(at->second == row["split"]);
    CHECK_FALSE(row["code"].get<std::string>().empty());
    CHECK(row["code"].get<std::string>().find('\r') == std::string::npos);
    CHECK(row["sha256"].get<std::string>().size() == 64);
  }
}
