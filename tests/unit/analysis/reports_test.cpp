// Reports of findings, fingerprints and the baseline.
#include <catch2/catch.hpp>
#include <set>

#include "actors/analysis/rules/baseline.hpp"
#include "tests/unit/analysis/rules_support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;
using nlohmann::json;

namespace {

const std::string broken =
    "Процедура П() Экспорт\n\tВ = \"я\"; Сообщить(1);\n\tСообщить(1);\nКонецПроцедуры\n";

/// One common module, parsed and reported.
struct run_of_steps {
  temporary_folder sources;
  temporary_folder output;
  artel::outcome<artel::step_result> answer = artel::step_result{};

  explicit run_of_steps(std::string_view text, std::map<std::string, std::string> with = {}) {
    one_module(sources.path(), text);
    REQUIRE(run("edt.parse", output.path(), {{"config_path", sources.path().string()}}));
    again(std::move(with));
  }
  void again(std::map<std::string, std::string> with) {
    with.emplace("rules", "message-to-user,missing-export-doc,missing-regions,unused-variable");
    answer = run("edt.best_practices", output.path(), std::move(with));
  }
  fs::path file(const char* name) const { return output.path() / "analysis" / name; }
  json report(const char* name = "best_practices.json") const { return load(file(name)); }
  json headline() const { return json::parse(*answer); }
  std::vector<std::string> fingerprints() const {
    std::vector<std::string> found;
    const auto all = report();
    for (const auto& each : all["findings"]) found.push_back(each["fingerprint"]);
    return found;
  }
  /// Writes all findings of now into a baseline.
  std::string baseline() const {
    json made = {{"format", "artel-lint-baseline"}, {"version", 1}, {"findings", json::array()}};
    for (const auto& each : fingerprints()) made["findings"].push_back({{"fingerprint", each}});
    const auto path = output.path() / "baseline.json";
    spill(path, made.dump());
    return path.string();
  }
};

}  // namespace

TEST_CASE("a finding says rule, message in both languages, exact place, object and method") {
  const run_of_steps of(broken);
  const auto found = of.report()["findings"];
  REQUIRE(found.size() == 4);
  const auto& call = found[2];
  CHECK(call["rule_id"] == "message-to-user");
  CHECK(call["severity"] == "minor");
  CHECK(call["message"]["ru"] == "Использование метода «Сообщить»");
  CHECK(call["message"]["en"] == "Use of Message()");
  CHECK(call["path"] == "CommonModules/M/Ext/Module.bsl");
  CHECK(call["range"] ==
        json{{"start_line", 2}, {"start_column", 11}, {"end_line", 2}, {"end_column", 19}});
  CHECK(call["object_id"] == "CommonModule.M");
  CHECK(call["method"] == "П");
  CHECK(call["standard_url"] == "https://its.1c.ru/db/v8std#content:418:hdoc");
  CHECK_FALSE(call.contains("baseline_state"));
}

TEST_CASE("fingerprints stay when lines move and are told apart by their turn") {
  const run_of_steps before(broken);
  const run_of_steps after("// Слова.\n\n\n" + broken);
  const auto prints = before.fingerprints();
  CHECK(prints.size() == 4);
  CHECK(std::set<std::string>(prints.begin(), prints.end()).size() == prints.size());
  CHECK(prints == after.fingerprints());
}

TEST_CASE("a changed line is a new finding") {
  run_of_steps of(broken);
  const auto baseline = of.baseline();
  of.again({{"baseline", baseline}, {"fail_on", "minor"}});
  CHECK(of.headline()["findings"] == 0);
  CHECK(of.headline()["in_baseline"] == 4);
  CHECK(of.headline()["gate"] == "passed");
  run_of_steps changed(
      broken.substr(0, broken.find("КонецПроцедуры")) + "Сообщить(3);\nКонецПроцедуры\n",
      {{"baseline", baseline}, {"fail_on", "minor"}});
  CHECK(changed.headline()["findings"] == 1);
  CHECK(changed.headline()["gate"] == "failed");
  std::multiset<std::string> states;
  const auto all = changed.report();
  for (const auto& each : all["findings"]) states.insert(each["baseline_state"]);
  CHECK(states ==
        std::multiset<std::string>{"new", "unchanged", "unchanged", "unchanged", "unchanged"});
  CHECK(changed.report("code_quality.json").size() == 1);
  const auto sarif = changed.report("best_practices.sarif");
  REQUIRE(sarif["runs"][0]["results"].size() == 5);
  for (const auto& each : sarif["runs"][0]["results"]) CHECK(each.contains("baselineState"));
}

