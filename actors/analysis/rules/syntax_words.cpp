#include "actors/analysis/rules/syntax_words.hpp"

#include <utility>

namespace artel::analysis {
namespace {

constexpr std::pair<std::string_view, std::string_view> expected_words[] = {
    {": after the label", "«:» после метки"},
    {", and the handler", "«,» и обработчик"},
    {", and the value when false", "«,» и значение для Ложь"},
    {", and the value when true", "«,» и значение для Истина"},
    {"Do", "«Цикл»"},
    {"=", "«=»"},
    {"In", "«Из»"},
    {"( after ?", "«(» после «?»"},
    {"( after the method's name", "«(» после имени метода"},
    {"]", "«]»"},
    {") after the arguments", "«)» после аргументов"},
    {") after the directive's argument", "«)» после аргумента директивы"},
    {") after the parameters", "«)» после параметров"},
    {") at the end of ?( )", "«)» в конце ?( )"},
    {")", "«)»"},
    {"Then", "«Тогда»"},
    {"~ and a label", "«~» и метка"},
    {"To", "«По»"},
    {"; after the statement", "«;» после оператора"},
    {"Except", "«Исключение»"},
    {"EndFunction", "«КонецФункции»"},
    {"EndProcedure", "«КонецПроцедуры»"},
    {"a label's name", "имя метки"},
    {"a literal as the parameter's default", "литерал как значение параметра по умолчанию"},
    {"a name after .", "имя после точки"},
    {"a statement", "оператор"},
    {"a statement: no If is open here", "оператор: здесь нет открытого «Если»"},
    {"a statement: no Try is open here", "оператор: здесь нет открытой «Попытки»"},
    {"an expression", "выражение"},
    {"the loop's variable", "переменная цикла"},
    {"the name of a directive after &", "имя директивы после &"},
    {"the name of a method", "имя метода"},
    {"the name of a parameter", "имя параметра"},
    {"the name of a type after New", "имя типа после «Новый»"},
    {"the name of a variable", "имя переменной"},
};

constexpr std::pair<std::string_view, std::string_view> phrases[] = {
    {"the expression is nested deeper than ", "вложенность выражения больше "},
    {"the block opened in line ", "блок, открытый в строке "},
    {" is not closed before ", ", не закрыт до "},
    {" closes nothing: no If is open here", " ничего не закрывает: нет открытого «Если»"},
    {" closes nothing: no Do is open here", " ничего не закрывает: нет открытого «Цикла»"},
    {" closes nothing: no Try is open here", " ничего не закрывает: нет открытой «Попытки»"},
    {" found while the block opened in line ", " стоит там, где блок, открытый в строке "},
    {" is not closed", ", не закрыт"},
    {"the end of the module", "конца модуля"},
    {"the date literal is not closed by '", "литерал даты не закрыт апострофом"},
    {"the string is not closed by \" and the next line does not begin with |",
     "строка не закрыта кавычкой, а следующая не начинается с |"},
};

std::string found_in_russian(std::string_view found) {
  return found == "the end of the module" ? "конец модуля" : std::string(found);
}

}  // namespace

std::string russian_syntax(std::string_view message) {
  constexpr std::string_view expected = "expected ";
  constexpr std::string_view but_found = ", found ";
  const auto found = message.find(but_found);
  if (message.starts_with(expected) && found != std::string_view::npos) {
    const auto what = message.substr(expected.size(), found - expected.size());
    for (const auto& [english, russian] : expected_words)
      if (english == what)
        return "ожидается " + std::string(russian) + ", стоит " +
               found_in_russian(message.substr(found + but_found.size()));
    return std::string(message);
  }
  for (const auto& [english, russian] : phrases)
    if (english == message) return std::string(russian);
  std::string made(message);
  for (const auto& [english, russian] : phrases)
    if (const auto at = made.find(english); at != std::string::npos)
      made.replace(at, english.size(), russian);
  return made;
}

}  // namespace artel::analysis
