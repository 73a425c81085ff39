// Names of metadata in code, queries and texts, in both languages.
#include <catch2/catch.hpp>

#include "actors/analysis/bsl/metadata_words.hpp"
#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/kinds.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/sha256.hpp"
#include "actors/analysis/text/unicode.hpp"

using namespace artel::analysis;

namespace {

std::vector<std::string> references(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& each : bsl::parse_module(text).references)
    found.push_back(std::to_string(static_cast<int>(each.via)) + " " +
                    std::string(each.collection.in(text)) + "." + std::string(each.name.in(text)));
  return found;
}

}  // namespace

TEST_CASE("collections of metadata are seen in code, with and without Metadata before them") {
  CHECK(references("А = Справочники.Товары.Пустая(); Б = Metadata.Documents.Order.Name; В = "
                   "Прочее.Товары;") ==
        std::vector<std::string>{"0 Справочники.Товары", "0 Documents.Order"});
}

TEST_CASE("query texts and type names are told apart") {
  CHECK(references("А = \"ВЫБРАТЬ * ИЗ РегистрСведений.Цены.СрезПоследних(&А.Б)\"; Т = "
                   "Тип(\"СправочникСсылка.Товары\");") ==
        std::vector<std::string>{"1 РегистрСведений.Цены", "2 СправочникСсылка.Товары"});
}

TEST_CASE("a module asked for by name is a reference and the qualifier of the call behind it") {
  const std::string_view text =
      "ОбщегоНазначения.ОбщийМодуль(\"Учет\").Провести(1); М = CommonModule(\"Sales\");";
  CHECK(references(text) == std::vector<std::string>{"3 .Учет", "3 .Sales"});
  const auto found = bsl::parse_module(text);
  REQUIRE(found.body.calls.size() == 3);
  CHECK(found.calls_of(found.body)[1].dynamic);
  CHECK(found.calls_of(found.body)[1].qualifier.in(text) == "Учет");
  CHECK(found.calls_of(found.body)[1].name.in(text) == "Провести");
}

TEST_CASE(
    "a variable that holds a module is the qualifier of its calls until it is assigned anew") {
  const std::string_view text =
      "М = ОбщегоНазначения.ОбщийМодуль(\"Учет\");\nм.Провести(1);\nМ = Другое;\nМ.Записать();\n"
      "М = ОбщийМодуль(\"Учет\").Метод();\nМ.Закрыть();";
  const auto found = bsl::parse_module(text);
  std::vector<std::string> calls;
  for (const auto& each : found.calls_of(found.body))
    calls.push_back(std::string(each.qualifier.in(text)) + "." + std::string(each.name.in(text)) +
                    (each.dynamic ? "!" : ""));
  CHECK(calls == std::vector<std::string>{"ОбщегоНазначения.ОбщийМодуль", "Учет.Провести!",
                                          "М.Записать", ".ОбщийМодуль", "Учет.Метод!",
                                          "М.Закрыть"});
}

TEST_CASE("comments between the lines of a text are not part of it") {
  const std::string_view text =
      "Т = \"Имя, Код\n// |ВЫБРАТЬ 1 ИЗ Справочник.Мёртвый\n|, Справочник.Живой\";";
  const auto found = bsl::parse_module(text);
  CHECK(found.counts.query_strings == 0);
  REQUIRE(found.references.size() == 1);
  CHECK(found.references[0].name.in(text) == "Живой");
  CHECK(found.references[0].line == 3);
  CHECK(found.references[0].via == bsl::reference_via::text);
}

TEST_CASE("only the whole word makes a text a query") {
  CHECK(bsl::holds_query("\"выбрать А\""));
  CHECK(bsl::holds_query("\"select a\""));
  CHECK_FALSE(bsl::holds_query("\"Невыбрать\""));
  CHECK_FALSE(bsl::holds_query("\"selected\""));
}

TEST_CASE("a query whose first line is the one word is a query in both languages") {
  CHECK(bsl::holds_query("SELECT"));
  CHECK(bsl::holds_query("ВЫБРАТЬ"));
  for (const auto* word : {"SELECT", "ВЫБРАТЬ", "select"}) {
    const auto text = "А = \"" + std::string(word) + "\n |  Б.Ссылка\n |ИЗ Справочник.Б КАК Б\";";
    CHECK(bsl::parse_module(text).counts.query_strings == 1);
  }
}

TEST_CASE("every kind is found by its names in both languages") {
  for (kind_index i = 0; i < all_kinds().size(); ++i) {
    const auto& names = all_kinds()[i];
    CHECK(kind_of_singular(names.singular) == i);
    CHECK(kind_of_plural(names.plural) == i);
    CHECK(kind_of_collection(names.russian_plural) == i);
    CHECK(kind_of_word(names.russian_singular) == i);
    CHECK(kind_of_word(std::string(names.singular) + "Ref") == i);
  }
}

TEST_CASE("ids read in Russian keep the names and turn the words") {
  CHECK(russian_id("Catalog.Form.ObjectModule") == "Справочник.Form.МодульОбъекта");
  CHECK(russian_id("Document.Order.Form.Command.FormModule") ==
        "Документ.Order.Форма.Command.МодульФормы");
  CHECK(russian_id("Subsystem.A.Subsystem.B") == "Подсистема.A.Подсистема.B");
  CHECK(russian_id("Configuration.SessionModule") == "Конфигурация.МодульСеанса");
}

TEST_CASE("names compare in any case, and ё is not е") {
  CHECK(same_name("ЁЛКА", "ёлка"));
  CHECK_FALSE(same_name("ёлка", "елка"));
  CHECK(fold("АБВ Xyz ЇҐ") == "абв xyz їґ");
  CHECK(trimmed("\u00a0 а \u200b\r\n") == "а");
}

TEST_CASE("equal bodies are named by the standard's digest") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex(std::string(1000, 'a')) ==
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}
