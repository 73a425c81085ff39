// Rules about whole modules and about queries: each on a text that breaks it and on one that does
// not; and texts made to cost time.
#include <catch2/catch.hpp>

#include "tests/unit/analysis/rules_support.hpp"

using namespace artel::analysis::test;

namespace {

std::string query(const std::string& text) { return body("В = \"" + text + "\";\nГ(В);"); }

}  // namespace

TEST_CASE("regions: unclosed, empty, repeated, not of the standard") {
  CHECK(details("unclosed-region", "#Область А\n") == list{"А"});
  CHECK(details("empty-region", "#Область А\n// слова\n#КонецОбласти\n") == list{"А"});
  CHECK(details("empty-region", "#Область А\n" + body("В();") + "#КонецОбласти\n").empty());
  CHECK(lines("duplicate-region", "#Область А\n#КонецОбласти\n#Область а\n#КонецОбласти\n") ==
        numbers{3});
  CHECK(
      lines("duplicate-region", "#Область А\n#Область Б\n#КонецОбласти\n#КонецОбласти\n").empty());
  CHECK(details("non-standard-region",
                "#Область Мое\n#КонецОбласти\n#Область Инициализация\n#КонецОбласти\n") ==
        list{"Мое"});
  CHECK(details("code-outside-region", "#Область А\n#КонецОбласти\n" + body("В();")) == list{"П"});
  std::string tall = body("В();");
  for (int i = 0; i < 201; ++i) tall += "\n";
  CHECK(lines("missing-regions", tall) == numbers{1});
  CHECK(lines("missing-regions", body("В();")).empty());
}

TEST_CASE("lines: too long in characters, empty ones in a row") {
  std::string wide;
  for (int i = 0; i < 121; ++i) wide += "я";
  CHECK(details("line-too-long", "//" + wide.substr(0, 118 * 2) + "\n//" + wide + "\n") ==
        list{"123"});
  CHECK(details("consecutive-empty-lines", "А();\n\n\n\nБ();\n\nВ();\n") == list{"3"});
}

TEST_CASE("keywords are spelled as in the documentation, members may be spelled as they like") {
  CHECK(places("keyword-spelling", body("если А Тогда\n В();\nКонецесли;")) ==
        list{"если", "Конецесли"});
  CHECK(places("keyword-spelling", body("Если НЕ А Или Не Б Тогда\n А.выполнить();\nКонецЕсли;"))
            .empty());
  CHECK(places("keyword-spelling", "Procedure P()\n If A Then B(); EndIf;\nEndProcedure").empty());
}

TEST_CASE("characters that only look like code are found, in comments and texts they are at home") {
  CHECK(details("invalid-character", body("В =\xC2\xA0"
                                          "1;")) == list{"U+00A0"});
  CHECK(details("invalid-character", body("В = 1; //\xC2\xA0\nГ = \"\xE2\x80\x94\";")).empty());
}

TEST_CASE("code in comments is found, prose and examples of documentation are not") {
  CHECK(lines("commented-code",
              body("// А = Б + 1;\n// В(А);\n// Это пояснение; оно не код (почти).\nБ();")) ==
        numbers{2});
  CHECK(lines("commented-code", "// Пример:\n// А = Б(1);\n" + body("В();")).empty());
}

TEST_CASE("syntax errors are findings at their place") {
  CHECK(lines("syntax-error", body("Если А\nКонецЕсли;")) == numbers{3});
  CHECK(lines("syntax-error", body("Если А Тогда\nКонецЕсли;")).empty());
}

