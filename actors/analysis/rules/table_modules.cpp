// Rules about whole modules: regions, layout of the text, spelling, module variables.
#include <array>

#include "actors/analysis/rules/rule_tables.hpp"

namespace artel::analysis::tables {
namespace {

using enum rule_id;

constexpr std::array rules = {
    rule{syntax_error, "syntax-error", blocker, bug, on, 439, "ParseError", "", "",
         "Синтаксическая ошибка", "Syntax error", "Синтаксическая ошибка: {}", "Syntax error: {}"},
    rule{missing_regions, "missing-regions", info, smell, on, 455, "",
         "module-structure-top-region", "", "Модуль не разделен на области",
         "Module has no regions", "", ""},
    rule{unclosed_region, "unclosed-region", minor, smell, on, 455, "", "", "",
         "Область не закрыта", "Region is not closed", "Область «{}» не закрыта",
         "Region '{}' is not closed"},
    rule{empty_region, "empty-region", info, smell, on, 455, "EmptyRegion", "module-region-empty",
         "", "Пустая область", "Empty region", "Область «{}» пуста", "Region '{}' is empty"},
    rule{duplicate_region, "duplicate-region", info, smell, on, 455, "DuplicateRegion", "", "",
         "Повторяющаяся область", "Region is repeated", "Область «{}» уже есть в этом модуле",
         "Region '{}' is already in this module"},
    rule{non_standard_region, "non-standard-region", info, smell, off, 455, "NonStandardRegion",
         "module-structure-top-region", "", "Нестандартная область верхнего уровня",
         "Top-level region with a name of its own",
         "Области «{}» нет в стандартной структуре модуля",
         "Region '{}' is not part of the standard structure of modules"},
    rule{code_outside_region, "code-outside-region", info, smell, off, 455, "CodeOutOfRegion",
         "module-structure-method-in-regions", "", "Метод вне областей",
         "Method outside of all regions", "Метод «{}» расположен вне областей",
         "Method '{}' stands outside of all regions"},
    rule{private_method_in_api, "private-method-in-api", minor, smell, on, 455,
         "NonExportMethodsInApiRegion", "module-structure-interface-regions", "",
         "Неэкспортный метод в области программного интерфейса",
         "Private method in an interface region",
         "Метод «{}» не экспортный, но расположен в области программного интерфейса",
         "Method '{}' is not exported but stands in an interface region"},
    rule{line_too_long, "line-too-long", info, smell, off, 456, "LineLength", "", "",
         "Слишком длинная строка", "Line is too long", "Длина строки {} символов, допускается 120",
         "The line has {} characters, 120 are allowed"},
    rule{consecutive_empty_lines, "consecutive-empty-lines", info, smell, off, 456,
         "ConsecutiveEmptyLines", "module-consecutive-blank-lines", "",
         "Несколько пустых строк подряд", "Several empty lines in a row", "Пустых строк подряд: {}",
         "{} empty lines in a row"},
    rule{commented_code, "commented-code", minor, smell, on, 456, "CommentedCode", "", "",
         "Закомментированный код", "Commented-out code", "", ""},
    rule{keyword_spelling, "keyword-spelling", info, smell, on, 441, "CanonicalSpellingKeywords",
         "", "", "Неканоническое написание ключевого слова", "Keyword is not spelled canonically",
         "Ключевое слово «{}» написано не так, как в документации",
         "Keyword '{}' is not spelled as in the documentation"},
    rule{yo_letter, "yo-letter", info, smell, on, 456, "YoLetterUsage", "", "", "Буква «ё» в имени",
         "Letter ё in a name", "В имени «{}» есть буква «ё»", "The name '{}' has the letter ё"},
    rule{mixed_alphabets, "mixed-alphabets", major, bug, on, 456, "LatinAndCyrillicSymbolInWord",
         "", "216", "Похожие буквы другого алфавита в имени",
         "Look-alike letters of the other alphabet in a name",
         "В имени «{}» кириллические и латинские буквы неразличимы на вид",
         "The name '{}' mixes Cyrillic and Latin letters that look the same"},
    rule{invalid_character, "invalid-character", major, bug, on, 456, "InvalidCharacterInFile", "",
         "", "Недопустимый символ в коде", "Character that does not belong into code",
         "В коде или в тексте запроса стоит символ {}",
         "Code or a query's text has the character {}"},
    rule{one_statement_per_line, "one-statement-per-line", info, smell, on, 456,
         "OneStatementPerLine", "", "", "Несколько операторов в строке",
         "Several statements in one line", "", ""},
    rule{missing_semicolon, "missing-semicolon", info, smell, on, 456, "SemicolonPresence", "", "",
         "Нет точки с запятой в конце оператора", "Statement without a semicolon", "", ""},
    rule{exported_variable, "exported-variable", major, smell, on, 639, "ExportVariables",
         "object-module-export-variable", "", "Экспортная переменная модуля",
         "Exported variable of a module", "Переменная «{}» экспортная",
         "Variable '{}' is exported"},
    rule{unused_module_variable, "unused-module-variable", minor, smell, on, 639, "", "", "",
         "Неиспользуемая переменная модуля", "Unused variable of a module",
         "Переменная модуля «{}» нигде не используется",
         "The module's variable '{}' is not used anywhere"},
};

}  // namespace

std::span<const rule> modules() { return rules; }

}  // namespace artel::analysis::tables
