// The counts of a parse, as statistics, headlines and documentation tell them; see totals.hpp.
#include "actors/analysis/steps/totals.hpp"

#include <set>

namespace artel::analysis {

std::map<std::string, std::uint64_t> directives_of(const model_index& index,
                                                   const module_entry& module) {
  const auto text = index.text(module);
  std::map<std::string, std::uint64_t> found;
  for (const auto& each : module.syntax.annotations) ++found[std::string(each.name.in(text))];
  // One directive may stand above several variables of one declaration.
  std::set<std::uint32_t> seen;
  for (const auto& each : module.syntax.variables)
    if (!each.directive.empty() && seen.insert(each.directive.offset).second)
      ++found[std::string(each.directive.in(text))];
  return found;
}

parse_totals totals_of(const model_index& index) {
  const auto& from = index.contents();
  parse_totals made;
  for (const auto& each : from.objects) {
    if (!each.parent.empty()) {
      ++made.nested_subsystems;
      continue;
    }
    ++made.objects;
    if (const auto kind = kind_of_singular(each.kind))
      ++made.by_kind[std::string(all_kinds()[*kind].plural)];
  }
  for (const auto& each : from.modules) {
    ++made.by_module_type[each.module_type];
    made.bytes += each.bytes;
    made.protected_modules += each.is_protected;
    made.syntax_errors += each.syntax.errors.size() + each.syntax.errors_left_out;
    for_each_field(made.counts, [&](std::string_view name, auto& sum) {
      for_each_field(each.syntax.counts, [&](std::string_view other, const auto& value) {
        if (name == other) sum += value;
      });
    });
    made.regions += each.syntax.regions.size();
    for (const auto& [name, number] : directives_of(index, each)) made.directives[name] += number;
    for (const auto& method : each.syntax.methods) {
      ++(method.kind == bsl::method_kind::function ? made.functions : made.procedures);
      made.exported += method.exported;
      made.asynchronous += method.async;
      made.multi_line_signatures += method.signature_line_end > method.line_start;
    }
    made.parameters += each.syntax.parameters.size();
    for (const auto& parameter : each.syntax.parameters) {
      made.by_value += parameter.by_value;
      made.with_default += !parameter.default_value.empty();
    }
  }
  return made;
}

void write_counts(json_writer& out, const parse_totals& totals, const model& all) {
  const auto kind = [&](const char* folder) {
    const auto found = totals.by_kind.find(folder);
    return found == totals.by_kind.end() ? 0 : found->second;
  };
  std::uint64_t errors = all.problems.size() + totals.syntax_errors;
  out.field("total_objects", totals.objects);
  out.field("nested_subsystems", totals.nested_subsystems);
  out.field("common_modules", kind("CommonModules"));
  out.field("catalogs", kind("Catalogs"));
  out.field("documents", kind("Documents"));
  out.field("total_functions", totals.functions);
  out.field("total_procedures", totals.procedures);
  out.field("total_methods", totals.functions + totals.procedures);
  out.field("export_methods", totals.exported);
  out.field("errors", errors);
  out.field("syntax_errors", totals.syntax_errors);
  out.field("files", all.modules.size());
  out.field("bytes", totals.bytes);
  out.field("lines", totals.counts.lines);
  out.field("ncloc", totals.counts.code_lines);
  out.field("comment_lines", totals.counts.comment_lines);
  out.field("strings", totals.counts.strings);
  out.field("multiline_strings", totals.counts.multiline_strings);
  out.field("query_strings", totals.counts.query_strings);
  out.field("date_literals", totals.counts.dates);
  out.field("async_methods", totals.asynchronous);
  out.field("multi_line_signatures", totals.multi_line_signatures);
  out.field("parameters", totals.parameters);
  out.field("parameters_by_value", totals.by_value);
  out.field("parameters_with_default", totals.with_default);
  out.field("regions", totals.regions);
  out.field("preprocessor_if", totals.counts.preprocessor_if);
  out.field("preprocessor_elsif", totals.counts.preprocessor_elsif);
  out.field("preprocessor_else", totals.counts.preprocessor_else);
  out.map("directives", totals.directives);
  out.map("by_kind", totals.by_kind);
  out.map("by_module_type", totals.by_module_type);
  out.key("skipped").array();
  for (const auto& each : all.modules) {
    if (!each.is_protected) continue;
    out.object();
    out.field("path", each.path);
    out.field("why", "protected");
    out.end();
  }
  for (const auto& each : all.problems) {
    out.object();
    out.field("path", each.path);
    out.field("why", each.message);
    out.end();
  }
  out.end();
}

}  // namespace artel::analysis
