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

/// A heading or the head of a column in each language.
struct phrase {
  const char* russian;
  const char* english;
};

/// Makes the text of one page.
class page {
public:
  page(const documentation& from, const std::vector<language>& in)
      : from_(from), all_(from.index.contents()), in_(in) {}

  std::string object(std::uint32_t number) {
    const auto& object = all_.objects[number];
    title(object);
    if (!object.comment.empty()) put("\n" + markdown(object.comment) + "\n");
    attributes({"Измерения", "Dimensions"}, "", object.parts.dimensions);
    attributes({"Ресурсы", "Resources"}, "", object.parts.resources);
    attributes({"Реквизиты", "Attributes"}, "", object.parts.attributes);
    for (const auto& each : object.parts.tabular_sections)
      attributes({"Табличная часть", "Tabular section"}, " " + markdown(each.name), each.columns);
    parts({"Значения", "Values"}, object.parts.enum_values);
    parts({"Формы", "Forms"}, object.parts.forms);
    parts({"Команды", "Commands"}, object.parts.commands);
    parts({"Макеты", "Templates"}, object.parts.templates);
    exported_methods(from_.modules[number]);
    links({"Использует", "Uses"}, from_.near.needs[number]);
    links({"Где используется", "Where it is used"}, from_.near.used_by[number]);
    return std::move(text_);
  }

  // What a subsystem needs from others, as a Mermaid graph of subsystems.
  std::string subsystem(const subsystem_facts& facts) {
    title(all_.objects[facts.object]);
    heading({"Состав", "Content"});
    for (const auto each : facts.objects) {
      const auto& id = all_.objects[each].id;
      put("- [" + markdown(name(id)) + "](../objects/" + file_name(id) + ".md)\n");
    }
    if (facts.needs.empty()) return std::move(text_);
    heading({"Зависит от подсистем", "Needs other subsystems"});
    put("```mermaid\ngraph LR\n");
    for (const auto& [other, weight] : facts.needs)
      put("  s[\"" + markdown(all_.objects[facts.object].name) + "\"] -->|" +
          std::to_string(weight) + "| t" + std::to_string(other) + "[\"" +
          markdown(all_.objects[from_.subsystems[other].object].name) + "\"]\n");
    put("```\n");
    return std::move(text_);
  }

private:
  void put(std::string_view text) { text_ += text; }

  std::string say(const phrase& what) const {
    if (in_.size() > 1) return std::string(what.russian) + " · " + what.english;
    return in_.front() == language::russian ? what.russian : what.english;
  }

  // An object's name in the first of the languages; its file's name is the English one anyway.
  std::string name(std::string_view id) const {
    return in_.front() == language::russian ? russian_id(id) : std::string(id);
  }

  void heading(const phrase& what, const std::string& more = {}) {
    put("\n## " + say(what) + more + "\n\n");
  }

  void title(const metadata_object& object) {
    put("# " + markdown(name(object.id)) + (in_.size() > 1 ? " · " + markdown(object.id) : "") +
        "\n\n" + markdown(best_text(object.synonym)) + "\n");
  }

  void attributes(const phrase& what, const std::string& more, const std::vector<attribute>& list) {
    if (list.empty()) return;
    heading(what, more);
    put("| " + say({"Имя", "Name"}) + " | " + say({"Синоним", "Synonym"}) + " | " +
        say({"Тип", "Type"}) + " |\n| --- | --- | --- |\n");
    for (const auto& each : list)
      put("| " + markdown(each.name) + " | " + markdown(best_text(each.synonym)) + " | " +
          types_text(each.type) + " |\n");
  }

  void parts(const phrase& what, const std::vector<part>& list) {
    if (list.empty()) return;
    heading(what);
    for (const auto& each : list) {
      const auto synonym = best_text(each.synonym);
      put("- " + markdown(each.name) + (synonym.empty() ? "" : " — " + markdown(synonym)) + "\n");
    }
  }

