// The rules from the sources to the report: the table, rules over several modules, suppression.
#include <catch2/catch.hpp>
#include <set>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/rules/rule_list.hpp"
#include "actors/analysis/rules/selection.hpp"
#include "actors/analysis/rules/syntax_words.hpp"
#include "tests/unit/analysis/rules_support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

TEST_CASE("a clean method has no findings") {
  CHECK(
      findings(
          "// Складывает.\n//\n// Параметры:\n//  А - Число - первое\n//  Б - Число - "
          "второе\n//\n// Возвращаемое "
          "значение:\n//  Число\n//\nФункция Сумма(А, Б) Экспорт\n Возврат А + Б;\nКонецФункции") ==
      list{});
}

TEST_CASE("findings of one module come in the order of its lines") {
  CHECK(
      findings("// Устарела. Вместо неё Новая.\nПроцедура Старая() Экспорт\n А();\nКонецПроцедуры\n"
               "Процедура П() Экспорт\n Старая();\n Выполнить(\"Б\");\n "
               "Сообщить(\"В\");\nКонецПроцедуры") ==
      list{"missing-export-doc 5", "deprecated-call 6", "dynamic-code 7", "message-to-user 8"});
}

TEST_CASE("calls that do not fit the method they reach are found") {
  const std::string method = "Процедура К(А, Б = 1) Экспорт\n Г(А, Б);\nКонецПроцедуры\n";
  const std::map<std::string, std::string> only = {{"rules", "wrong-argument-count"}};
  const auto call = [&](const std::string& text) {
    return findings(method + "Процедура П() Экспорт\n" + text + "\nКонецПроцедуры", only);
  };
  CHECK(call("К(1, 2, 3);") == list{"wrong-argument-count 5"});
  CHECK(call("К();") == list{"wrong-argument-count 5"});
  CHECK(call("К(, 2);") == list{"wrong-argument-count 5"});
  CHECK(call("К(Ф(1, 2), // а, б\n \"в, г\");") == list{});
  CHECK(call("К(1);") == list{});
}

TEST_CASE("methods that a common module does not have are found, names of one's own are not") {
  const std::map<std::string, std::string> only = {{"rules", "missing-method"}};
  CHECK(findings("Процедура П() Экспорт\n M.Нет();\nКонецПроцедуры", only) ==
        list{"missing-method 2"});
  CHECK(findings("Процедура П() Экспорт\n M.П();\nКонецПроцедуры", only) == list{});
  CHECK(findings("Процедура П(M) Экспорт\n M.Нет();\nКонецПроцедуры", only) == list{});
  CHECK(findings("Процедура П() Экспорт\n M = Новый Массив;\n M.Нет();\nКонецПроцедуры", only) ==
        list{});
}

TEST_CASE("a client that calls its server in a loop is found") {
  temporary_folder sources;
  temporary_folder output;
  one_module(sources.path(), "Процедура А() Экспорт\n Б();\nКонецПроцедуры\n");
  spill(sources.path() / "CommonForms" / "Ф" / "Ext" / "Form" / "Module.bsl",
        "&НаКлиенте\nПроцедура К(А)\n Для Каждого Б Из А Цикл\n С(Б);\n КонецЦикла;\n "
        "С(А);\nКонецПроцедуры\n"
        "&НаСервере\nПроцедура С(А)\n Д(А);\nКонецПроцедуры\n");
  REQUIRE(run("edt.parse", output.path(), {{"config_path", sources.path().string()}}));
  REQUIRE(run("edt.best_practices", output.path(), {{"rules", "server-call-in-loop"}}));
  const auto found = load(output.path() / "analysis" / "best_practices.json")["findings"];
  REQUIRE(found.size() == 1);
  CHECK(found[0]["range"]["start_line"] == 4);
}

TEST_CASE("comments of the BSL Language Server switch rules off") {
  const auto off = [](const std::string& text) {
    return findings(text, {{"rules", "message-to-user"}});
  };
  const std::string head = "Процедура П() Экспорт\n";
  const std::string tail = "КонецПроцедуры\n";
  CHECK(off(head + "Сообщить(1);\n" + tail) == list{"message-to-user 2"});
  CHECK(off(head + "Сообщить(1); // BSLLS:DeprecatedMessage-off\nСообщить(1);\n" + tail) ==
        list{"message-to-user 3"});
  CHECK(off(head +
            "// BSLLS:DeprecatedMessage-выкл\nСообщить(1);\n// "
            "BSLLS:DeprecatedMessage-вкл\nСообщить(1);\n" +
            tail) == list{"message-to-user 5"});
  CHECK(off("// BSLLS-off\n" + head + "Сообщить(1);\n// BSLLS-on\nСообщить(1);\n" + tail) ==
        list{"message-to-user 5"});
  CHECK(off("// BSLLS:message-to-user-off\n" + head + "Сообщить(1);\n" + tail) == list{});
  CHECK(off("// BSLLS:NoSuchKey-off\n" + head + "Сообщить(1);\n" + tail) ==
        list{"message-to-user 3"});
}