TEST_CASE("a step that is told nonsense says what, and what it expects") {
  run_of_steps of(broken);
  const auto refused = [&](std::map<std::string, std::string> with) {
    of.again(std::move(with));
    REQUIRE_FALSE(of.answer);
    return of.answer.error().text;
  };
  CHECK(refused({{"lang", "de"}}) == "lang is 'de'; expected ru or en");
  CHECK(refused({{"fail_on", "huge"}}).find("expected info, minor") != std::string::npos);
  CHECK(refused({{"rules", "-nosuch"}}).find("there is no rule 'nosuch'") != std::string::npos);
  CHECK(refused({{"baseline", "/nowhere/b.json"}}).find("/nowhere/b.json") != std::string::npos);
  const auto damaged = of.output.path() / "damaged.json";
  for (const auto* text : {"", "[]", "{}", R"({"format":"artel-lint-baseline","version":2})",
                           R"({"format":"artel-lint-baseline","version":1,"findings":[{}]})"}) {
    spill(damaged, text);
    CHECK(refused({{"baseline", damaged.string()}}).find("can not be used") != std::string::npos);
  }
}

TEST_CASE("SARIF has its rules, relative percent-encoded places and the kind of its columns") {
  const run_of_steps of(broken, {{"lang", "en"}});
  const auto sarif = of.report("best_practices.sarif");
  CHECK(sarif["version"] == "2.1.0");
  const auto& one = sarif["runs"][0];
  CHECK(one["columnKind"] == "unicodeCodePoints");
  CHECK(one["originalUriBaseIds"].contains("SRCROOT"));
  CHECK(one["invocations"][0]["executionSuccessful"] == true);
  const auto& rules = one["tool"]["driver"]["rules"];
  CHECK(rules.size() == rule_count);
  const auto& result = one["results"][2];
  CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
  CHECK(result["message"]["text"] == "Use of Message()");
  const auto& place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "CommonModules/M/Ext/Module.bsl");
  CHECK(place["region"]["startColumn"] == 11);
  CHECK(place["region"]["endColumn"] == 19);
}

TEST_CASE("SonarQube gets rules once and issues that name them, with columns from 0") {
  const run_of_steps of(broken);
  const auto sonar = of.report("sonar_issues.json");
  CHECK(sonar["rules"].size() == 4);
  for (const auto& each : sonar["rules"])
    for (const auto* key :
         {"id", "name", "description", "engineId", "cleanCodeAttribute", "impacts"})
      CHECK(each.contains(key));
  const auto& place = sonar["issues"][2]["primaryLocation"];
  CHECK(sonar["issues"][2]["ruleId"] == "message-to-user");
  CHECK(place["textRange"] ==
        json{{"startLine", 2}, {"endLine", 2}, {"startColumn", 10}, {"endColumn", 18}});
}

TEST_CASE("JUnit has a failed case for each finding, and one that passed when there is none") {
  const run_of_steps of(broken);
  const auto text = slurp(of.file("best_practices.junit.xml"));
  CHECK(text.find("tests=\"4\" failures=\"4\"") != std::string::npos);
  CHECK(text.find("message=\"Использование метода «Сообщить»\"") != std::string::npos);
  const run_of_steps clean("// Делает.\nПроцедура П() Экспорт\n В();\nКонецПроцедуры\n");
  CHECK(slurp(clean.file("best_practices.junit.xml")).find("tests=\"1\" failures=\"0\"") !=
        std::string::npos);
}
