#include "actors/analysis/steps/documentation_pages.hpp"

#include <algorithm>
#include <set>

#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

std::string markdown(std::string_view text) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    if (point.value == replacement && point.size == 1)
      made += "\xEF\xBF\xBD";
    else if (point.value == U'\n' || point.value == U'\r')
      made += ' ';
    else {
      if (point.value == U'|' || point.value == U'<' || point.value == U'*' ||
          point.value == U'`' || point.value == U'[')
        made += '\\';
      made += text.substr(at, point.size);
    }
    at += point.size;
  }
  return made;
}

std::string file_name(std::string_view name) {
  constexpr std::size_t bytes_max = 180;  // file systems take 255 bytes, and an ending follows
  std::string made;
  for (std::size_t at = 0; at < name.size() && made.size() < bytes_max;) {
    const auto point = decode(name, at);
    const bool fits = is_letter(point.value) || (point.value >= U'0' && point.value <= U'9') ||
                      point.value == U'.' || point.value == U'-';
    made += fits ? std::string(name.substr(at, point.size)) : "_";
    at += point.size;
  }
  return made.empty() || made == "." || made == ".." ? "_" : made;
}

namespace {

std::string row(std::initializer_list<std::string> cells) {
  std::string made = "|";
  for (const auto& each : cells) made += " " + each + " |";
  return made + "\n";
}

std::string count(std::uint64_t value) { return std::to_string(value); }

void kinds_table(file_sink& out, const documentation& from) {
  out.put("| Вид | Объектов |\n| --- | ---: |\n");
  for (const auto& [folder, number] : from.totals.by_kind) {
    const auto kind = kind_of_plural(folder);
    out.put(row({kind ? std::string(all_kinds()[*kind].russian_plural) : folder, count(number)}));
  }
}

void module_types_table(file_sink& out, const documentation& from) {
  out.put("| Тип модуля | Модулей |\n| --- | ---: |\n");
  for (const auto& [type, number] : from.totals.by_module_type)
    out.put(row({markdown(type), count(number)}));
}

}  // namespace

outcome<done> write_configuration_page(const documentation& from,
                                       const std::filesystem::path& folder) {
  const auto& about = from.index.contents().configuration;
  file_sink out(folder / ("КОНФИГУРАЦИЯ_" + file_name(about.name) + ".md"));
  out.put("# Конфигурация " + markdown(about.name) + "\n\n");
  if (const auto synonym = best_text(about.synonym); !synonym.empty())
    out.put(markdown(synonym) + "\n\n");
  out.put("| Свойство | Значение |\n| --- | --- |\n");
  out.put(row({"Версия", markdown(about.version)}));
  out.put(row({"Поставщик", markdown(about.vendor)}));
  out.put(row({"Режим совместимости", markdown(about.compatibility)}));
  out.put(row({"Вариант встроенного языка", markdown(about.script_variant)}));
  out.put(row({"Формат исходных файлов", about.layout == "edt" ? "1C:EDT" : "Конфигуратор"}));
  if (about.is_extension)
    out.put(row({"Расширение",
                 markdown(about.extension_purpose) + ", префикс " + markdown(about.name_prefix)}));
  out.put("\n## Состав\n\n");
  kinds_table(out, from);
  out.put("\n## Модули\n\n");
  module_types_table(out, from);
  out.put("\n## Подсистемы\n\n");
  for (const auto& each : from.index.contents().objects)
    if (each.kind == "Subsystem" && each.parent.empty())
      out.put("- [" + markdown(each.name) + "](subsystems/" + file_name(each.id) + ".md) " +
              markdown(best_text(each.synonym)) + "\n");
  return out.close();
}

outcome<done> write_object_catalogue(const documentation& from,
                                     const std::filesystem::path& folder) {
  file_sink out(folder / "КАТАЛОГ_ОБЪЕКТОВ.md");
  out.put("# Каталог объектов\n");
  const auto& objects = from.index.contents().objects;
  std::string kind;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& each = objects[i];
    if (!each.parent.empty()) continue;
    if (each.kind != kind) {
      kind = each.kind;
      const auto names = kind_of_singular(kind);
      out.put("\n## " + (names ? std::string(all_kinds()[*names].russian_plural) : kind) +
              "\n\n| Имя | Синоним | Реквизитов | Табличных частей | Форм | Методов |\n"
              "| --- | --- | ---: | ---: | ---: | ---: |\n");
    }
    std::uint64_t methods = 0;
    for (const auto module : from.modules[i])
      methods += from.index.contents().modules[module].syntax.methods.size();
    out.put(row({"[" + markdown(each.name) + "](objects/" + file_name(each.id) + ".md)",
                 markdown(best_text(each.synonym)), count(each.parts.attributes.size()),
                 count(each.parts.tabular_sections.size()), count(each.parts.forms.size()),
                 count(methods)}));
  }
  return out.close();
}

