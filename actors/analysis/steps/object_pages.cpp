// One page for every object and every subsystem; see documentation_pages.hpp.
#include <algorithm>
#include <map>
#include <set>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

std::string types_text(const value_type& type) {
  std::string made;
  for (const auto& each : type.types) made += (made.empty() ? "" : ", ") + markdown(each);
  return made;
}

void attributes_table(file_sink& out, const char* title, const std::vector<attribute>& from) {
  if (from.empty()) return;
  out.put(std::string("\n## ") + title + "\n\n| Имя | Синоним | Тип |\n| --- | --- | --- |\n");
  for (const auto& each : from)
    out.put("| " + markdown(each.name) + " | " + markdown(best_text(each.synonym)) + " | " +
            types_text(each.type) + " |\n");
}

void part_list(file_sink& out, const char* title, const std::vector<part>& from) {
  if (from.empty()) return;
  out.put(std::string("\n## ") + title + "\n\n");
  for (const auto& each : from) {
    const auto synonym = best_text(each.synonym);
    out.put("- " + markdown(each.name) + (synonym.empty() ? "" : " — " + markdown(synonym)) + "\n");
  }
}

void exported_methods(file_sink& out, const documentation& from,
                      const std::vector<std::uint32_t>& modules) {
  for (const auto number : modules) {
    const auto& module = from.index.contents().modules[number];
    const auto text = from.index.text(module);
    out.put("\n## " + markdown(russian_id(module.id)) + "\n\n`" + module.path +
            "`, строк: " + std::to_string(module.syntax.counts.lines) +
            ", методов: " + std::to_string(module.syntax.methods.size()) + "\n");
    for (const auto& method : module.syntax.methods) {
      if (!method.exported) continue;
      out.put("\n- **" + markdown(method.name.in(text)) + "** (");
      const auto parameters = module.syntax.parameters_of(method);
      for (std::size_t i = 0; i < parameters.size(); ++i)
        out.put((i == 0 ? "" : ", ") + markdown(parameters[i].name.in(text)));
      out.put(")");
      if (method.doc.empty()) continue;
      const auto doc = bsl::parse_doc_comment(method.doc.in(text));
      const auto first = doc.description.substr(0, doc.description.find("\n\n"));
      if (!first.empty()) out.put(" — " + markdown(first));
    }
    out.put("\n");
  }
}

/// Neighbours in the graph, by node.
struct neighbours {
  std::vector<std::vector<std::uint32_t>> needs;
  std::vector<std::vector<std::uint32_t>> used_by;

  explicit neighbours(const dependency_graph& graph)
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
};

void links(file_sink& out, const char* title, const std::vector<std::uint32_t>& nodes,
           const dependency_graph& graph) {
  if (nodes.empty()) return;
  out.put(std::string("\n## ") + title + "\n\n");
  for (const auto each : nodes) {
    if (each + 1 == graph.nodes.size())
      out.put("- Конфигурация\n");
    else
      out.put("- [" + markdown(russian_id(graph.nodes[each])) + "](../objects/" +
              file_name(graph.nodes[each]) + ".md)\n");
  }
}

outcome<done> object_page(const documentation& from, std::uint32_t number, const neighbours& near,
                          const std::filesystem::path& folder) {
  const auto& object = from.index.contents().objects[number];
  file_sink out(folder / "objects" / (file_name(object.id) + ".md"));
  out.put("# " + markdown(russian_id(object.id)) + "\n\n" + markdown(best_text(object.synonym)) +
          "\n");
  if (!object.comment.empty()) out.put("\n" + markdown(object.comment) + "\n");
  attributes_table(out, "Измерения", object.parts.dimensions);
  attributes_table(out, "Ресурсы", object.parts.resources);
  attributes_table(out, "Реквизиты", object.parts.attributes);
  for (const auto& each : object.parts.tabular_sections)
    attributes_table(out, ("Табличная часть " + markdown(each.name)).c_str(), each.columns);
  part_list(out, "Значения", object.parts.enum_values);
  part_list(out, "Формы", object.parts.forms);
  part_list(out, "Команды", object.parts.commands);
  part_list(out, "Макеты", object.parts.templates);
  exported_methods(out, from, from.modules[number]);
  links(out, "Использует", near.needs[number], from.graph);
  links(out, "Где используется", near.used_by[number], from.graph);
  return out.close();
}

// What a subsystem needs from others, as a Mermaid graph of subsystems.
outcome<done> subsystem_page(const documentation& from, const metadata_object& subsystem,
                             const neighbours& near, const std::filesystem::path& folder) {
  const auto& all = from.index.contents();
  file_sink out(folder / "subsystems" / (file_name(subsystem.id) + ".md"));
  out.put("# " + markdown(russian_id(subsystem.id)) + "\n\n" +
          markdown(best_text(subsystem.synonym)) + "\n\n## Состав\n\n");
  std::map<std::string, std::uint64_t> others;
  for (const auto& each : subsystem.links.content) {
    const auto object = from.index.object(each);
    if (!object) continue;
    out.put("- [" + markdown(russian_id(all.objects[*object].id)) + "](../objects/" +
            file_name(all.objects[*object].id) + ".md)\n");
    for (const auto target : near.needs[*object])
      if (target < all.objects.size())
        for (const auto& other : all.objects[target].subsystems)
          if (other != subsystem.id) ++others[other];
  }
  if (others.empty()) return out.close();
  out.put("\n## Зависит от подсистем\n\n```mermaid\ngraph LR\n");
  std::size_t number = 0;
  for (const auto& [id, weight] : others)
    out.put("  s[\"" + markdown(subsystem.name) + "\"] -->|" + std::to_string(weight) + "| t" +
            std::to_string(number++) + "[\"" + markdown(id.substr(id.rfind('.') + 1)) + "\"]\n");
  out.put("```\n");
  return out.close();
}

}  // namespace

outcome<std::uint64_t> write_object_pages(const documentation& from,
                                          const std::filesystem::path& folder,
                                          step_monitor& monitor) {
  const neighbours near(from.graph);
  const auto& objects = from.index.contents().objects;
  std::uint64_t pages = 0;
  for (std::uint32_t i = 0; i < objects.size(); ++i) {
    if (monitor.cancelled()) return cancelled_trouble("edt.documentation");
    monitor.progress(i, objects.size(), "writing pages");
    if (auto made = object_page(from, i, near, folder); !made) return made.error();
    ++pages;
    if (objects[i].kind != "Subsystem") continue;
    if (auto made = subsystem_page(from, objects[i], near, folder); !made) return made.error();
    ++pages;
  }
  return pages;
}

}  // namespace artel::analysis
