// The sample configuration in both layouts against its truth, which was counted without this
// analysis.
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis::test;
using nlohmann::json;

namespace {

/// The published results of one layout, made once.
const fs::path& parsed(const std::string& layout) {
  static std::map<std::string, std::unique_ptr<temporary_folder>> made;
  auto& folder = made[layout];
  if (!folder) {
    folder = std::make_unique<temporary_folder>();
    for (const auto* step : all_steps) {
      const auto result = run(step, folder->path(), {{"config_path", (samples / layout).string()}});
      INFO(step << ": " << (result ? *result : result.error().text));
      REQUIRE(result);
    }
  }
  return folder->path();
}

std::vector<json> objects(const std::string& layout) {
  return load_lines(parsed(layout) / "edt_parser" / "objects.jsonl");
}
std::vector<json> methods(const std::string& layout) {
  return load_lines(parsed(layout) / "edt_parser" / "methods.jsonl");
}

const json& truth() {
  static const json loaded = load(samples / "truth.json");
  return loaded;
}

std::uint64_t sum(const std::string& layout, const char* list) {
  std::uint64_t count = 0;
  for (const auto& each : objects(layout)) count += each.at(list).size();
  return count;
}

}  // namespace

TEST_CASE("objects and modules of the sample are counted as the truth says") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  const auto found = load(parsed(layout) / "edt_parser" / "parse_statistics.json");
  CHECK(found["config_name"] == truth()["configuration"]);
  CHECK(found["source"]["layout"] == layout);
  for (const auto* key :
       {"total_objects", "nested_subsystems", "by_kind", "by_module_type", "syntax_errors"})
    CHECK(found[key] == truth()[key]);
  CHECK(found["files"] == truth()["modules"]);
  CHECK(found["total_functions"] == truth()["functions"]);
  CHECK(found["total_procedures"] == truth()["procedures"]);
  CHECK(found["export_methods"] == truth()["exports"]);
  CHECK(found["date_literals"] == truth()["date_literals"]);
  CHECK(found["async_methods"] == truth()["async"]);
  CHECK(found["multi_line_signatures"] == truth()["multi_line_signatures"]);
  CHECK(found["parameters"] == truth()["parameters"]);
  for (const auto* key : {"regions", "preprocessor_if", "preprocessor_else"})
    CHECK(found[key] == truth()[key]);
  CHECK(found["errors"] == 0);
  CHECK(found["skipped"].size() == truth()["protected_modules"]);
}

TEST_CASE("every method of the sample is found with its kind, export and parameters") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  std::multiset<std::string> expected;
  for (const auto& each : truth()["method_list"]) {
    std::string text = each;
    expected.insert(text.substr(text.find('|', text.find('|') + 1) + 1));
  }
  std::multiset<std::string> found;
  std::uint64_t async = 0, by_value = 0, defaults = 0, parameters = 0;
  for (const auto& each : methods(layout)) {
    found.insert(each["name"].get<std::string>() + "|" + each["type"].get<std::string>() + "|" +
                 (each["is_export"] == true ? "1" : "0") + "|" +
                 std::to_string(each["params_count"].get<int>()));
    async += each["async"] == true;
    for (const auto& parameter : each["parameters"]) {
      ++parameters;
      by_value += parameter["by_value"] == true;
      defaults += parameter["has_default"] == true;
    }
  }
  CHECK(found == expected);
  CHECK(async == truth()["async"]);
  CHECK(parameters == truth()["parameters"]);
  CHECK(by_value == truth()["by_value"]);
  CHECK(defaults == truth()["with_default"]);
  CHECK(load(parsed(layout) / "edt_parser" / "parse_statistics.json")["directives"] ==
        truth()["directives"]);
}

