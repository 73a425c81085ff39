// The language as the platform reads it: both alphabets, trivia, signatures, strings, preprocessor.
#include <catch2/catch.hpp>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/bsl/parser.hpp"

using namespace artel::analysis::bsl;

namespace {

module_syntax clean(std::string_view text) {
  auto found = parse_module(text);
  for (const auto& each : found.errors)
    UNSCOPED_INFO(each.line << ":" << each.column << " " << each.message);
  REQUIRE(found.errors.empty());
  return found;
}

std::string name(const method& each, std::string_view text) {
  return std::string(each.name.in(text));
}

}  // namespace

TEST_CASE("Russian, English and mixed keywords mean the same in any case") {
  const std::string_view text =
      "ПРОЦЕДУРА Первая() Экспорт\n КонецПроцедуры\n"
      "function Second(val A, B = -1) EXPORT\n return A; EndFunction\n"
      "Процедура Третья()\n Если Истина Then Возврат; EndIf; EndProcedure";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 3);
  CHECK(name(found.methods[0], text) == "Первая");
  CHECK(found.methods[0].exported);
  CHECK(found.methods[1].kind == method_kind::function);
  REQUIRE(found.methods[1].parameters.size() == 2);
  CHECK(found.parameters_of(found.methods[1])[0].by_value);
  CHECK(found.parameters_of(found.methods[1])[1].default_value.in(text) == "-1");
  CHECK_FALSE(found.methods[2].exported);
}

TEST_CASE("a lone carriage return ends a line and a comment") {
  const std::string_view text = "// comment\rПроцедура А()\rКонецПроцедуры";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 1);
  CHECK(found.methods[0].line_start == 2);
  CHECK(found.methods[0].doc.in(text) == "// comment");
  CHECK(found.counts.lines == 3);
}

TEST_CASE("no-break and zero-width spaces are blanks, and ё is a letter of its own") {
  const std::string_view text =
      "Процедура\u00a0Счёт()\u200b\n Ещё\u00a0= 1; // с\u00a0пробелом\u200b\nКонецПроцедуры";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 1);
  CHECK(name(found.methods[0], text) == "Счёт");
}

TEST_CASE("a signature may span lines, hold comments and preprocessor lines") {
  const std::string_view text =
      "Функция Ф(\n  Знач А, // первый\n#Если Сервер Тогда\n  Б = \"x\",\n#КонецЕсли\n  В = "
      "'20200101',\n"
      "  Г = Неопределено\n) Экспорт\n  Возврат А;\nКонецФункции";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 1);
  const auto& method = found.methods[0];
  CHECK(method.parameters.size() == 4);
  CHECK(method.exported);
  CHECK(method.signature_line_end > method.line_start);
  CHECK(found.parameters_of(method)[1].default_value.in(text) == "\"x\"");
  CHECK(found.parameters_of(method)[2].default_value.in(text) == "'20200101'");
}

TEST_CASE("a string goes on over lines with comments and preprocessor lines between") {
  const std::string_view text =
      "А = \"ВЫБРАТЬ\n// пояснение\n\n#Если Сервер Тогда\n   |  \"\"Поле\"\"\n#КонецЕсли\n|ИЗ "
      "Т\";\nБ = 1;";
  const auto found = clean(text);
  CHECK(found.counts.strings == 1);
  CHECK(found.counts.multiline_strings == 1);
  CHECK(found.counts.query_strings == 1);
  CHECK(found.body.metrics.statements == 2);
}

TEST_CASE("literals next to each other are one value") {
  const auto found = clean("А = \"один\" \"два\"\n\"три\";");
  CHECK(found.counts.strings == 3);
  CHECK(found.body.metrics.statements == 1);
}

