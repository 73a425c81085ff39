// One page for every object and every subsystem; see documentation_pages.hpp.
#include <algorithm>
#include <optional>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t pages_at_once = 64;  // what a thread writes before it is asked for more

std::string types_text(const value_type& type) {
  std::string made;
  for (const auto& each : type.types) made += (made.empty() ? "" : ", ") + markdown(each);
  return made;
}

/// Writes one page.
class page {
public:
  page(const page_set& to, const std::filesystem::path& file)
      : to_(to), from_(to.from), all_(to.from.index.contents()), out_(file) {}

  outcome<done> object(std::uint32_t number) {
    const auto& object = all_.objects[number];
    title(object);
    if (!object.comment.empty()) out_.put("\n" + markdown(object.comment) + "\n");
    attributes(to_.say("Измерения", "Dimensions"), object.parts.dimensions);
    attributes(to_.say("Ресурсы", "Resources"), object.parts.resources);
    attributes(to_.say("Реквизиты", "Attributes"), object.parts.attributes);
    for (const auto& each : object.parts.tabular_sections)
      attributes(to_.say("Табличная часть ", "Tabular section ") + markdown(each.name),
                 each.columns);
    parts(to_.say("Значения", "Values"), object.parts.enum_values);
    parts(to_.say("Формы", "Forms"), object.parts.forms);
    parts(to_.say("Команды", "Commands"), object.parts.commands);
    parts(to_.say("Макеты", "Templates"), object.parts.templates);
    exported_methods(from_.modules[number]);
    links(to_.say("Использует", "Uses"), from_.near.needs[number]);
    links(to_.say("Где используется", "Where it is used"), from_.near.used_by[number]);
    return out_.close();
  }

  // What a subsystem needs from others, as a Mermaid graph of subsystems.
  outcome<done> subsystem(const subsystem_facts& facts) {
    title(all_.objects[facts.object]);
    out_.put(to_.say("\n## Состав\n\n", "\n## Content\n\n"));
    for (const auto each : facts.objects) {
      const auto& id = all_.objects[each].id;
      out_.put("- [" + markdown(to_.id(id)) + "](../objects/" + file_name(id) + ".md)\n");
    }
    if (facts.needs.empty()) return out_.close();
    out_.put(to_.say("\n## Зависит от подсистем\n\n", "\n## Needs other subsystems\n\n"));
    out_.put("```mermaid\ngraph LR\n");
    for (const auto& [other, weight] : facts.needs)
      out_.put("  s[\"" + markdown(all_.objects[facts.object].name) + "\"] -->|" +
               std::to_string(weight) + "| t" + std::to_string(other) + "[\"" +
               markdown(all_.objects[from_.subsystems[other].object].name) + "\"]\n");
    out_.put("```\n");
    return out_.close();
  }

private:
  void title(const metadata_object& object) {
    out_.put("# " + markdown(to_.id(object.id)) + "\n\n" + markdown(best_text(object.synonym)) +
             "\n");
  }

  void attributes(const std::string& heading, const std::vector<attribute>& list) {
    if (list.empty()) return;
    out_.put("\n## " + heading + "\n\n" +
             to_.say("| Имя | Синоним | Тип |\n", "| Name | Synonym | Type |\n") +
             "| --- | --- | --- |\n");
    for (const auto& each : list)
      out_.put("| " + markdown(each.name) + " | " + markdown(best_text(each.synonym)) + " | " +
               types_text(each.type) + " |\n");
  }

  void parts(const std::string& heading, const std::vector<part>& list) {
    if (list.empty()) return;
    out_.put("\n## " + heading + "\n\n");
    for (const auto& each : list) {
      const auto synonym = best_text(each.synonym);
      out_.put("- " + markdown(each.name) + (synonym.empty() ? "" : " — " + markdown(synonym)) +
               "\n");
    }
  }

  void exported_methods(const std::vector<std::uint32_t>& modules) {
    for (const auto number : modules) {
      const auto& module = all_.modules[number];
      const auto text = from_.index.text(module);
      out_.put("\n## " + markdown(to_.id(module.id)) + "\n\n`" + module.path + "`" +
               to_.say(", строк: ", ", lines: ") + std::to_string(module.syntax.counts.lines) +
               to_.say(", методов: ", ", methods: ") +
               std::to_string(module.syntax.methods.size()) + "\n");
      for (const auto& method : module.syntax.methods)
        if (method.exported) exported_method(module, method, text);
      out_.put("\n");
    }
  }

  void exported_method(const module_entry& module, const bsl::method& method,
                       std::string_view text) {
    out_.put("\n- **" + markdown(method.name.in(text)) + "** (");
    const auto parameters = module.syntax.parameters_of(method);
    for (std::size_t i = 0; i < parameters.size(); ++i)
      out_.put((i == 0 ? "" : ", ") + markdown(parameters[i].name.in(text)));
    out_.put(")");
    if (method.doc.empty()) return;
    const auto doc = bsl::parse_doc_comment(method.doc.in(text));
    const auto first = doc.description.substr(0, doc.description.find("\n\n"));
    if (!first.empty()) out_.put(" — " + markdown(first));
  }

  void links(const std::string& heading, const std::vector<std::uint32_t>& nodes) {
    if (nodes.empty()) return;
    out_.put("\n## " + heading + "\n\n");
    for (const auto each : nodes) {
      const auto& id = from_.graph.nodes[each];
      if (each + 1 == from_.graph.nodes.size())
        out_.put(std::string("- ") + to_.say("Конфигурация", "Configuration") + "\n");
      else
        out_.put("- [" + markdown(to_.id(id)) + "](" + file_name(id) + ".md)\n");
    }
  }

  const page_set& to_;
  const documentation& from_;
  const model& all_;
  file_sink out_;
};

}  // namespace

outcome<std::uint64_t> write_object_pages(const page_set& to, step_monitor& monitor) {
  const auto& objects = to.from.index.contents().objects;
  const auto& subsystems = to.from.subsystems;
  const auto count = objects.size() + subsystems.size();
  const auto write_one = [&](std::size_t i) {
    const bool object = i < objects.size();
    const auto& id = objects[object ? i : subsystems[i - objects.size()].object].id;
    page one(to, to.folder / (object ? "objects" : "subsystems") / (file_name(id) + ".md"));
    return object ? one.object(static_cast<std::uint32_t>(i))
                  : one.subsystem(subsystems[i - objects.size()]);
  };
  std::optional<trouble> problem;
  std::uint64_t bytes = 0;
  in_order((count + pages_at_once - 1) / pages_at_once, analysis_threads(),
           [&](std::size_t batch) -> outcome<done> {
             const auto end = std::min(count, (batch + 1) * pages_at_once);
             for (auto i = batch * pages_at_once; i < end; ++i) {
               if (monitor.cancelled()) return cancelled_trouble("edt.documentation");
               if (auto made = write_one(i); !made) return made;
             }
             return done{};
           },
           [&](std::size_t batch, const outcome<done>& made) {
             if (!made) problem = made.error();
             const auto end = std::min(objects.size(), (batch + 1) * pages_at_once);
             for (auto i = batch * pages_at_once; i < end; ++i)
               for (const auto each : to.from.modules[i])
                 bytes += to.from.index.contents().modules[each].text_size;
             monitor.progress(bytes, to.from.totals.bytes, "writing pages");
             return !problem;
           });
  if (problem) return *problem;
  return count;
}

}  // namespace artel::analysis
