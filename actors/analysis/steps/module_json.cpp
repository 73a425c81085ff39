// Modules and methods as JSON; see model_json.hpp.
#include <algorithm>
#include <set>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/steps/model_json.hpp"
#include "actors/analysis/steps/totals.hpp"

namespace artel::analysis {
namespace {

void write_doc(json_writer& out, std::string_view block) {
  out.key("doc").object();
  if (!block.empty()) {
    const auto doc = bsl::parse_doc_comment(block);
    out.field("description", doc.description);
    out.key("params").array();
    for (const auto& each : doc.parameters) {
      out.object();
      out.field("name", each.name);
      out.field("types", each.types);
      out.field("description", each.description);
      out.end();
    }
    out.end();
    out.field("returns", doc.returns);
    out.field("deprecated", doc.is_deprecated);
  }
  out.end();
}

void write_parameters(json_writer& out, const bsl::method& method, const bsl::module_syntax& in,
                      std::string_view text) {
  out.key("parameters").array();
  for (const auto& each : in.parameters_of(method)) {
    out.object();
    out.field("name", each.name.in(text));
    out.field("has_default", !each.default_value.empty());
    out.field("by_value", each.by_value);
    if (!each.default_value.empty()) out.field("default", each.default_value.in(text));
    out.end();
  }
  out.end();
  out.key("params").array();
  for (const auto& each : in.parameters_of(method)) out.text(each.name.in(text));
  out.end();
  out.field("params_count", method.parameters.size());
}

// Each name once, in the order of the text.
void write_calls(json_writer& out, const bsl::method& method, const bsl::module_syntax& in,
                 std::string_view text) {
  out.key("calls").array();
  std::set<std::string> seen;
  for (const auto& each : in.calls_of(method)) {
    const auto name = model_index::call_name(each, text);
    if (seen.insert(name).second) out.text(name);
  }
  out.end();
}

void write_references(json_writer& out, const bsl::method& method, const bsl::module_syntax& in,
                      std::string_view text, const model_index& index) {
  out.key("refs").array();
  std::vector<std::uint32_t> found;  // objects are sorted by id
  for (const auto& each : in.references_of(method))
    if (const auto object = index.object_of(each, text)) found.push_back(*object);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const auto each : found) out.text(index.contents().objects[each].id);
  out.end();
}

void write_annotations(json_writer& out, const bsl::method& method, const bsl::module_syntax& in,
                       std::string_view text) {
  const auto annotations = in.annotations_of(method);
  out.field("directive",
            annotations.empty() ? std::string_view{} : annotations.front().name.in(text));
  out.key("annotations").array();
  for (const auto& each : annotations) {
    out.object();
    out.field("name", each.name.in(text));
    if (!each.argument.empty()) out.field("argument", each.argument.in(text));
    out.end();
  }
  out.end();
}

}  // namespace

void write_method(json_writer& out, const model_index& index, const method_place& place,
                  code code_text) {
  const auto& module = index.contents().modules[place.module];
  const auto text = index.text(module);
  const auto& method = module.syntax.methods[place.method];
  out.object();
  out.field("id", index.method_id(place));
  out.field("name", method.name.in(text));
  out.field("type", method.kind == bsl::method_kind::function ? "function" : "procedure");
  write_parameters(out, method, module.syntax, text);
  out.field("is_export", method.exported);
  out.field("exported", method.exported);
  out.field("async", method.async);
  write_annotations(out, method, module.syntax, text);
  out.field("region", method.region == 0 ? std::string_view{}
                                         : module.syntax.regions[method.region - 1].name.in(text));
  out.field("line_start", method.line_start);
  out.field("line_end", method.line_end);
  out.field("body_length", method.body.length);
  out.field("cyclomatic", method.metrics.cyclomatic);
  out.field("cognitive", method.metrics.cognitive);
  out.field("statements", method.metrics.statements);
  out.field("max_nesting", method.metrics.max_nesting);
  out.key("comments").code(method.doc.in(text));
  write_doc(out, method.doc.in(text));
  write_calls(out, method, module.syntax, text);
  write_references(out, method, module.syntax, text, index);
  out.key("queries").array();
  for (const auto& each : module.syntax.queries_of(method)) {
    out.object();
    out.field("line", each.line);
    if (code_text == code::with) out.key("text").code(each.literal.in(text));
    out.end();
  }
  out.end();
  if (code_text == code::with) {
    out.key("code").code(method.whole.in(text));
    out.key("body").code(method.body.in(text));
  }
  out.end();
}

void write_module_fields(json_writer& out, const model_index& index, std::uint32_t number,
                         code code_text) {
  const auto& module = index.contents().modules[number];
  const auto text = index.text(module);
  const auto& syntax = module.syntax;
  out.field("id", module.id);
  out.field("module_type", module.module_type);
  out.field("path", module.path);
  out.field("bytes", module.bytes);
  out.field("lines", syntax.counts.lines);
  out.field("ncloc", syntax.counts.code_lines);
  out.field("comment_lines", syntax.counts.comment_lines);
  out.field("bom", module.byte_order_mark);
  out.field("eol", module.line_ends);
  out.field("protected", module.is_protected);
  out.field("empty", module.text_size == 0 && !module.is_protected);
  out.field("code_length", module.text_size);
  if (code_text == code::with) out.key("code").code(text);
  out.key("regions").array();
  for (const auto& each : syntax.regions) {
    out.object();
    out.field("name", each.name.in(text));
    out.field("line_start", each.line_start);
    out.field("line_end", each.line_end);
    out.end();
  }
  out.end();
  out.map("directives", directives_of(index, module));
  out.key("variables").array();
  for (const auto& each : syntax.variables) {
    out.object();
    out.field("name", each.name.in(text));
    out.field("line", each.line);
    out.field("is_export", each.exported);
    out.field("directive", each.directive.in(text));
    out.end();
  }
  out.end();
  out.key("syntax_errors").array();
  for (const auto& each : syntax.errors) {
    out.object();
    out.field("line", each.line);
    out.field("column", each.column);
    out.field("message", each.message);
    out.end();
  }
  out.end();
  std::uint32_t counts[2] = {};
  for (const auto kind : {bsl::method_kind::function, bsl::method_kind::procedure}) {
    out.key(kind == bsl::method_kind::function ? "functions" : "procedures").array();
    for (std::uint32_t i = 0; i < syntax.methods.size(); ++i) {
      if (syntax.methods[i].kind != kind) continue;
      write_method(out, index, {number, i}, code_text);
      ++counts[static_cast<std::size_t>(kind)];
    }
    out.end();
  }
  out.field("functions_count", counts[static_cast<std::size_t>(bsl::method_kind::function)]);
  out.field("procedures_count", counts[static_cast<std::size_t>(bsl::method_kind::procedure)]);
}

}  // namespace artel::analysis