TEST_CASE("behind a dot a keyword is a plain name") {
  const std::string_view text =
      "Запрос.Выполнить(); А = Объект.Новый.Если.Процедура; Б.Экспорт = Истина;";
  const auto found = clean(text);
  REQUIRE(found.body.calls.size() == 1);
  CHECK(found.calls_of(found.body)[0].name.in(text) == "Выполнить");
  CHECK(found.calls_of(found.body)[0].qualifier.in(text) == "Запрос");
}

TEST_CASE("arguments may be left out and chains may span lines") {
  clean("Ф(А, , Б); Ф(, ); Ф(); А = Б\n .В()\n // note\n .Г[0][1].Д(1)(2);");
}

TEST_CASE("what other grammars stumble over is read without an error") {
  clean("А = (Б = В); Г = (а - b) * c; Д = ? (x, 1, 2); Е = -(-1); Ж = НЕ НЕ Истина; З = +5 % 2;");
  clean("Попытка А(); Исключение ВызватьИсключение; КонецПопытки;");
  clean("ВызватьИсключение(Т, К.О); ВызватьИсключение \"a\" + Б; ВызватьИсключение (А + Б) + В;");
  clean("А = Новый Структура; Б = Новый(\"Тип\", П); В = Новый Массив(3); Г = (Новый Б).Х;");
  clean("~М: А = 1; Перейти ~М; Выполнить(\"А\"); Выполнить \"Б\"; ДобавитьОбработчик А.Б, В.Г;");
  clean("Для Каждого А Из Б Цикл Продолжить КонецЦикла; Для Н = 0 По 5 Цикл Прервать КонецЦикла");
  clean("Для А.Б = 1 По 2 Цикл КонецЦикла; Пока Истина Цикл ; КонецЦикла;;");
  clean("А = '20200101'; Б = '2020-01-01 12:00:00'; В = 1.5; Г = 1.;");
}

TEST_CASE("await is a keyword only inside async methods") {
  const std::string_view text =
      "Асинх Процедура А()\n Б = Ждать В(); Ждать Г(); Возврат; КонецПроцедуры\n"
      "Процедура Д()\n Ждать = 1; Асинх = Ждать + 1; КонецПроцедуры\n"
      "&AtClient\nAsync Function E() Return Await F(Await G()); EndFunction";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 3);
  CHECK(found.methods[0].async);
  CHECK_FALSE(found.methods[1].async);
  CHECK(found.methods[2].async);
  CHECK(found.methods[2].annotations.size() == 1);
}

TEST_CASE("the same method may stand in two branches of the preprocessor") {
  const std::string_view text =
      "#Если Клиент Тогда\nПроцедура А()\nКонецПроцедуры\n#Иначе\nПроцедура "
      "А(Б)\nКонецПроцедуры\n#КонецЕсли\n";
  const auto found = clean(text);
  CHECK(found.methods.size() == 2);
  CHECK(found.counts.preprocessor_if == 1);
  CHECK(found.counts.preprocessor_else == 1);
}

TEST_CASE("halves of a statement may stand in different branches of the preprocessor") {
  clean(
      "Процедура А()\n#Если Клиент Тогда\n Если Б Тогда\n#Иначе\n Если В Тогда\n#КонецЕсли\n  "
      "Г();\n КонецЕсли;\n"
      "КонецПроцедуры");
  clean("Функция А()\n Возврат\n#Если Клиент Тогда\n 1\n#Иначе\n 2\n#КонецЕсли\n;\nКонецФункции");
}

TEST_CASE("text that an extension deletes is not live code") {
  const std::string_view text =
      "&ИзменениеИКонтроль(\"Провести\")\nПроцедура Расш_Провести()\n#Удаление\n Если "
      "Сломано\n#КонецУдаления\n"
      "#Вставка\n А = 1;\n#КонецВставки\nКонецПроцедуры";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 1);
  REQUIRE(found.methods[0].annotations.size() == 1);
  CHECK(found.annotations_of(found.methods[0])[0].argument.in(text) == "\"Провести\"");
  CHECK(found.methods[0].metrics.statements == 1);
  CHECK(found.counts.deleted_blocks == 1);
}

