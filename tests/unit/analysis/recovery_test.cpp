// Text that is not BSL: one mistake gives one message with its place, and everything after it is
// still read.
#include <catch2/catch.hpp>
#include <random>

#include "actors/analysis/bsl/parser.hpp"

using namespace artel::analysis::bsl;

TEST_CASE("a broken statement is one error, and the next method is read") {
  const std::string_view text =
      "Процедура А()\n  Б = = 1 + ;\n  В();\nКонецПроцедуры\nФункция Г()\n Возврат "
      "1;\nКонецФункции";
  const auto found = parse_module(text);
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].line == 2);
  CHECK(found.errors[0].column == 7);
  CHECK(found.errors[0].message == "expected an expression, found '='");
  REQUIRE(found.methods.size() == 2);
  CHECK(found.methods[0].calls.size() == 1);
}

TEST_CASE("a broken condition leaves the rest of its block readable") {
  const auto found = parse_module("Если А Б Тогда В(); Иначе Г(); КонецЕсли; Д();");
  CHECK(found.errors.size() == 1);
  CHECK(found.body.calls.size() == 3);
}

TEST_CASE("a block that is never closed is said once, with its line") {
  const auto found = parse_module(
      "Процедура А()\nЕсли Б Тогда\nВ();\nКонецПроцедуры\nПроцедура Г()\nКонецПроцедуры");
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].message.find("line 2") != std::string::npos);
  CHECK(found.methods.size() == 2);
}

TEST_CASE("a method without its end gives way to the next method") {
  const auto found =
      parse_module("Процедура А()\nБ();\n&НаСервере\nФункция В()\nВозврат 1;\nКонецФункции");
  CHECK(found.errors.size() == 1);
  CHECK(found.methods.size() == 2);
}

TEST_CASE("stray ends, unclosed strings and foreign signs do not stop the reading") {
  const auto found = parse_module(
      "КонецЕсли;\nА = \"не закрыта\nБ = 1;\n$ § ;\nВ = '2020;\nПроцедура "
      "П(\nКонецПроцедуры\nФункция Ф()\n"
      "Возврат 1;\nКонецФункции");
  CHECK(found.errors.size() >= 4);
  CHECK(found.methods.size() == 2);
}

TEST_CASE("bytes that are not UTF-8 are tolerated in texts and comments, and refused in code") {
  CHECK(parse_module("А = \"\xFF\xC3\x28\"; // \x80\x80").errors.empty());
  CHECK_FALSE(parse_module("А = \xFF;").errors.empty());
}

TEST_CASE("a hundred thousand nested parentheses are an error and not a crash") {
  const std::string text =
      "А = " + std::string(100000, '(') + "1" + std::string(100000, ')') + ";\nБ = 1;";
  const auto found = parse_module(text);
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].message.find("nested deeper") != std::string::npos);
  CHECK(found.body.metrics.statements == 2);
}

TEST_CASE("a hundred thousand nested blocks are read") {
  std::string text = "Процедура А()\n";
  for (int i = 0; i < 100000; ++i) text += "Если Б Тогда\n";
  for (int i = 0; i < 100000; ++i) text += "КонецЕсли;\n";
  const auto found = parse_module(text + "КонецПроцедуры");
  CHECK(found.errors.empty());
  REQUIRE(found.methods.size() == 1);
  CHECK(found.methods[0].metrics.max_nesting == 100000);
}

TEST_CASE("other deep nestings end as well") {
  const auto repeated = [](std::string_view piece, int times) {
    std::string made;
    for (int i = 0; i < times; ++i) made += piece;
    return made;
  };
  for (const auto* piece : {"А(", "А[", "Новый А(", "?(", "НЕ ", "-", "А.", "#Если А Тогда\n",
                            "#Область А\n", "&А(", "Ждать "}) {
    const auto found = parse_module("Асинх Процедура П()\nБ = " + repeated(piece, 100000));
    CHECK(found.methods.size() <= 1);
  }
}

TEST_CASE("texts made to be slow are read in time that grows with their size") {
  const auto repeated = [](std::string_view piece, int times) {
    std::string made;
    for (int i = 0; i < times; ++i) made += piece;
    return made;
  };
  // Each of these takes minutes in a parser that looks back over the whole line, word or list.
  CHECK(parse_module("А = \"" + repeated("select", 200000) + "\";").errors.empty());
  CHECK(parse_module(repeated("А = ; ", 200000)).errors.size() == syntax_errors_max);
  const auto piece =
      "#Область А\n#Если Б Тогда\nПроцедура "
      "В()\n#Иначе\n(\n#КонецЕсли\nКонецПроцедуры\n#КонецОбласти\n";
  CHECK(parse_module(repeated(piece, 20000)).methods.size() == 20000);
}

TEST_CASE("the number of recorded errors is limited and the rest is counted") {
  std::string text;
  for (int i = 0; i < 1500; ++i) text += "А = ;\n";
  const auto found = parse_module(text);
  CHECK(found.errors.size() == syntax_errors_max);
  CHECK(found.errors_left_out == 500);
}

namespace {
constexpr std::string_view pieces[] = {"Процедура ",
                                       "Функция ",
                                       "КонецПроцедуры\n",
                                       "КонецФункции\n",
                                       "Если ",
                                       "Тогда ",
                                       "Иначе ",
                                       "КонецЕсли;",
                                       "А",
                                       "(",
                                       ")",
                                       "=",
                                       ";",
                                       "\"",
                                       "\n|",
                                       "//",
                                       "\r",
                                       "\n",
                                       "#Если ",
                                       "#Иначе\n",
                                       "#КонецЕсли\n",
                                       "#Удаление\n",
                                       "&",
                                       "~",
                                       "?",
                                       "Попытка ",
                                       "Исключение ",
                                       "КонецПопытки;",
                                       "Для Каждого ",
                                       " Из ",
                                       "Цикл ",
                                       "КонецЦикла;",
                                       ".",
                                       ",",
                                       "'",
                                       "1.",
                                       "Асинх ",
                                       "Ждать ",
                                       "Новый ",
                                       "[",
                                       "]",
                                       "\xD0",
                                       "\xFF",
                                       "ОбщийМодуль(\"А\")",
                                       "Справочник.А",
                                       "Знач ",
                                       "Экспорт "};
}  // namespace

TEST_CASE("no text of random lexemes breaks the parser, and every span lies inside of it") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto left = random() % 60; left > 0; --left) text += pieces[random() % std::size(pieces)];
    const auto found = parse_module(text);
    for (const auto& method : found.methods) {
      for (const auto& each :
           {method.name, method.whole, method.signature, method.body, method.doc}) {
        if (std::uint64_t{each.offset} + each.length > text.size())
          FAIL("a span leaves the text: " << text);
      }
    }
  }
}