TEST_CASE("a form's handlers name the field or command that they hang on") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  std::multiset<std::string> found;
  for (const auto& each : objects(layout))
    if (each["id"] == "Catalog.Изделия")
      for (const auto& handler : each["handlers"])
        found.insert(handler["element"].get<std::string>() + "." +
                     handler["event"].get<std::string>() + "=" +
                     handler["method"].get<std::string>());
  CHECK(found.contains(".OnOpen=ПриОткрытии"));
  CHECK(found.contains("Цена.OnChange=ЦенаПриИзменении"));
  CHECK(found.contains("Показать.Action=Показать"));
}

TEST_CASE("attributes, sections and other parts of the sample are all there") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  for (const auto* list : {"attributes", "dimensions", "resources", "tabular_sections"})
    CHECK(sum(layout, list) == truth()[list]);
  std::uint64_t columns = 0, posting = 0, restricted = 0;
  for (const auto& each : objects(layout)) {
    for (const auto& section : each["tabular_sections"]) columns += section["columns"].size();
    posting += each["kind"] == "Document" && each["properties"]["Posting"] == "Allow";
    for (const auto& right : each.value("rights", json::array()))
      restricted += right["restricted"] == true;
    for (const auto* list : {"forms", "commands", "templates", "enum_values", "predefined"})
      CHECK(each[list].size() ==
            truth()[list].value(each["id"].get<std::string>(), std::size_t{0}));
  }
  CHECK(columns == truth()["columns"]);
  CHECK(posting == truth()["documents_with_posting"]);
  CHECK(restricted == truth()["restricted_rights"]);
}

TEST_CASE("both layouts of the sample give the same objects and the same methods") {
  auto designer = objects("designer");
  auto edt = objects("edt");
  REQUIRE(designer.size() == edt.size());
  for (std::size_t i = 0; i < edt.size(); ++i) {
    for (auto* each : {&designer[i], &edt[i]}) each->erase("path"), each->erase("modules");
    CHECK(designer[i] == edt[i]);
  }
  auto left = methods("designer");
  auto right = methods("edt");
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    for (const auto* key : {"id", "line_start", "line_end", "cyclomatic", "cognitive", "calls",
                            "refs", "doc", "region"})
      CHECK(left[i][key] == right[i][key]);
}

TEST_CASE("the edges of the sample are those that its code and metadata say") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  const auto found = load(parsed(layout) / "analysis" / "dependency_analysis.json");
  std::set<std::vector<std::string>> code_to_modules, all;
  for (const auto& each : found["graph"]["edges"]) {
    const std::string source = each["source_id"], target = each["target_id"], via = each["via"];
    all.insert({via, source, target});
    if (via == "code" && target.starts_with("CommonModule."))
      code_to_modules.insert({source, target});
  }
  CHECK(json(code_to_modules).size() == truth()["edges"]["code_to_common_module"].size());
  for (const auto& each : truth()["edges"]["code_to_common_module"])
    CHECK(code_to_modules.contains(each));
  for (const auto& each : truth()["edges"]["others"]) {
    INFO(each.dump());
    CHECK(all.contains(each));
  }
  CHECK(found["statistics"]["resolved_call_sites"] == truth()["edges"]["call_sites"]);
  CHECK(found["unresolved_count"] == 0);
}

TEST_CASE("the numbers of the generated documentation equal those of the other outputs") {
  const auto layout = GENERATE(as<std::string>{}, "designer", "edt");
  const auto summary = load(parsed(layout) / "docs" / "generated" / "summary.json");
  const auto parse = load(parsed(layout) / "edt_parser" / "parse_statistics.json");
  const auto graph = load(parsed(layout) / "analysis" / "dependency_analysis.json");
  for (const auto* key : {"total_objects", "files", "total_functions", "total_procedures",
                          "export_methods", "lines", "by_kind", "by_module_type"})
    CHECK(summary[key] == parse[key]);
  CHECK(summary["edges"] == graph["statistics"]["edges"]);
  const auto data = load(parsed(layout) / "dataset" / "dataset_statistics.json");
  CHECK(data["total_examples"] == truth()["methods"]);
  CHECK(load(parsed(layout) / "dataset" / "ml_training_dataset.json").size() == truth()["methods"]);
}
