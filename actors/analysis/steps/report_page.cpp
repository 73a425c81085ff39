// index.html: one file that needs nothing else. The page's own parts (page/page.*) are embedded,
// and everything it shows is one JSON value between them, in short arrays since it is most of the
// bytes:
//
//   kinds      [English, Russian, English plural, Russian plural]
//   objects    [kind, name, synonym, comment, [subsystem object], methods, code lines, findings,
//   parts] modules    [object or -1, Russian name, English name] methods    [module, name, flags,
//   line, parameters, cyclomatic, cognitive, lines, documentation] edges      source, target, via,
//   weight, one behind the other subsystems [object, objects, methods, code lines, fan in, fan out,
//   [[subsystem, weight]], [object]] rules      [id, Russian, English, severity, findings, link]
//   findings   [rule, module, line, detail], the most severe first
//   copies     [tokens, [[module, method, first line, last line]]]
#include <algorithm>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/steps/script_sink.hpp"
#include "embedded/report_page.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t methods_max = 60000;       // in the page; else only those worth looking for
constexpr std::uint32_t complex_cognitive = 15;  // a private method that is worth looking for
constexpr std::size_t passages_max = 300;
constexpr std::size_t doc_bytes_max = 160;

std::string types_text(const value_type& type) {
  std::string made;
  for (const auto& each : type.types) made += (made.empty() ? "" : ", ") + each;
  return made;
}

class page_data {
public:
  page_data(const documentation& from, json_writer& out)
      : from_(from), all_(from.index.contents()), out_(out) {}

  void write(language first) {
    out_.object();
    out_.field("name", all_.configuration.name);
    out_.field("synonym", best_text(all_.configuration.synonym));
    out_.field("version", all_.configuration.version);
    out_.field("vendor", all_.configuration.vendor);
    out_.field("layout", all_.configuration.layout);
    out_.field("language", first == language::russian ? "ru" : "en");
    numbers();
    kinds();
    out_.key("module_types").array();
    for (const auto& [type, count] : from_.totals.by_module_type) {
      out_.array();
      out_.text(type);
      out_.number(count);
      out_.text(russian_module_type(type));
      out_.end();
    }
    out_.end();
    histogram();
    rules();
    objects();
    modules();
    methods();
    edges();
    subsystems();
    findings();
    copies();
    out_.end();
  }

private:
  void pair(std::string_view name, std::uint64_t value) {
    out_.array();
    out_.text(name);
    out_.number(value);
    out_.end();
  }

  void numbers() {
    out_.key("numbers").object();
    out_.field("objects", from_.totals.objects);
    out_.field("modules", all_.modules.size());
    out_.field("methods", from_.totals.functions + from_.totals.procedures);
    out_.field("exports", from_.totals.exported);
    out_.field("lines", from_.totals.counts.lines);
    out_.field("code", from_.totals.counts.code_lines);
    out_.field("comments", from_.totals.counts.comment_lines);
    out_.field("edges", from_.graph.edges.size());
    out_.field("calls", from_.graph.methods.size());
    out_.field("findings", from_.findings);
    out_.field("copied", from_.copies.lines);
    out_.field("syntax_errors", from_.totals.syntax_errors);
    out_.field("problems", all_.problems.size());
    out_.end();
  }

  void kinds() {
    out_.key("kinds").array();
    for (const auto& each : all_kinds()) {
      out_.array();
      out_.text(each.singular);
      out_.text(each.russian_singular);
      out_.text(each.plural);
      out_.text(each.russian_plural);
      out_.end();
    }
    out_.end();
  }

  void histogram() {
    constexpr std::pair<std::uint32_t, const char*> steps[] = {
        {0, "0"},      {5, "1–5"},    {10, "6–10"}, {15, "11–15"},
        {30, "16–30"}, {60, "31–60"}, {~0U, "61…"}};
    std::vector<std::uint64_t> counts(std::size(steps));
    for (const auto& module : all_.modules)
      for (const auto& each : module.syntax.methods) {
        const auto* const step =
            std::find_if(std::begin(steps), std::end(steps),
                         [&](const auto& limit) { return each.metrics.cognitive <= limit.first; });
        ++counts[static_cast<std::size_t>(step - std::begin(steps))];
      }
    out_.key("cognitive").array();
    for (std::size_t i = 0; i < std::size(steps); ++i) pair(steps[i].second, counts[i]);
    out_.end();
  }

