#include "actors/analysis/steps/documentation_pages.hpp"

#include <algorithm>
#include <cstdio>

#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/content_hash.hpp"
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
      if (point.value == U'|' || point.value == U'\\' || point.value == U'<' ||
          point.value == U'*' || point.value == U'`' || point.value == U'[')
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
  // Names that were changed or cut would meet those of others.
  if (made == name && !made.empty() && made != "." && made != "..") return made;
  char mark[20];
  std::snprintf(mark, sizeof mark, "~%08x", static_cast<unsigned>(content_hash(name)));
  return made + mark;
}

neighbours::neighbours(const dependency_graph& graph)
    : needs(graph.nodes.size()), used_by(graph.nodes.size()) {
  for (const auto& each : graph.edges) {
    if (each.via == edge_via::rights || each.via == edge_via::subsystem) continue;
    needs[each.source].push_back(each.target);
    used_by[each.target].push_back(each.source);
  }
  for (auto* lists : {&needs, &used_by})
    for (auto& each : *lists) {
      std::sort(each.begin(), each.end());
      each.erase(std::unique(each.begin(), each.end()), each.end());
    }
}

std::string page_set::id(std::string_view object_id) const {
  return in == language::russian ? russian_id(object_id) : std::string(object_id);
}

std::string page_set::collection(std::string_view kind) const {
  const auto names = kind_of_singular(kind);
  if (!names) return std::string(kind);
  return std::string(in == language::russian ? all_kinds()[*names].russian_plural
                                             : all_kinds()[*names].plural);
}

namespace {

std::string row(std::initializer_list<std::string> cells) {
  std::string made = "|";
  for (const auto& each : cells) made += " " + each + " |";
  return made + "\n";
}

std::string count(std::uint64_t value) { return std::to_string(value); }

void kinds_table(file_sink& out, const page_set& to) {
  out.put(to.say("| Вид | Объектов |\n| --- | ---: |\n", "| Kind | Objects |\n| --- | ---: |\n"));
  for (const auto& [folder, number] : to.from.totals.by_kind) {
    const auto kind = kind_of_plural(folder);
    out.put(row({kind ? to.collection(all_kinds()[*kind].singular) : folder, count(number)}));
  }
}

void module_types_table(file_sink& out, const page_set& to) {
  out.put(to.say("| Тип модуля | Модулей |\n| --- | ---: |\n",
                 "| Module type | Modules |\n| --- | ---: |\n"));
  for (const auto& [type, number] : to.from.totals.by_module_type)
    out.put(row(
        {markdown(to.in == language::russian ? russian_module_type(type) : type), count(number)}));
}

}  // namespace

outcome<done> write_configuration_page(const page_set& to) {
  const auto& about = to.from.index.contents().configuration;
  const auto name = file_name(about.name);
  file_sink out(to.folder / (to.say("КОНФИГУРАЦИЯ_", "CONFIGURATION_") + name + ".md"));
  out.put("# " + std::string(to.say("Конфигурация ", "Configuration ")) + markdown(about.name) +
          "\n\n");
  if (const auto synonym = best_text(about.synonym); !synonym.empty())
    out.put(markdown(synonym) + "\n\n");
  out.put(
      to.say("| Свойство | Значение |\n| --- | --- |\n", "| Property | Value |\n| --- | --- |\n"));
  out.put(row({to.say("Версия", "Version"), markdown(about.version)}));
  out.put(row({to.say("Поставщик", "Vendor"), markdown(about.vendor)}));
  out.put(
      row({to.say("Режим совместимости", "Compatibility mode"), markdown(about.compatibility)}));
  out.put(
      row({to.say("Вариант встроенного языка", "Script variant"), markdown(about.script_variant)}));
  out.put(row({to.say("Формат исходных файлов", "Source format"),
               about.layout == "edt" ? "1C:EDT" : to.say("Конфигуратор", "Designer")}));
  if (about.is_extension)
    out.put(row({to.say("Расширение", "Extension"), markdown(about.extension_purpose) +
                                                        to.say(", префикс ", ", prefix ") +
                                                        markdown(about.name_prefix)}));
  out.put(to.say("\n## Состав\n\n", "\n## Content\n\n"));
  kinds_table(out, to);
  out.put(to.say("\n## Модули\n\n", "\n## Modules\n\n"));
  module_types_table(out, to);
  out.put(to.say("\n## Подсистемы\n\n", "\n## Subsystems\n\n"));
  for (const auto& each : to.from.index.contents().objects)
    if (each.kind == "Subsystem" && each.parent.empty())
      out.put("- [" + markdown(each.name) + "](subsystems/" + file_name(each.id) + ".md) " +
              markdown(best_text(each.synonym)) + "\n");
  return out.close();
}

