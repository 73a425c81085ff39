// Rules about calls of the platform, literals, names and signatures: each on a text that breaks it
// and on one that does not.
#include <catch2/catch.hpp>

#include "actors/analysis/rules/literals.hpp"
#include "tests/unit/analysis/rules_support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

namespace {

struct pair {
  const char* rule;
  const char* broken;
  const char* good;
};

void check(std::initializer_list<pair> pairs) {
  for (const auto& each : pairs) {
    INFO(each.rule << ": " << each.broken << " / " << each.good);
    CHECK(lines(each.rule, body(each.broken)).size() == 1);
    CHECK(lines(each.rule, body(each.good)).empty());
  }
}

}  // namespace

TEST_CASE("calls that the standards advise against are found, good ones are not") {
  check({
      {"current-date", "В = ТекущаяДата();", "В = ТекущаяДатаСеанса();"},
      {"message-to-user", "Сообщить(\"а\");", "А.Сообщить(\"а\");"},
      {"deprecated-function", "В = Найти(А, Б);", "В = А.Найти(Б);"},
      {"error-description", "В = ОписаниеОшибки();", "В = ИнформацияОбОшибке();"},
      {"dynamic-code", "Выполнить(А);", "А.Выполнить();"},
      {"dynamic-code", "В = Вычислить(А);", "В = А.Вычислить(1);"},
      {"external-application", "ЗапуститьПриложение(А);", "А.ЗапуститьПриложение(Б);"},
      {"get-form", "В = ПолучитьФорму(А);", "ОткрытьФорму(А);"},
      {"modal-call", "Предупреждение(А);", "ПоказатьПредупреждение(, А);"},
      {"temporary-folder", "В = КаталогВременныхФайлов();",
       "В = ПолучитьИмяВременногоФайла();\nУдалитьФайлы(В);"},
      {"os-users", "В = ПользователиОС();", "В = А.ПользователиОС();"},
      {"role-check", "В = РольДоступна(\"Админ\");", "В = ПравоДоступа(\"Чтение\", А);"},
      {"safe-mode-off", "УстановитьБезопасныйРежим(Ложь);", "УстановитьБезопасныйРежим(Истина);"},
      {"privileged-mode-left-on", "УстановитьПривилегированныйРежим(Истина);",
       "УстановитьПривилегированныйРежим(Истина);\nВ();\nУстановитьПривилегированныйРежим(Ложь);"},
      {"log-event-without-details", "ЗаписьЖурналаРегистрации(А);",
       "ЗаписьЖурналаРегистрации(А, Б,,, В);"},
      {"form-data-to-value", "В = ДанныеФормыВЗначение(А, Б);", "В = РеквизитФормыВЗначение(А);"},
      {"style-constructor", "В = Новый Цвет(1, 2, 3);", "В = ЦветаСтиля.Фон;"},
      {"find-by-text", "В = Справочники.Т.НайтиПоКоду(\"01\");",
       "В = Справочники.Т.НайтиПоКоду(А);"},
      {"missing-timeout", "В = Новый HTTPСоединение(А, Б);",
       "В = Новый HTTPСоединение(А, Б,,,, 30);"},
      {"internet-access", "В = Новый HTTPСоединение(А, Б);", "В = Новый HTTPЗапрос(А);"},
      {"com-object", "В = Новый COMОбъект(А);", "В = Новый Массив;"},
      {"deprecated-form-name", "В(ЭтаФорма);", "В(ЭтотОбъект);"},
      {"deprecated-form-name", "В = Тип(\"УправляемаяФорма\");",
       "В = Тип(\"ФормаКлиентскогоПриложения\");"},
      {"number-in-try", "Попытка\n В = Число(А);\nИсключение\n В = 0;\nКонецПопытки;",
       "В = Число(А);"},
      {"temporary-file-left", "В = ПолучитьИмяВременногоФайла();\nА.Записать(В);",
       "В = ПолучитьИмяВременногоФайла();\nА.Записать(В);\nУдалитьФайлы(В);"},
  });
}