  void rules() {
    out_.key("rules").array();
    for (std::size_t i = 0; i < all_rules().size(); ++i) {
      const auto& each = all_rules()[i];
      out_.array();
      out_.text(each.id);
      out_.text(each.title_ru);
      out_.text(each.title_en);
      out_.text(to_text(each.level));
      out_.number(from_.findings_of_rule[i]);
      out_.text(standard_url(each));
      out_.end();
    }
    out_.end();
  }

  void attributes(const char* key, const std::vector<attribute>& from) {
    if (from.empty()) return;
    out_.key(key).array();
    attribute_rows(from);
    out_.end();
  }

  void attribute_rows(const std::vector<attribute>& from) {
    for (const auto& each : from) {
      out_.array();
      out_.text(each.name);
      out_.text(types_text(each.type));
      out_.text(best_text(each.synonym));
      out_.end();
    }
  }

  void parts(const char* key, const std::vector<part>& from) {
    if (from.empty()) return;
    out_.key(key).array();
    for (const auto& each : from) {
      out_.array();
      out_.text(each.name);
      out_.text(best_text(each.synonym));
      out_.end();
    }
    out_.end();
  }

  void object_parts_of(const metadata_object& object) {
    out_.object();
    attributes("a", object.parts.attributes);
    attributes("d", object.parts.dimensions);
    attributes("r", object.parts.resources);
    if (!object.parts.tabular_sections.empty()) {
      out_.key("t").array();
      for (const auto& each : object.parts.tabular_sections) {
        out_.array();
        out_.text(each.name);
        out_.array();
        attribute_rows(each.columns);
        out_.end();
        out_.end();
      }
      out_.end();
    }
    parts("v", object.parts.enum_values);
    parts("f", object.parts.forms);
    parts("c", object.parts.commands);
    parts("m", object.parts.templates);
    out_.end();
  }

  void objects() {
    out_.key("objects").array();
    for (std::uint32_t i = 0; i < all_.objects.size(); ++i) {
      const auto& each = all_.objects[i];
      std::uint64_t methods = 0;
      std::uint64_t lines = 0;
      for (const auto module : from_.modules[i]) {
        methods += all_.modules[module].syntax.methods.size();
        lines += all_.modules[module].syntax.counts.code_lines;
      }
      out_.array();
      out_.number(std::uint64_t{kind_of_singular(each.kind).value_or(0)});
      // A nested subsystem's name says where it lies, so that names stay apart.
      out_.text(each.parent.empty() ? each.name : each.id.substr(each.id.find('.') + 1));
      out_.text(best_text(each.synonym));
      out_.text(each.comment);
      out_.array();
      for (const auto& subsystem : each.subsystems)
        if (const auto found = from_.index.object(subsystem)) out_.number(std::uint64_t{*found});
      out_.end();
      out_.number(methods);
      out_.number(lines);
      out_.number(from_.findings_of_object[i]);
      object_parts_of(each);
      out_.end();
    }
    out_.end();
  }

  void modules() {
    out_.key("modules").array();
    for (const auto& each : all_.modules) {
      const auto owner = from_.index.owner_of(each);
      out_.array();
      out_.number(owner ? static_cast<std::int64_t>(*owner) : std::int64_t{-1});
      out_.text(russian_id(each.id));
      out_.text(each.id);
      out_.end();
    }
    out_.end();
  }

  void methods() {
    const bool all_fit = from_.totals.functions + from_.totals.procedures <= methods_max;
    std::uint64_t left_out = 0;
    out_.key("methods").array();
    for (std::uint32_t i = 0; i < all_.modules.size(); ++i) {
      const auto& module = all_.modules[i];
      const auto text = from_.index.text(module);
      for (const auto& each : module.syntax.methods) {
        if (all_fit || each.exported || each.metrics.cognitive > complex_cognitive)
          method(i, module, each, text);
        else
          ++left_out;
      }
    }
    out_.end();
    out_.field("methods_left_out", left_out);
  }

