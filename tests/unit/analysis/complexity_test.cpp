// Complexity by hand: every expected number is derived in the comment beside it.
#include <catch2/catch.hpp>

#include "actors/analysis/bsl/parser.hpp"

using namespace artel::analysis::bsl;

namespace {

complexity of(const std::string& body) {
  const auto found = parse_module("Функция Ф(А, Б, В)\n" + body + "\nКонецФункции");
  REQUIRE(found.errors.empty());
  REQUIRE(found.methods.size() == 1);
  return found.methods[0].metrics;
}

}  // namespace

TEST_CASE("an empty method has complexity one and zero") {
  CHECK(of("").cyclomatic == 1);
  CHECK(of("").cognitive == 0);
  CHECK(of("").statements == 0);
}

TEST_CASE("branches count one each, else as well") {
  // 1 + If + ElsIf + Else; cognitive: If 1, ElsIf 1, Else 1
  const auto found = of("Если А Тогда Х(); ИначеЕсли Б Тогда Х(); Иначе Х(); КонецЕсли;");
  CHECK(found.cyclomatic == 4);
  CHECK(found.cognitive == 3);
  CHECK(found.statements == 4);
  CHECK(found.max_nesting == 1);
}

TEST_CASE("nesting makes structures dearer, except for the body of try") {
  // cyclomatic 1 + For + If + While + Except; cognitive For 1, If 2 (nested once), While 3, Except
  // 2 (Try adds no level)
  const auto found =
      of("Для Каждого Э Из А Цикл\n Если Б Тогда\n  Пока В Цикл КонецЦикла;\n КонецЕсли;\n"
         " Попытка Х(); Исключение У(); КонецПопытки;\nКонецЦикла;");
  CHECK(found.cyclomatic == 5);
  CHECK(found.cognitive == 1 + 2 + 3 + 2);
  CHECK(found.max_nesting == 3);
  CHECK(found.tries == 1);
}

TEST_CASE("what stands in an except block is nested") {
  // Except 1, If inside 2
  CHECK(of("Попытка Х(); Исключение Если А Тогда Х(); КонецЕсли; КонецПопытки;").cognitive == 3);
}

TEST_CASE("logical operators count each for cyclomatic and per change for cognitive complexity") {
  // two operators of one sort: cyclomatic 1 + If + 2, cognitive If 1 + run 1
  const auto same = of("Если А И Б И В Тогда КонецЕсли;");
  CHECK(same.cyclomatic == 4);
  CHECK(same.cognitive == 2);
  // And, Or, And: three changes
  const auto changing = of("Х = А И Б ИЛИ В И А;");
  CHECK(changing.cyclomatic == 4);
  CHECK(changing.cognitive == 3);
}

TEST_CASE("operators in parentheses count twice for cyclomatic and once for cognitive complexity") {
  // the whole: And, Or = 2 operators, 2 changes; the inner expression again: 1 operator
  const auto found = of("Х = А И (Б ИЛИ В);");
  CHECK(found.cyclomatic == 1 + 2 + 1);
  CHECK(found.cognitive == 2);
}

TEST_CASE("a negated group splits the run of operators") {
  // And | Or | And: three changes
  const auto found = of("Х = А И НЕ (Б ИЛИ В) И А;");
  CHECK(found.cognitive == 3);
  // without the group the two Ands are one run
  CHECK(of("Х = А И НЕ Б И А;").cognitive == 1);
  // even the same operator inside starts anew: And | And | And
  CHECK(of("Х = А И НЕ (Б И В) И А;").cognitive == 3);
}

TEST_CASE("a conditional operator is a structure that nests") {
  // outer 1, inner nested 2
  const auto found = of("Возврат ?(А, ?(Б, 1, 2), 3);");
  CHECK(found.cyclomatic == 3);
  CHECK(found.cognitive == 3);
  // inside the condition of If it is nested once
  CHECK(of("Если ?(А, Б, В) Тогда КонецЕсли;").cognitive == 1 + 2);
}

TEST_CASE("jumps and direct recursion count one, calls through an object do not") {
  CHECK(of("~М: Перейти ~М;").cyclomatic == 2);
  CHECK(of("~М: Перейти ~М;").cognitive == 1);
  CHECK(of("Возврат ф(А, Б, В);").cyclomatic == 2);
  CHECK(of("Возврат ф(А, Б, В);").cognitive == 1);
  CHECK(of("Возврат Х.Ф(А, Б, В);").cyclomatic == 1);
}

TEST_CASE("empty excepts are seen, those with a statement are not") {
  CHECK(of("Попытка Х(); Исключение КонецПопытки;").empty_excepts == 1);
  CHECK(of("Попытка Х(); Исключение // зачем\n КонецПопытки;").empty_excepts == 1);
  CHECK(of("Попытка Х(); Исключение У(); КонецПопытки;").empty_excepts == 0);
}

TEST_CASE("calls know how many loops they stand in, a loop's header as far as it repeats") {
  const std::string text =
      "Для Каждого Э Из З.Выполнить() Цикл\n Пока Э.Следующий() Цикл\n  Т.Записать();\n "
      "КонецЦикла;\nКонецЦикла;\nК();";
  const auto found = parse_module(text);
  REQUIRE(found.body.calls.size() == 4);
  CHECK(found.calls_of(found.body)[0].loops == 0);
  CHECK(found.calls_of(found.body)[1].loops == 2);
  CHECK(found.calls_of(found.body)[2].loops == 2);
  CHECK(found.calls_of(found.body)[3].loops == 0);
}