outcome<done> write_module_index(const documentation& from, const std::filesystem::path& folder) {
  file_sink out(folder / "ИНДЕКС_МОДУЛЕЙ.md");
  out.put(
      "# Индекс модулей\n\n| Модуль | Строк | Функций | Процедур | Экспортных | Файл |\n"
      "| --- | ---: | ---: | ---: | ---: | --- |\n");
  for (const auto& each : from.index.contents().modules) {
    std::uint64_t functions = 0;
    std::uint64_t exported = 0;
    for (const auto& method : each.syntax.methods) {
      functions += method.kind == bsl::method_kind::function;
      exported += method.exported;
    }
    out.put(
        row({markdown(russian_id(each.id)), count(each.syntax.counts.lines), count(functions),
             count(each.syntax.methods.size() - functions), count(exported), markdown(each.path)}));
  }
  return out.close();
}

outcome<done> write_final_report(const documentation& from, const std::filesystem::path& folder) {
  const auto& all = from.index.contents();
  const auto& totals = from.totals;
  std::uint64_t documented = 0;
  for (const auto& module : all.modules)
    for (const auto& each : module.syntax.methods) documented += !each.doc.empty();
  file_sink out(folder / "ИТОГОВЫЙ_ОТЧЕТ.md");
  out.put("# Итоговый отчёт: " + markdown(all.configuration.name) +
          "\n\n| Показатель | Значение |\n| --- | ---: |\n");
  out.put(row({"Объектов метаданных", count(totals.objects)}));
  out.put(row({"Вложенных подсистем", count(totals.nested_subsystems)}));
  out.put(row({"Модулей", count(all.modules.size())}));
  out.put(row({"Функций", count(totals.functions)}));
  out.put(row({"Процедур", count(totals.procedures)}));
  out.put(row({"Экспортных методов", count(totals.exported)}));
  out.put(row({"Методов с описанием", count(documented)}));
  out.put(row({"Строк", count(totals.counts.lines)}));
  out.put(row({"Строк кода", count(totals.counts.code_lines)}));
  out.put(row({"Строк комментариев", count(totals.counts.comment_lines)}));
  out.put(row({"Защищённых модулей", count(totals.protected_modules)}));
  out.put(row({"Синтаксических ошибок", count(totals.syntax_errors)}));
  out.put(row({"Непрочитанных файлов", count(all.problems.size())}));
  out.put(row({"Связей между объектами", count(from.graph.edges.size())}));
  out.put(row({"Связей между методами", count(from.graph.methods.size())}));
  if (!all.problems.empty()) {
    out.put("\n## Что не удалось прочитать\n\n");
    for (const auto& each : all.problems)
      out.put("- " + markdown(each.path) + ": " + markdown(each.message) + "\n");
  }
  out.put("\n## Состав\n\n");
  kinds_table(out, from);
  return out.close();
}

outcome<done> write_summary(const documentation& from, const std::filesystem::path& folder) {
  const auto& all = from.index.contents();
  file_sink sink(folder / "summary.json");
  json_writer out(sink);
  out.object();
  write_head(out, all.configuration);
  out.field("total_objects", from.totals.objects);
  out.field("nested_subsystems", from.totals.nested_subsystems);
  out.field("files", all.modules.size());
  out.field("total_functions", from.totals.functions);
  out.field("total_procedures", from.totals.procedures);
  out.field("export_methods", from.totals.exported);
  out.field("lines", from.totals.counts.lines);
  out.field("syntax_errors", from.totals.syntax_errors);
  out.field("edges", from.graph.edges.size());
  out.field("method_edges", from.graph.methods.size());
  out.map("by_kind", from.totals.by_kind);
  out.map("by_module_type", from.totals.by_module_type);
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