  void method(std::uint32_t number, const module_entry& module, const bsl::method& from,
              std::string_view text) {
    std::string parameters;
    for (const auto& each : module.syntax.parameters_of(from))
      parameters.append(parameters.empty() ? "" : ", ").append(each.name.in(text));
    std::string_view doc;
    bsl::doc_comment parsed;
    if (from.exported && !from.doc.empty()) {
      parsed = bsl::parse_doc_comment(from.doc.in(text));
      doc = std::string_view(parsed.description).substr(0, parsed.description.find('\n'));
      if (doc.size() > doc_bytes_max) {
        auto cut = doc_bytes_max;
        while (cut > 0 && (static_cast<unsigned char>(doc[cut]) & 0xC0U) == 0x80U) --cut;
        doc = doc.substr(0, cut);
      }
    }
    const std::uint64_t flags = (from.exported ? 1U : 0U) |
                                (from.kind == bsl::method_kind::function ? 2U : 0U) |
                                (from.async ? 4U : 0U);
    out_.array();
    out_.number(std::uint64_t{number});
    out_.text(from.name.in(text));
    out_.number(flags);
    out_.number(std::uint64_t{from.line_start});
    out_.text(parameters);
    out_.number(std::uint64_t{from.metrics.cyclomatic});
    out_.number(std::uint64_t{from.metrics.cognitive});
    out_.number(std::uint64_t{from.line_end - from.line_start + 1});
    out_.text(doc);
    out_.end();
  }

  void edges() {
    out_.key("via").array();
    for (unsigned i = 0; i <= static_cast<unsigned>(edge_via::subsystem); ++i)
      out_.text(name_of(static_cast<edge_via>(i)));
    out_.end();
    const auto node = [this](std::uint32_t each) { return each < all_.objects.size(); };
    out_.key("edges").array();
    for (const auto& each : from_.graph.edges) {
      if (!node(each.source) || !node(each.target)) continue;
      for (const auto value :
           {each.source, each.target, static_cast<std::uint32_t>(each.via), each.weight})
        out_.number(std::uint64_t{value});
    }
    out_.end();
  }

  void subsystems() {
    out_.key("subsystems").array();
    for (const auto& each : from_.subsystems) {
      out_.array();
      for (const auto value : {std::uint64_t{each.object}, std::uint64_t{each.objects.size()},
                               each.methods, each.code_lines, each.fan_in, each.fan_out})
        out_.number(value);
      out_.array();
      for (const auto& [other, weight] : each.needs) {
        out_.array();
        out_.number(std::uint64_t{other});
        out_.number(weight);
        out_.end();
      }
      out_.end();
      out_.array();
      for (const auto object : each.objects) out_.number(std::uint64_t{object});
      out_.end();
      out_.end();
    }
    out_.end();
  }

  void findings() {
    out_.key("findings").array();
    for (const auto& each : from_.first_findings) {
      out_.array();
      out_.number(std::uint64_t{each.rule});
      out_.number(std::uint64_t{each.module});
      out_.number(each.line);
      out_.text(each.detail);
      out_.end();
    }
    out_.end();
  }

  void copies() {
    out_.key("copies").array();
    const auto& passages = from_.copies.passages;
    for (std::size_t i = 0; i < std::min(passages.size(), passages_max); ++i) {
      out_.array();
      out_.number(std::uint64_t{passages[i].tokens});
      out_.array();
      for (const auto& each : passages[i].places) {
        out_.array();
        out_.number(std::uint64_t{each.where.module});
        out_.text(from_.index.method_name(each.where));
        out_.number(std::uint64_t{each.line_start});
        out_.number(std::uint64_t{each.line_end});
        out_.end();
      }
      out_.end();
      out_.end();
    }
    out_.end();
  }

  const documentation& from_;
  const model& all_;
  json_writer& out_;
};

}  // namespace

outcome<done> write_report_page(const documentation& from, language first,
                                const std::filesystem::path& folder) {
  file_sink out(folder / "index.html");
  out.put(embedded::page_html);
  out.put("<style>\n");
  out.put(embedded::page_css);
  out.put("</style></head><body>\n<script id=\"data\" type=\"application/json\">");
  script_sink script(out);
  json_writer data(script, false);
  page_data(from, data).write(first);
  script.finish();
  out.put("</script>\n<script>\n");
  out.put(embedded::page_js);
  out.put("</script></body></html>\n");
  return out.close();
}

}  // namespace artel::analysis