TEST_CASE("regions nest, and a method knows the innermost one") {
  const std::string_view text =
      "#Область Внешняя\n#Region Inner // note\nПроцедура "
      "А()\nКонецПроцедуры\n#EndRegion\n#КонецОбласти\n"
      "# Область Открытая";
  const auto found = clean(text);
  REQUIRE(found.regions.size() == 3);
  CHECK(found.regions[1].name.in(text) == "Inner");
  CHECK(found.regions[1].parent == 1);
  CHECK(found.regions[0].line_end == 6);
  CHECK(found.regions[2].line_end == 0);
  CHECK(found.methods[0].region == 2);
}

TEST_CASE("module variables keep their directives and exports") {
  const std::string_view text = "&НаКлиенте\nПерем А Экспорт, Б;\nПерем В;\nА = 1;";
  const auto found = clean(text);
  REQUIRE(found.variables.size() == 3);
  CHECK(found.variables[0].exported);
  CHECK(found.variables[1].directive.in(text) == "НаКлиенте");
  CHECK(found.variables[2].directive.empty());
  CHECK(found.body.metrics.statements == 1);
}

TEST_CASE("the documentation of a method is the comment right above it, directives between") {
  const std::string_view text =
      "// Чужой комментарий.\n\n// Описание.\n// Параметры:\n//  А - Число - сколько.\n&НаСервере\n"
      "Функция Ф(А) Экспорт\n Возврат А; // не документация\nКонецФункции\n\n// "
      "далеко\n\nПроцедура П()\nКонецПроцедуры";
  const auto found = clean(text);
  REQUIRE(found.methods.size() == 2);
  const auto doc = parse_doc_comment(found.methods[0].doc.in(text));
  CHECK(doc.description == "Описание.");
  REQUIRE(doc.parameters.size() == 1);
  CHECK(doc.parameters[0].name == "А");
  CHECK(doc.parameters[0].types == "Число");
  CHECK(found.methods[1].doc.empty());
}

TEST_CASE("a documentation comment tells what it returns and that a method is deprecated") {
  const auto doc = parse_doc_comment(
      "// Deprecated. Use B.\n// Parameters:\n// X - Number, String - first\n//   second line\n// "
      "Returns:\n//  Number - sum");
  CHECK(doc.is_deprecated);
  REQUIRE(doc.parameters.size() == 1);
  CHECK(doc.parameters[0].types == "Number, String");
  CHECK(doc.parameters[0].description == "first\nsecond line");
  CHECK(doc.returns == "Number - sum");
}

TEST_CASE("free annotations may stand on methods and parameters") {
  const auto found = clean(
      "&Желудь(Имя = \"А\")\n&Два\nПроцедура П(&Пластилин(\"Б\") А, &В Знач Г = 1) "
      "Экспорт\nКонецПроцедуры");
  REQUIRE(found.methods.size() == 1);
  CHECK(found.methods[0].annotations.size() == 2);
  CHECK(found.methods[0].parameters.size() == 2);
}

TEST_CASE("lines of code, of comments and of strings are counted apart") {
  const auto found = clean("// one\nА = 1; // two\n\nБ = \"a\n// three\n|b\";\n// four\n");
  CHECK(found.counts.lines == 7);
  CHECK(found.counts.code_lines == 3);
  CHECK(found.counts.comment_lines == 2);
}

TEST_CASE("empty texts and texts of nothing but marks are modules without anything") {
  for (const std::string_view text : {"", "\n", "\r", "// only", "   \u00a0"}) {
    const auto found = clean(text);
    CHECK(found.methods.empty());
  }
  CHECK(without_byte_order_mark("\xEF\xBB\xBFА") == "А");
  CHECK(is_protected_image(std::string_view("\xFF\xFF\xFF\x7F\x00", 5)));
}
