// The rules of good practice, each on a text that breaks it and on one that does not.
#include <catch2/catch.hpp>

#include "actors/analysis/steps/rules.hpp"
#include "actors/analysis/steps/token_rules.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

/// "rule line" of all findings in one common module.
std::vector<std::string> findings(std::string_view text) {
  temporary_folder sources;
  temporary_folder output;
  one_module(sources.path(), text);
  REQUIRE(run("edt.parse", output.path(), {{"config_path", sources.path().string()}}));
  REQUIRE(run("edt.best_practices", output.path()));
  std::vector<std::string> found;
  const auto report = load(output.path() / "analysis" / "best_practices.json");
  for (const auto& each : report["findings"])
    found.push_back(each["rule_id"].get<std::string>() + " " +
                    std::to_string(each["range"]["start_line"].get<int>()));
  return found;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a clean method has no findings") {
  CHECK(findings("// Складывает.\nФункция Сумма(А, Б) Экспорт\n Возврат А + Б;\nКонецФункции") ==
        list{});
}

TEST_CASE("a query in a loop is found, before the loop it is not") {
  CHECK(findings("Процедура П(Т)\n Запрос = Новый Запрос;\n Р = Запрос.Выполнить();\n Для Каждого "
                 "С Из Т Цикл\n"
                 "  Р = Запрос.Выполнить();\n КонецЦикла;\nКонецПроцедуры") ==
        list{"query-in-loop 5"});
}

TEST_CASE("empty excepts, missing documentation, unused parameters and empty methods are found") {
  CHECK(findings("Процедура П() Экспорт\n Попытка А(); Исключение КонецПопытки;\nКонецПроцедуры") ==
        list{"empty-except 1", "missing-export-doc 1"});
  CHECK(findings("Процедура П(А, Б)\n В = А;\nКонецПроцедуры") == list{"unused-parameter 1"});
  CHECK(findings("Процедура П()\nКонецПроцедуры") == list{"empty-method 1"});
}

TEST_CASE("credentials in code are found, empty texts and masks are not") {
  CHECK(findings("Процедура П()\n Пароль = \"Qwerty-1\";\n Пароль = \"\";\n Пароль = \"******\";\n "
                 "Имя = \"Qwerty-1\";\n"
                 "КонецПроцедуры") == list{"hard-coded-credentials 2"});
}

TEST_CASE("code in comments is found, prose is not") {
  CHECK(findings("Процедура П()\n // А = Б + 1;\n // В(А);\n // Это пояснение; оно не код "
                 "(почти).\n Б();\nКонецПроцедуры") == list{"commented-code 2"});
}

TEST_CASE("calls of deprecated methods, dynamic code, jumps, messages and transactions are found") {
  CHECK(findings(
            "// Устарела. Вместо неё Новая.\nПроцедура Старая() Экспорт\n А();\nКонецПроцедуры\n"
            "Процедура П()\n Старая();\n Выполнить(\"Б\");\n Сообщить(\"В\");\n ~М: Перейти ~М;\n"
            " НачатьТранзакцию();\nКонецПроцедуры") == list{"deprecated-call 6", "dynamic-code 7",
                                                            "message-to-user 8", "goto-statement 9",
                                                            "transaction-without-try 10"});
}

TEST_CASE("all fields of a query are found behind its modifiers, a product is not") {
  CHECK(selects_all_fields("\"ВЫБРАТЬ РАЗРЕШЕННЫЕ РАЗЛИЧНЫЕ * ИЗ Т\""));
  CHECK(selects_all_fields("\"select *\""));
  CHECK_FALSE(selects_all_fields("\"ВЫБРАТЬ А * Б ИЗ Т\""));
  CHECK_FALSE(selects_all_fields("\"ВЫБРАТЬ КОЛИЧЕСТВО(*) ИЗ Т\""));
}

TEST_CASE("every rule has an id of its own, a severity and both languages") {
  std::vector<std::string_view> ids;
  for (const auto& each : all_rules()) {
    ids.push_back(each.id);
    CHECK_FALSE(each.severity.empty());
    CHECK_FALSE(each.title_ru.empty());
    CHECK_FALSE(each.title_en.empty());
  }
  std::sort(ids.begin(), ids.end());
  CHECK(std::unique(ids.begin(), ids.end()) == ids.end());
}