TEST_CASE("texts and queries that the standards advise against are found, good ones are not") {
  check({
      {"hard-coded-credentials", "Пароль = \"Qwerty-1\";",
       "Пароль = \"******\";\nИмя = \"Qwerty-1\";"},
      {"hard-coded-credentials", "А.Вставить(\"Пароль\", \"Qwerty-1\");",
       "А.Вставить(\"Пароль\", \"\");"},
      {"hard-coded-address", "В = \"192.168.1.10\";",
       "Версия = \"12.1.1.10\";\nВ = \"127.0.0.1\";"},
      {"hard-coded-path", "В = \"C:\\Temp\\а.txt\";", "В = А + \"\\а.txt\";\nГ = \"/api/v1\";"},
      {"nstr-format", "В = НСтр(\"ru = 'а' en = 'b'\");", "В = НСтр(\"ru = 'а'; en = 'b'\");"},
      {"template-mismatch", "В = СтрШаблон(\"%1 и %2\", А);",
       "В = СтрШаблон(\"%1 и %2, 100%%\", А, Б);"},
      {"format-string", "В = Формат(А, \"ЧДС=2\");", "В = Формат(А, \"ЧЦ=10; ЧРД='.;'; ЧДЦ=2\");"},
      {"structure-mismatch", "В = Новый Структура(\"а, б\", 1, 2, 3);",
       "В = Новый Структура(\"а, б\", 1, 2);"},
      {"too-many-structure-values", "В = Новый Структура(\"а,б,в,г\", 1, 2, 3, 4);",
       "В = Новый Структура(\"а,б,в\", 1, 2, 3);"},
      {"self-insertion", "А.Добавить(А);", "А.Добавить(Б);"},
      {"query-in-loop",
       "Запрос = Новый Запрос;\nДля Каждого С Из А Цикл\n Р = Запрос.Выполнить();\nКонецЦикла;",
       "Запрос = Новый Запрос;\nДля Каждого С Из Запрос.Выполнить() Цикл\n В(С);\nКонецЦикла;"},
      {"query-in-loop", "З = Новый Запрос;\nПока А Цикл\n Р = З.Выполнить();\nКонецЦикла;",
       "З = Новый ДействиеДокумента;\nПока А Цикл\n Р = З.Выполнить();\nКонецЦикла;"},
  });
}

TEST_CASE("a module's own method of the platform's name is no call of the platform") {
  CHECK(lines("message-to-user",
              "Процедура Сообщить(А)\n В(А);\nКонецПроцедуры\n" + body("Сообщить(1);"))
            .empty());
}

TEST_CASE("synchronous calls count where the method runs on the client") {
  CHECK(lines("synchronous-call", "&НаКлиенте\n" + body("СоздатьКаталог(А);"), "FormModule") ==
        numbers{3});
  CHECK(
      lines("synchronous-call", "&НаСервере\n" + body("СоздатьКаталог(А);"), "FormModule").empty());
}

TEST_CASE("handlers of objects check the reason they are called for") {
  const std::string handler = "Процедура ПередЗаписью(Отказ)\n";
  CHECK(lines("data-exchange-load", handler + "В();\nКонецПроцедуры", "ObjectModule",
              "Catalog.Т") == numbers{1});
  CHECK(lines("data-exchange-load",
              handler +
                  "Если ОбменДанными.Загрузка Тогда\nВозврат;\nКонецЕсли;\nВ();\nКонецПроцедуры",
              "ObjectModule", "Catalog.Т")
            .empty());
  CHECK(lines("data-exchange-load", handler + "В();\nКонецПроцедуры", "CommonModule").empty());
  CHECK(lines("cancel-reset", handler + "Отказ = Ложь;\nКонецПроцедуры") == numbers{2});
  CHECK(lines("cancel-reset", handler + "Отказ = Истина;\nКонецПроцедуры").empty());
}

TEST_CASE("names that are never read are found") {
  CHECK(places("unused-parameter", body("В = А;\nГ(В);")) == list{"Б"});
  CHECK(lines("unused-parameter", body("Выполнить(А);")).empty());
  CHECK(places("unused-variable", body("В = А;\nВ = Б;\nГ = А;\nД(Г);")) == list{"В"});
  CHECK(places("unused-variable", body("Перем В;\nД(А, Б);")) == list{"В"});
  CHECK(lines("unused-variable", body("Наименование = А;"), "ObjectModule").empty());
  CHECK(places("rewritten-parameter", "Процедура П(Знач А)\n А = 1;\n В(А);\nКонецПроцедуры") ==
        list{"А"});
  CHECK(lines("rewritten-parameter", "Процедура П(А)\n А = 1;\nКонецПроцедуры").empty());
  CHECK(lines("unused-local-method", body("В();")) == numbers{1});
  CHECK(lines("unused-local-method", body("В();") + "П(1, 2);\n").empty());
  CHECK(lines("unused-local-method", body("В();") + "А(\"П\");\n").empty());
  CHECK(places("unused-module-variable", "Перем А, Б;\nБ = 1;\n") == list{"А"});
  CHECK(places("exported-variable", "Перем А Экспорт;\nПерем Б;\n") == list{"А"});
}

TEST_CASE("look-alike letters are found, names that mix alphabets for a reason are not") {
  CHECK(places("mixed-alphabets", body("Cчет = А;\nВ(Cчет, Б);")).size() == 1);  // Latin C
  CHECK(places("mixed-alphabets", body("Счeт = А;\nВ(Счeт, Б);")).size() == 1);  // Latin e
  CHECK(places("mixed-alphabets", body("ЗаписьXML = А;\nПолеX = Б;\nCOMОбъект = А;")).empty());
  CHECK(places("yo-letter", body("Счёт = А;\nВ(Счёт, Б);")) == list{"Счёт"});
  CHECK(places("yo-letter", body("Счет = А;")).empty());
}