TEST_CASE("comments of EDT switch rules off for a method, a statement or a line") {
  const auto off = [](const std::string& text) {
    return findings(text, {{"rules", "query-in-loop,message-to-user"}});
  };
  const std::string loop = "Для Каждого Б Из А Цикл\n Сообщить(Запрос.Выполнить());\nКонецЦикла;\n";
  CHECK(off("//@skip-check query-in-loop\nПроцедура П(А) Экспорт\n" + loop + "КонецПроцедуры") ==
        list{"message-to-user 4"});
  CHECK(off("Процедура П(А) Экспорт\n//@skip-check query-in-loop, message-to-user - так надо\n"
            "Сообщить(1);\nСообщить(2);\nКонецПроцедуры") == list{"message-to-user 4"});
  CHECK(
      off("Процедура П(А) Экспорт\nСообщить(1); // @skip-check message-to-user\nКонецПроцедуры") ==
      list{});
}

TEST_CASE("comments of the configuration checker switch rules off") {
  const auto off = [](const std::string& text) {
    return findings(text, {{"rules", "empty-except,current-date"}});
  };
  CHECK(off("Процедура П() Экспорт\nПопытка\nА();\nИсключение // АПК:280-выкл\nКонецПопытки; // "
            "АПК:280-вкл\n"
            "Попытка\nА();\nИсключение\nКонецПопытки;\nКонецПроцедуры") == list{"empty-except 8"});
  CHECK(off("Процедура П() Экспорт\nА = ТекущаяДата(); // АПК:143 нужна дата сервера\nА = "
            "ТекущаяДата();\n"
            "КонецПроцедуры") == list{"current-date 3"});
  CHECK(off("// АПК:143-выкл, АПК:280-выкл\nПроцедура П() Экспорт\nА = "
            "ТекущаяДата();\nПопытка\nА();\n"
            "Исключение\nКонецПопытки;\nКонецПроцедуры") == list{});
}

TEST_CASE("every rule has an id of its own in kebab-case and both languages") {
  std::set<std::string_view> ids;
  for (const auto& each : all_rules()) {
    INFO(each.id);
    CHECK(ids.insert(each.id).second);
    CHECK(each.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK_FALSE(each.title_ru.empty());
    CHECK_FALSE(each.title_en.empty());
    CHECK(each.message_ru.empty() == each.message_en.empty());
    CHECK((each.message_ru.find("{}") == std::string_view::npos) ==
          (each.message_en.find("{}") == std::string_view::npos));
    CHECK(find_rule(each.id) == &each);
  }
  CHECK(ids.size() >= 45);
}

TEST_CASE("a message has the finding's detail in either language") {
  const auto& rule = rule_of(rule_id::deep_nesting);
  CHECK(message(rule, "7", language::russian) == "Вложенность операторов 7, допускается 4");
  CHECK(message(rule, "7", language::english) == "Statements are nested 7 deep, 4 is allowed");
}

TEST_CASE("a list of rules changes the defaults, or names the only ones") {
  const auto changed = rule_selection::read("-empty-method, +magic-number");
  REQUIRE(changed);
  CHECK_FALSE(changed->has(rule_id::empty_method));
  CHECK(changed->has(rule_id::magic_number));
  CHECK(changed->has(rule_id::goto_statement));
  const auto only = rule_selection::read("UsingGoto");
  REQUIRE(only);
  CHECK(only->has(rule_id::goto_statement));
  CHECK_FALSE(only->has(rule_id::empty_method));
  const auto none = rule_selection::read("-all,+empty-method");
  REQUIRE(none);
  CHECK(none->has(rule_id::empty_method));
  CHECK_FALSE(none->has(rule_id::goto_statement));
  const auto wrong = rule_selection::read("-empty-metod");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("did you mean 'empty-method'?") != std::string::npos);
}

TEST_CASE("the page about lint lists the rules that there are") {
  const auto page = slurp(fs::path(ARTEL_SAMPLES) / ".." / ".." / "docs" / "LINT.md");
  CHECK(page.find(rule_list(language::english)) != std::string::npos);
}

TEST_CASE("syntax errors are told in Russian as well, all that the parser can say") {
  for (const auto* text : {"А = ;",
                           "Если А Б КонецЕсли;",
                           "Для Каждого Из А Цикл КонецЦикла;",
                           "Б()) ;",
                           "КонецЕсли;",
                           "Пока А Цикл",
                           "А = \"б",
                           "А = '2020",
                           "Процедура",
                           "Функция Ф(",
                           "Функция Ф(А = Б) КонецФункции",
                           "&",
                           "Попытка А(); КонецПопытки;",
                           "Исключение",
                           "Иначе",
                           "А.;",
                           "Новый;",
                           "Перейти А;",
                           "~",
                           "Перем ;",
                           "Для А По Б Цикл КонецЦикла;",
                           "А[1;",
                           "? А;",
                           "?(А);",
                           "ДобавитьОбработчик А;",
                           "Процедура П() Если А Тогда КонецПроцедуры"}) {
    INFO(text);
    const auto found = bsl::parse_module(text);
    REQUIRE_FALSE(found.errors.empty());
    for (const auto& each : found.errors) {
      const auto russian = russian_syntax(each.message);
      INFO(each.message << " → " << russian);
      CHECK(russian.find("expected") == std::string::npos);
      CHECK(russian.find("closed") == std::string::npos);
      CHECK(russian.find("the ") == std::string::npos);
    }
  }
}
