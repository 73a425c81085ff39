// Rules about statements, flow, transactions and expressions: each on a text that breaks it and on
// one that does not.
#include <catch2/catch.hpp>

#include "tests/unit/analysis/rules_support.hpp"

using namespace artel::analysis::test;

TEST_CASE("an empty Except is found at its keyword") {
  CHECK(places("empty-except", body("Попытка\n В();\n Исключение\nКонецПопытки;")) ==
        list{"Исключение"});
  CHECK(lines("empty-except", body("Попытка\n В();\n Исключение\nКонецПопытки;")) == numbers{4});
  CHECK(lines("empty-except", body("Попытка В(); Исключение Г(); КонецПопытки;")).empty());
}

TEST_CASE("an empty block is found, one that a comment explains is not") {
  CHECK(lines("empty-block", body("Если А Тогда\nИначе\n В();\nКонецЕсли;")) == numbers{2});
  CHECK(
      lines("empty-block", body("Если А Тогда\n // так и надо\nИначе\n В();\nКонецЕсли;")).empty());
}

TEST_CASE("empty statements, several in a line and missing semicolons are found") {
  CHECK(lines("empty-statement", body("В();\n;")) == numbers{3});
  CHECK(lines("empty-statement", body("В();\nГ();")).empty());
  CHECK(lines("one-statement-per-line", body("В(); Г();")) == numbers{2});
  CHECK(lines("one-statement-per-line", body("Если А Тогда В(); КонецЕсли;")).empty());
  CHECK(lines("missing-semicolon", body("В();\nГ()")) == numbers{3});
  CHECK(lines("missing-semicolon", body("Если А Тогда\n В();\nКонецЕсли;")).empty());
}

TEST_CASE("code behind a jump is found, code in another branch of #If is not") {
  CHECK(lines("unreachable-code", body("Возврат;\nВ();")) == numbers{3});
  CHECK(lines("unreachable-code", body("Возврат;\nВозврат;\nВ();")) == numbers{3});
  CHECK(lines("unreachable-code", body("Если А Тогда\n Возврат;\nКонецЕсли;\nВ();")).empty());
  CHECK(lines("unreachable-code", body("#Если Сервер Тогда\nВозврат;\n#Иначе\nВ();\n#КонецЕсли"))
            .empty());
}

TEST_CASE("branches that say the same are found, short ones may repeat") {
  CHECK(lines("identical-branches",
              body("Если А Тогда\n В(1, 2, 3);\nИначе\n В(1, 2, 3);\nКонецЕсли;")) == numbers{4});
  CHECK(lines("identical-branches",
              body("Если А Тогда\n В(1, 2, 3);\nИначе\n В(1, 2, 4);\nКонецЕсли;"))
            .empty());
  CHECK(lines("identical-branches", body("Если А Тогда\n Возврат;\nИначе\n Возврат;\nКонецЕсли;"))
            .empty());
}

TEST_CASE("a condition tested twice is found") {
  CHECK(lines("duplicated-condition",
              body("Если А = 1 Тогда\n В();\nИначеЕсли Б Тогда\n Г();\nИначеЕсли а = 1 Тогда\n "
                   "Д();\nКонецЕсли;")) == numbers{6});
  CHECK(lines("duplicated-condition",
              body("Если А = 1 Тогда\n В();\nИначеЕсли А = 2 Тогда\n Г();\nКонецЕсли;"))
            .empty());
}

TEST_CASE("ElsIf without Else is found when somebody wants it") {
  CHECK(lines("else-missing", body("Если А Тогда\n В();\nИначеЕсли Б Тогда\n Г();\nКонецЕсли;")) ==
        numbers{6});
  CHECK(lines("else-missing", body("Если А Тогда\n В();\nКонецЕсли;")).empty());
}

TEST_CASE(
    "a loop that does not use its variable is found, one that takes the first element is not") {
  CHECK(lines("unused-loop-variable", body("Для Каждого В Из А Цикл\n Г();\nКонецЦикла;")) ==
        numbers{2});
  CHECK(
      lines("unused-loop-variable", body("Для Каждого В Из А Цикл\n Г(В);\nКонецЦикла;")).empty());
  CHECK(
      lines("unused-loop-variable", body("Для Каждого В Из А Цикл\n Прервать;\nКонецЦикла;\nГ(В);"))
          .empty());
}

TEST_CASE(
    "deleting from the collection that is walked is found, leaving the loop behind it is fine") {
  CHECK(lines("deleting-in-loop",
              body("Для Каждого В Из А.Строки Цикл\n А.Строки.Удалить(В);\nКонецЦикла;")) ==
        numbers{3});
  CHECK(lines("deleting-in-loop",
              body("Для Каждого В Из А Цикл\n А.Удалить(В);\n Прервать;\nКонецЦикла;"))
            .empty());
  CHECK(lines("deleting-in-loop", body("Для Каждого В Из А Цикл\n Б.Удалить(В);\nКонецЦикла;"))
            .empty());
}

TEST_CASE("a jump by label is found") {
  CHECK(lines("goto-statement", body("~М: В();\nПерейти ~М;")) == numbers{3});
  CHECK(lines("goto-statement", body("А.Перейти();")).empty());
}