TEST_CASE("queries: what costs time or gives other results than meant") {
  struct pair {
    const char* rule;
    const char* broken;
    const char* good;
  };
  const pair pairs[] = {
      {"select-all-fields", "ВЫБРАТЬ РАЗРЕШЕННЫЕ РАЗЛИЧНЫЕ * ИЗ Справочник.Т КАК Т",
       "ВЫБРАТЬ А * Б КАК В, КОЛИЧЕСТВО(*) ИЗ Справочник.Т КАК Т"},
      {"union-without-all", "ВЫБРАТЬ 1 ОБЪЕДИНИТЬ ВЫБРАТЬ 2", "ВЫБРАТЬ 1 ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2"},
      {"join-with-subquery", "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ (ВЫБРАТЬ 1) КАК Б ПО ИСТИНА",
       "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.Х В (ВЫБРАТЬ 1)"},
      {"join-with-virtual-table",
       "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ РегистрСведений.Р.СрезПоследних(&П) КАК Б ПО ИСТИНА",
       "ВЫБРАТЬ 1 ИЗ РегистрСведений.Р.СрезПоследних(&П) КАК Б"},
      {"virtual-table-without-parameters", "ВЫБРАТЬ 1 ИЗ РегистрНакопления.Р.Остатки(, ) КАК О",
       "ВЫБРАТЬ 1 ИЗ РегистрНакопления.Р.Остатки(, А = 1) КАК О"},
      {"or-in-join", "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ Б ПО А.Х = Б.Х ИЛИ А.У = Б.У ГДЕ А.Х ИЛИ А.У",
       "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ Б ПО А.Х = Б.Х ГДЕ А.Х ИЛИ А.У"},
      {"or-in-where", "ВЫБРАТЬ 1 ИЗ А ГДЕ (А.Х ИЛИ А.У)", "ВЫБРАТЬ А.Х ИЛИ А.У КАК Х ИЗ А ГДЕ А.Х"},
      {"top-without-order", "ВЫБРАТЬ ПЕРВЫЕ 10 А.Х КАК Х ИЗ А",
       "ВЫБРАТЬ ПЕРВЫЕ 10 А.Х КАК Х ИЗ А УПОРЯДОЧИТЬ ПО Х"},
      {"top-without-order",
       "ВЫБРАТЬ ПЕРВЫЕ 5 А.Х ИЗ А ГДЕ А.У В (ВЫБРАТЬ Б.У ИЗ Б УПОРЯДОЧИТЬ ПО У)",
       "ВЫБРАТЬ ПЕРВЫЕ 1 А.Х ИЗ А"},
      {"full-join", "ВЫБРАТЬ 1 ИЗ А ПОЛНОЕ ВНЕШНЕЕ СОЕДИНЕНИЕ Б ПО ИСТИНА",
       "ВЫБРАТЬ 1 ИЗ А ЛЕВОЕ СОЕДИНЕНИЕ Б ПО ИСТИНА"},
      {"like-with-expression", "ВЫБРАТЬ 1 ИЗ А ГДЕ А.Х ПОДОБНО \"\"%\"\" + &Б",
       "ВЫБРАТЬ 1 ИЗ А ГДЕ А.Х ПОДОБНО &Б"},
      {"field-without-alias", "ВЫБРАТЬ А.Х ИЗ А КАК А", "ВЫБРАТЬ А.Х КАК Х ИЗ А КАК А"},
      {"deep-dereference", "ВЫБРАТЬ А.Х.У.Ц.Ч КАК Х ИЗ А", "ВЫБРАТЬ А.Х.У.Ц КАК Х ИЗ А"},
      {"deep-dereference", "ВЫБРАТЬ А.Х.Ссылка КАК Х ИЗ А", "ВЫБРАТЬ А.Ссылка КАК Х ИЗ А"},
  };
  for (const auto& each : pairs) {
    INFO(each.rule << ": " << each.broken << " / " << each.good);
    CHECK(lines(each.rule, query(each.broken)).size() == 1);
    CHECK(lines(each.rule, query(each.good)).empty());
  }
}

TEST_CASE("a finding in a query is in the query's line") {
  CHECK(lines("select-all-fields", query("ВЫБРАТЬ\n | // слова\n | *\n |ИЗ А")) == numbers{4});
  CHECK(places("select-all-fields", query("ВЫБРАТЬ\n | *\n |ИЗ А")) == list{"*"});
}

TEST_CASE("what is put together from pieces is not judged as a whole") {
  CHECK(lines("top-without-order", body("В = \"ВЫБРАТЬ ПЕРВЫЕ 10 А.Х ИЗ А\" + Б;")).empty());
}

TEST_CASE("a text that begins with a sign has no assignment") {
  CHECK(lines("self-assignment", "=\n").empty());
  CHECK(lines("syntax-error", "=\n") == numbers{1});
}

// Work that grows with the square of the text takes minutes here, and the test runner's limit ends
// it.
TEST_CASE("texts made to cost time are looked at to their end") {
  const auto found = [](const std::string& text) { return review(text).findings.size(); };
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "Если А Тогда\n Прервать;\nИначе\n В(1, 2, 3);\n";
  for (int i = 0; i < 100'000; ++i) nested += "КонецЕсли;\n";
  CHECK(found(body("Пока А Цикл\n" + nested + "КонецЦикла;")) > 0);
  std::string colliding;
  for (int i = 0; i < 200'000; ++i) {
    std::string name = "х";
    for (int bit = 0; bit < 18; ++bit) name += (i >> bit) % 2 == 0 ? 'p' : 'q';
    colliding += name + " = 1;\n";
  }
  CHECK(found(body(colliding)) > 0);
  std::string methods;
  for (int i = 0; i < 100'000; ++i) {
    std::string name = "х";
    for (int bit = 0; bit < 17; ++bit) name += (i >> bit) % 2 == 0 ? 'p' : 'q';
    methods += "Процедура " + name + "()\n" + name + "();\nКонецПроцедуры\n";
  }
  CHECK(found(methods) > 0);
  std::string wide = "В = А";
  for (int i = 0; i < 300'000; ++i) wide += " - А";
  CHECK(found(body(wide + ";")) > 0);
  std::string calls;
  for (int i = 0; i < 900; ++i) calls += "Формат(";
  CHECK(found(body("В = " + calls + "1" + std::string(900, ')') + ";")) > 0);
  std::string texts;
  for (int i = 0; i < 100'000; ++i) texts += "В = \"ВЫБРАТЬ \"\"\";\n";
  CHECK(found(body(texts)) > 0);
}