TEST_CASE("signatures: too many parameters, wrong order, several or no directives") {
  CHECK(details("too-many-parameters", "Процедура П(А,Б,В,Г,Д,Е,Ж,З)\n А(Б);\nКонецПроцедуры") ==
        list{"8"});
  CHECK(
      details("too-many-parameters", "Процедура П(А,Б,В,Г,Д,Е,Ж)\n А(Б);\nКонецПроцедуры").empty());
  CHECK(details("too-many-optional-parameters",
                "Процедура П(А=1,Б=1,В=1,Г=1)\n А(Б);\nКонецПроцедуры") == list{"4"});
  CHECK(details("too-many-optional-parameters", "Процедура П(А=1,Б=1,В=1)\n А(Б);\nКонецПроцедуры")
            .empty());
  CHECK(places("optional-before-required", "Процедура П(\n А = 1,\n Б)\n А(Б);\nКонецПроцедуры") ==
        list{"А"});
  CHECK(
      places("optional-before-required", "Процедура П(А, Б = 1)\n А(Б);\nКонецПроцедуры").empty());
  CHECK(details("several-directives", "&НаКлиенте\n&НаСервере\n" + body("В();"), "FormModule") ==
        list{"П"});
  const auto managed = "&НаКлиенте\nПроцедура К()\n В();\nКонецПроцедуры\n";
  CHECK(details("missing-directive", managed + body("В();"), "FormModule") == list{"П"});
  CHECK(details("missing-directive", body("В();"), "FormModule").empty());  // an ordinary form
  CHECK(details("command-module-export", "&НаКлиенте\nПроцедура К() Экспорт\n В();\nКонецПроцедуры",
                "CommandModule") == list{"К"});
  CHECK(details("command-module-export", managed, "CommandModule").empty());
}

TEST_CASE("measures above their thresholds are found with their value") {
  std::string deep;
  for (int i = 0; i < 5; ++i) deep += "Если А Тогда\n";
  deep += "В();\n";
  for (int i = 0; i < 5; ++i) deep += "КонецЕсли;\n";
  CHECK(details("deep-nesting", body(deep)) == list{"5"});
  CHECK(details("deep-nesting", body("В();")).empty());
  std::string many;
  for (int i = 0; i < 21; ++i) many += "Если А Тогда\nВ();\nКонецЕсли;\n";
  CHECK(details("cyclomatic-complexity", body(many)) == list{"22"});
  CHECK(details("cognitive-complexity", body(many)) == list{"21"});
  CHECK(details("cyclomatic-complexity", body("В();")).empty());
  std::string tall;
  for (int i = 0; i < 200; ++i) tall += "В();\n";
  CHECK(details("method-too-long", body(tall)).size() == 1);
  CHECK(details("empty-method", "Процедура П()\nКонецПроцедуры") == list{"П"});
  CHECK(details("empty-method", "Процедура П()\n // так надо\nКонецПроцедуры").empty());
}

TEST_CASE("documentation of the interface: missing, incomplete, of other parameters") {
  const std::string open = "#Область ПрограммныйИнтерфейс\n";
  const std::string close = "#КонецОбласти\n";
  const auto in_interface = [&](const std::string& text) { return open + text + close; };
  CHECK(details("missing-export-doc",
                in_interface("Процедура П() Экспорт\n В();\nКонецПроцедуры\n")) == list{"П"});
  CHECK(details("missing-export-doc",
                "#Область Служебные\nПроцедура П() Экспорт\n В();\nКонецПроцедуры\n#КонецОбласти")
            .empty());
  const std::string half = "// Делает.\n//\n// Параметры:\n//  А - Число - первое\n//\n";
  CHECK(details("doc-parameter-mismatch",
                in_interface(half + "Процедура П(А, Б) Экспорт\n В();\nКонецПроцедуры\n")) ==
        list{"Б"});
  CHECK(details("doc-parameter-mismatch",
                in_interface(half + "Процедура П(А) Экспорт\n В();\nКонецПроцедуры\n"))
            .empty());
  CHECK(details("missing-return-doc",
                in_interface(half + "Функция Ф(А) Экспорт\n Возврат 1;\nКонецФункции\n")) ==
        list{"Ф"});
  CHECK(details("private-method-in-api", in_interface("Процедура П()\n В();\nКонецПроцедуры\n")) ==
        list{"П"});
}

TEST_CASE("translated texts, templates and format strings are read as the platform reads them") {
  CHECK(is_translated_text("ru = 'Это ''кавычки'''; en = ''"));
  CHECK(is_translated_text("ru = \"\"Два\"\"; en = 'b';"));
  CHECK_FALSE(is_translated_text("de = 'nur'"));
  CHECK_FALSE(is_translated_text("Просто текст"));
  CHECK(highest_placeholder("%1 %(2) %%3") == 2);
  CHECK(highest_placeholder("100%") == 0);
  CHECK(unknown_format_key("ДФ='dd.MM.yyyy; HH:mm'; Л=ru").empty());
  CHECK(unknown_format_key("ЧЦ=5; ЧЧ=1") == "ЧЧ");
}