TEST_CASE("functions without a value and procedures with one are found") {
  CHECK(lines("function-without-return", "Функция Ф()\n В();\nКонецФункции") == numbers{1});
  CHECK(
      lines("function-without-return", "Функция Ф()\n ВызватьИсключение 1;\nКонецФункции").empty());
  CHECK(lines("missing-return",
              "Функция Ф(А)\n Если А Тогда\n Возврат 1;\n КонецЕсли;\nКонецФункции") == numbers{1});
  CHECK(lines("missing-return",
              "Функция Ф(А)\n Если А Тогда\n Возврат 1;\n Иначе\n ВызватьИсключение 2;\n "
              "КонецЕсли;\nКонецФункции")
            .empty());
  CHECK(lines("missing-return",
              "Функция Ф(А)\n Пока Истина Цикл\n Если А Тогда Возврат 1; КонецЕсли;\n "
              "КонецЦикла;\nКонецФункции")
            .empty());
  CHECK(lines("missing-return",
              "Функция Ф(А)\n Попытка\n Возврат 1;\n Исключение\n В();\n "
              "КонецПопытки;\nКонецФункции") == numbers{1});
  CHECK(lines("procedure-returns-value", body("Возврат А;")) == numbers{2});
  CHECK(lines("procedure-returns-value", body("Возврат;")).empty());
  CHECK(lines("too-many-returns", body("Возврат;\nВозврат;\nВозврат;\nВозврат;")) == numbers{1});
  CHECK(lines("too-many-returns", body("Возврат;\nВозврат;\nВозврат;")).empty());
}

TEST_CASE("a transaction as the standard writes it has no findings") {
  const auto text = body(
      "НачатьТранзакцию();\nПопытка\n В();\n ЗафиксироватьТранзакцию();\nИсключение\n "
      "ОтменитьТранзакцию();\n ВызватьИсключение;\nКонецПопытки;");
  for (const auto* rule : {"transaction-without-try", "commit-outside-try",
                           "rollback-outside-except", "unpaired-transaction"}) {
    INFO(rule);
    CHECK(lines(rule, text).empty());
  }
}

TEST_CASE("a transaction's calls in other places are found") {
  CHECK(lines("transaction-without-try", body("НачатьТранзакцию();\nВ();")) == numbers{2});
  CHECK(lines("commit-outside-try", body("НачатьТранзакцию();\nЗафиксироватьТранзакцию();")) ==
        numbers{3});
  CHECK(lines("rollback-outside-except",
              body("Попытка\n В();\nИсключение\n Г();\n ОтменитьТранзакцию();\nКонецПопытки;")) ==
        numbers{6});
  CHECK(lines("unpaired-transaction", body("НачатьТранзакцию();\nВ();")) == numbers{2});
}

TEST_CASE("operands that say the same are found, signs and parts of other operands are not") {
  CHECK(lines("identical-operands", body("Если А.Б = А.Б Тогда\n В();\nКонецЕсли;")) == numbers{2});
  CHECK(lines("identical-operands", body("Если А = 1 И а = 1 Тогда\n В();\nКонецЕсли;")) ==
        numbers{2});
  CHECK(lines("identical-operands", body("В = А - А;")) == numbers{2});
  CHECK(lines("identical-operands", body("В = Г - А = А;")).empty());
  CHECK(lines("identical-operands", body("В = Г * А / А;")).empty());
  CHECK(lines("identical-operands", body("В = Г - (-Г);\nД = -1;\nЕ = А + А;")).empty());
  CHECK(lines("identical-operands", body("А = А;")).empty());
}

TEST_CASE("assignments to itself are found, those that tell the editor a type are not") {
  CHECK(lines("self-assignment", body("А.Б = А.Б;")) == numbers{2});
  CHECK(lines("self-assignment", body("А = А; // СправочникСсылка.Товары")).empty());
  CHECK(lines("self-assignment", body("А = Б;")).empty());
}

TEST_CASE("ternary operators: nested, useless and all of them") {
  CHECK(lines("nested-ternary", body("В = ?(А, 1, ?(Б, 2, 3));")) == numbers{2});
  CHECK(lines("nested-ternary", body("В = ?(А, 1, 2) + ?(Б, 2, 3);")).empty());
  CHECK(lines("useless-ternary", body("В = ?(А = 1, Истина, Ложь);")) == numbers{2});
  CHECK(lines("useless-ternary", body("В = ?(А, Истина, Б);")).empty());
  CHECK(lines("ternary-operator", body("В = ?(А, 1, 2);")) == numbers{2});
  CHECK(lines("ternary-operator", body("В = А;")).empty());
}

TEST_CASE("conditions in a roundabout way are found") {
  CHECK(lines("compare-with-boolean", body("Если А = Истина Тогда\n В();\nКонецЕсли;")) ==
        numbers{2});
  CHECK(lines("compare-with-boolean", body("А = Истина;")).empty());
  CHECK(lines("double-negative", body("В = НЕ А <> Б;")) == numbers{2});
  CHECK(lines("double-negative", body("В = НЕ (А <> Б);")) == numbers{2});
  CHECK(lines("double-negative", body("В = НЕ (А <> Б И Б);")).empty());
  CHECK(lines("double-negative", body("В = НЕ А = Б;\nГ = НЕ (А) И Б <> 1;")).empty());
  CHECK(lines("complex-condition", body("Если А И Б И А ИЛИ Б Тогда\n В();\nКонецЕсли;")) ==
        numbers{2});
  CHECK(lines("complex-condition", body("Если А И Б Тогда\n В();\nКонецЕсли;")).empty());
  CHECK(lines("unary-plus", body("В = \"а\" + + \"б\";")) == numbers{2});
  CHECK(lines("unary-plus", body("В = \"а\" + \"б\";")).empty());
}

TEST_CASE("numbers and dates without a name are found when somebody wants it") {
  CHECK(details("magic-number", body("В = А * 24;\nГ = А + 1;\nД = 60;")) == list{"24"});
  CHECK(details("magic-date",
                body("Если А > '20240101' Тогда\n В();\nКонецЕсли;\nГ = '00010101';")) ==
        list{"'20240101'"});
}