outcome<done> write_object_catalogue(const page_set& to) {
  file_sink out(to.folder / to.say("КАТАЛОГ_ОБЪЕКТОВ.md", "OBJECT_CATALOGUE.md"));
  out.put(to.say("# Каталог объектов\n", "# Object catalogue\n"));
  const auto& objects = to.from.index.contents().objects;
  std::string kind;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& each = objects[i];
    if (!each.parent.empty()) continue;
    if (each.kind != kind) {
      kind = each.kind;
      out.put("\n## " + to.collection(kind) + "\n\n" +
              to.say("| Имя | Синоним | Реквизитов | Табличных частей | Форм | Методов |\n",
                     "| Name | Synonym | Attributes | Tabular sections | Forms | Methods |\n") +
              "| --- | --- | ---: | ---: | ---: | ---: |\n");
    }
    std::uint64_t methods = 0;
    for (const auto module : to.from.modules[i])
      methods += to.from.index.contents().modules[module].syntax.methods.size();
    out.put(row({"[" + markdown(each.name) + "](objects/" + file_name(each.id) + ".md)",
                 markdown(best_text(each.synonym)), count(each.parts.attributes.size()),
                 count(each.parts.tabular_sections.size()), count(each.parts.forms.size()),
                 count(methods)}));
  }
  return out.close();
}

outcome<done> write_module_index(const page_set& to) {
  file_sink out(to.folder / to.say("ИНДЕКС_МОДУЛЕЙ.md", "MODULE_INDEX.md"));
  out.put(
      to.say("# Индекс модулей\n\n| Модуль | Строк | Функций | Процедур | Экспортных | Файл |\n",
             "# Module index\n\n| Module | Lines | Functions | Procedures | Exported | File |\n"));
  out.put("| --- | ---: | ---: | ---: | ---: | --- |\n");
  for (const auto& each : to.from.index.contents().modules) {
    std::uint64_t functions = 0;
    std::uint64_t exported = 0;
    for (const auto& method : each.syntax.methods) {
      functions += method.kind == bsl::method_kind::function;
      exported += method.exported;
    }
    out.put(
        row({markdown(to.id(each.id)), count(each.syntax.counts.lines), count(functions),
             count(each.syntax.methods.size() - functions), count(exported), markdown(each.path)}));
  }
  return out.close();
}

outcome<done> write_final_report(const page_set& to) {
  const auto& all = to.from.index.contents();
  const auto& totals = to.from.totals;
  std::uint64_t documented = 0;
  for (const auto& module : all.modules)
    for (const auto& each : module.syntax.methods) documented += !each.doc.empty();
  file_sink out(to.folder / to.say("ИТОГОВЫЙ_ОТЧЕТ.md", "SUMMARY.md"));
  out.put("# " + std::string(to.say("Итоговый отчёт: ", "Summary: ")) +
          markdown(all.configuration.name) +
          to.say("\n\n| Показатель | Значение |\n| --- | ---: |\n",
                 "\n\n| Measure | Value |\n| --- | ---: |\n"));
  const auto line = [&](const char* russian, const char* english, std::uint64_t value) {
    out.put(row({to.say(russian, english), count(value)}));
  };
  line("Объектов метаданных", "Metadata objects", totals.objects);
  line("Вложенных подсистем", "Nested subsystems", totals.nested_subsystems);
  line("Модулей", "Modules", all.modules.size());
  line("Функций", "Functions", totals.functions);
  line("Процедур", "Procedures", totals.procedures);
  line("Экспортных методов", "Exported methods", totals.exported);
  line("Методов с описанием", "Documented methods", documented);
  line("Строк", "Lines", totals.counts.lines);
  line("Строк кода", "Lines of code", totals.counts.code_lines);
  line("Строк комментариев", "Comment lines", totals.counts.comment_lines);
  line("Скопированных строк", "Copied lines", to.from.copies.lines);
  line("Защищённых модулей", "Protected modules", totals.protected_modules);
  line("Синтаксических ошибок", "Syntax errors", totals.syntax_errors);
  line("Непрочитанных файлов", "Files not read", all.problems.size());
  line("Связей между объектами", "Edges between objects", to.from.graph.edges.size());
  line("Связей между методами", "Edges between methods", to.from.graph.methods.size());
  line("Замечаний", "Findings", to.from.findings);
  if (!all.problems.empty()) {
    out.put(to.say("\n## Что не удалось прочитать\n\n", "\n## What could not be read\n\n"));
    for (const auto& each : all.problems)
      out.put("- " + markdown(each.path) + ": " + markdown(each.message) + "\n");
  }
  out.put(to.say("\n## Состав\n\n", "\n## Content\n\n"));
  kinds_table(out, to);
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
  out.field("findings", from.findings);
  out.field("copied_lines", from.copies.lines);
  out.map("by_kind", from.totals.by_kind);
  out.map("by_module_type", from.totals.by_module_type);
  out.end();
  out.line();
  return sink.close();
}

}  // namespace artel::analysis