  void exported_methods(const std::vector<std::uint32_t>& modules) {
    for (const auto number : modules) {
      const auto& module = all_.modules[number];
      const auto text = from_.index.text(module);
      put("\n## " + markdown(name(module.id)) + "\n\n`" + module.path + "`, " +
          say({"строк", "lines"}) + ": " + std::to_string(module.syntax.counts.lines) + ", " +
          say({"методов", "methods"}) + ": " + std::to_string(module.syntax.methods.size()) + "\n");
      for (const auto& method : module.syntax.methods)
        if (method.exported) exported_method(module, method, text);
      put("\n");
    }
  }

  void exported_method(const module_entry& module, const bsl::method& method,
                       std::string_view text) {
    put("\n- **" + markdown(method.name.in(text)) + "** (");
    const auto parameters = module.syntax.parameters_of(method);
    for (std::size_t i = 0; i < parameters.size(); ++i)
      put((i == 0 ? "" : ", ") + markdown(parameters[i].name.in(text)));
    put(")");
    if (method.doc.empty()) return;
    const auto doc = bsl::parse_doc_comment(method.doc.in(text));
    const auto first = doc.description.substr(0, doc.description.find("\n\n"));
    if (!first.empty()) put(" — " + markdown(first));
  }

  void links(const phrase& what, const std::vector<std::uint32_t>& nodes) {
    if (nodes.empty()) return;
    heading(what);
    for (const auto each : nodes) {
      const auto& id = from_.graph.nodes[each];
      if (each + 1 == from_.graph.nodes.size())
        put("- " + say({"Конфигурация", "Configuration"}) + "\n");
      else
        put("- [" + markdown(name(id)) + "](" + file_name(id) + ".md)\n");
    }
  }

  const documentation& from_;
  const model& all_;
  const std::vector<language>& in_;
  std::string text_;
};

struct page_text {
  std::filesystem::path file;
  std::string text;
};

}  // namespace

outcome<std::uint64_t> write_object_pages(const documentation& from,
                                          const std::vector<language>& in,
                                          const std::filesystem::path& folder,
                                          step_monitor& monitor) {
  const auto& objects = from.index.contents().objects;
  const auto& subsystems = from.subsystems;
  const auto count = objects.size() + subsystems.size();
  const auto make_one = [&](std::size_t i) -> page_text {
    const bool object = i < objects.size();
    const auto& id = objects[object ? i : subsystems[i - objects.size()].object].id;
    page one(from, in);
    return {folder / (object ? "objects" : "subsystems") / (file_name(id) + ".md"),
            object ? one.object(static_cast<std::uint32_t>(i))
                   : one.subsystem(subsystems[i - objects.size()])};
  };
  std::optional<trouble> problem;
  std::uint64_t bytes = 0;
  // Texts are made on several threads and files on one: threads that make files in one folder wait
  // for each other.
  in_order((count + pages_at_once - 1) / pages_at_once, analysis_threads(),
           [&](std::size_t batch) {
             std::vector<page_text> made;
             const auto end = std::min(count, (batch + 1) * pages_at_once);
             for (auto i = batch * pages_at_once; i < end; ++i) made.push_back(make_one(i));
             return made;
           },
           [&](std::size_t batch, const std::vector<page_text>& made) {
             for (const auto& each : made) {
               file_sink out(each.file);
               out.put(each.text);
               if (auto closed = out.close(); !closed) problem = closed.error();
             }
             const auto end = std::min(objects.size(), (batch + 1) * pages_at_once);
             for (auto i = batch * pages_at_once; i < end; ++i)
               for (const auto each : from.modules[i])
                 bytes += from.index.contents().modules[each].text_size;
             monitor.progress(bytes, from.totals.bytes, "writing pages");
             if (monitor.cancelled()) problem = cancelled_trouble("edt.documentation");
             return !problem;
           });
  if (problem) return *problem;
  return count;
}

}  // namespace artel::analysis
