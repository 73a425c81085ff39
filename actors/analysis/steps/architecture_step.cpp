// How the configuration is built: sizes, layers, complexity, subsystems, coupling, cycles,
// interfaces. → analysis/architecture_analysis.json
#include <algorithm>
#include <map>

#include "actors/analysis/graph.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/architecture_relations.hpp"
#include "actors/analysis/steps/parse_outputs.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t top_max = 20;  // entries of each "top" list
constexpr std::size_t hotspots_max = 50;

struct architecture {
  const model_index& index;
  const dependency_graph& graph;
  const model& all = index.contents();

  static std::uint64_t functions(const module_entry& module) {
    return static_cast<std::uint64_t>(
        std::count_if(module.syntax.methods.begin(), module.syntax.methods.end(),
                      [](const auto& each) { return each.kind == bsl::method_kind::function; }));
  }

  void distribution(json_writer& out, const parse_totals& totals) const {
    const auto kind = [&](const char* folder) {
      const auto found = totals.by_kind.find(folder);
      return found == totals.by_kind.end() ? std::uint64_t{0} : found->second;
    };
    out.key("distribution").object();
    out.field("common_modules", kind("CommonModules"));
    out.field("catalogs", kind("Catalogs"));
    out.field("documents", kind("Documents"));
    out.field("total", totals.objects);
    out.end();
    out.map("kinds", totals.by_kind);
    out.map("module_types", totals.by_module_type);
  }

  void volume(json_writer& out, const parse_totals& totals) const {
    const auto modules = static_cast<double>(std::max<std::size_t>(all.modules.size(), 1));
    out.key("volume").object();
    out.field("total_modules", all.modules.size());
    out.field("total_functions", totals.functions);
    out.field("total_procedures", totals.procedures);
    out.field("total_methods", totals.functions + totals.procedures);
    out.field("total_code_length", totals.bytes);
    out.field("total_lines", totals.counts.lines);
    out.field("ncloc", totals.counts.code_lines);
    out.field("comment_lines", totals.counts.comment_lines);
    out.field("avg_methods_per_module",
              static_cast<double>(totals.functions + totals.procedures) / modules);
    out.field("avg_code_length", static_cast<double>(totals.bytes) / modules);
    out.end();
  }

  template <class Value>
  void histogram(json_writer& out, const char* name, Value value) const {
    const std::pair<std::uint32_t, const char*> steps[] = {
        {0, "0"},      {5, "1-5"},    {10, "6-10"}, {15, "11-15"},
        {20, "16-20"}, {50, "21-50"}, {~0U, "51+"}};
    std::vector<std::uint64_t> counts(std::size(steps));
    for (const auto& module : all.modules)
      for (const auto& method : module.syntax.methods)
        for (std::size_t i = 0; i < std::size(steps); ++i)
          if (value(method) <= steps[i].first) {
            ++counts[i];
            break;
          }
    out.key(name).object();
    for (std::size_t i = 0; i < std::size(steps); ++i) out.field(steps[i].second, counts[i]);
    out.end();
  }

  void complexity(json_writer& out) const {
    std::uint64_t methods = 0, cyclomatic = 0, cognitive = 0, over_20 = 0, over_15 = 0;
    std::uint32_t worst = 0, deepest = 0;
    for (const auto& module : all.modules)
      for (const auto& each : module.syntax.methods) {
        ++methods;
        cyclomatic += each.metrics.cyclomatic;
        cognitive += each.metrics.cognitive;
        over_20 += each.metrics.cyclomatic > 20;
        over_15 += each.metrics.cognitive > 15;
        worst = std::max(worst, each.metrics.cyclomatic);
        deepest = std::max(deepest, each.metrics.max_nesting);
      }
    const auto count = static_cast<double>(std::max<std::uint64_t>(methods, 1));
    out.key("complexity").object();
    out.field("avg_cyclomatic", static_cast<double>(cyclomatic) / count);
    out.field("avg_cognitive", static_cast<double>(cognitive) / count);
    out.field("max_cyclomatic", worst);
    out.field("max_nesting", deepest);
    out.field("methods_over_20_cyclomatic", over_20);
    out.field("methods_over_15_cognitive", over_15);
    out.end();
    out.key("complexity_histograms").object();
    histogram(out, "cyclomatic", [](const bsl::method& each) { return each.metrics.cyclomatic; });
    histogram(out, "cognitive", [](const bsl::method& each) { return each.metrics.cognitive; });
    histogram(out, "nesting", [](const bsl::method& each) { return each.metrics.max_nesting; });
    out.end();
  }

  void metadata(json_writer& out) const {
    std::uint64_t attributes = 0, sections = 0, columns = 0, forms = 0, commands = 0,
                  hierarchical = 0, posting = 0;
    for (const auto& each : all.objects) {
      attributes += each.parts.attributes.size();
      sections += each.parts.tabular_sections.size();
      forms += each.parts.forms.size();
      commands += each.parts.commands.size();
      for (const auto& section : each.parts.tabular_sections) columns += section.columns.size();
      const auto is = [&](const char* name, const char* value) {
        const auto found = each.properties.find(name);
        return found != each.properties.end() && found->second == value;
      };
      hierarchical += each.kind == "Catalog" && is("Hierarchical", "true");
      posting += each.kind == "Document" && is("Posting", "Allow");
    }
    out.key("metadata").object();
    out.field("attributes", attributes);
    out.field("tabular_sections", sections);
    out.field("columns", columns);
    out.field("forms", forms);
    out.field("commands", commands);
    out.field("hierarchical_catalogs", hierarchical);
    out.field("documents_with_posting", posting);
    out.end();
  }

  template <class Value>
  void top(json_writer& out, const char* name, const char* unit, Value value) const {
    std::vector<std::uint32_t> order(all.modules.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return value(all.modules[a]) > value(all.modules[b]); });
    order.resize(std::min(order.size(), top_max));
    out.key(name).array();
    for (const auto each : order) {
      const auto& module = all.modules[each];
      const auto dot = module.owner.find('.');
      out.object();
      out.field("name", dot == std::string::npos ? module.owner : module.owner.substr(dot + 1));
      out.field("id", module.id);
      out.field("type", module.module_type);
      out.field(unit, value(module));
      out.end();
    }
    out.end();
  }

  void layers(json_writer& out) const {
    std::map<std::string, std::uint64_t> count = {
        {"server", 0}, {"client", 0},     {"client_server", 0}, {"server_call", 0},
        {"global", 0}, {"privileged", 0}, {"cached", 0}};
    for (const auto& each : all.objects) {
      if (each.kind != "CommonModule") continue;
      const auto is = [&](const char* name) {
        const auto found = each.properties.find(name);
        return found != each.properties.end() && found->second == "true";
      };
      const bool client = is("ClientManagedApplication") || is("ClientOrdinaryApplication");
      const bool server = is("Server");
      ++count[is("ServerCall")   ? "server_call"
              : client && server ? "client_server"
              : client           ? "client"
                                 : "server"];
      count["global"] += is("Global");
      count["privileged"] += is("Privileged");
      const auto reuse = each.properties.find("ReturnValuesReuse");
      count["cached"] += reuse != each.properties.end() && reuse->second != "DontUse";
    }
    out.map("layers", count);
  }

  void vendor(json_writer& out) const {
    std::map<std::string, std::uint64_t> counts = {{"locked", 0}, {"editable", 0}, {"removed", 0}};
    for (const auto& each : all.objects)
      if (!each.support.empty()) ++counts[each.support];
    out.key("vendor").object();
    out.field("supported", !all.configuration.vendors.empty());
    out.key("configurations").array();
    for (const auto& each : all.configuration.vendors) {
      out.object();
      out.field("vendor", each.vendor);
      out.field("name", each.name);
      out.field("version", each.version);
      out.end();
    }
    out.end();
    for (const auto& [state, count] : counts) out.field(state, count);
    out.end();
  }

  void hotspots(json_writer& out) const {
    std::vector<method_place> order;
    for (std::uint32_t i = 0; i < all.modules.size(); ++i)
      for (std::uint32_t m = 0; m < all.modules[i].syntax.methods.size(); ++m)
        order.push_back({i, m});
    std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
      return index.method(a).metrics.cognitive > index.method(b).metrics.cognitive;
    });
    order.resize(std::min(order.size(), hotspots_max));
    out.key("hotspots").array();
    for (const auto& each : order) {
      const auto& method = index.method(each);
      out.object();
      out.field("id", index.method_id(each));
      out.field("path", all.modules[each.module].path);
      out.field("line", method.line_start);
      out.field("lines", method.line_end - method.line_start + 1);
      out.field("cyclomatic", method.metrics.cyclomatic);
      out.field("cognitive", method.metrics.cognitive);
      out.end();
    }
    out.end();
  }
};

}  // namespace

outcome<step_result> architecture_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  progress_part(monitor, index.contents(), 1, 4, "building the graph");
  const auto graph = build_graph(index);
  if (monitor.cancelled()) return cancelled_trouble("edt.architecture");
  progress_part(monitor, index.contents(), 2, 4, "measuring");
  const architecture measure{index, graph};
  const auto totals = totals_of(index);
  file_sink sink(input.staging / "analysis" / "architecture_analysis.json");
  json_writer out(sink);
  out.object();
  write_head(out, index.contents().configuration);
  measure.distribution(out, totals);
  measure.volume(out, totals);
  measure.complexity(out);
  measure.metadata(out);
  out.key("top_modules").object();
  measure.top(out, "top_by_size", "code_length",
              [](const module_entry& each) { return each.text_size; });
  measure.top(out, "top_by_methods", "methods",
              [](const module_entry& each) { return std::uint64_t{each.syntax.methods.size()}; });
  measure.top(out, "top_by_functions", "functions", architecture::functions);
  out.end();
  measure.layers(out);
  measure.hotspots(out);
  if (monitor.cancelled()) return cancelled_trouble("edt.architecture");
  write_subsystems(out, index, graph);
  write_coupling(out, index, graph);
  write_interface(out, index, graph);
  progress_part(monitor, index.contents(), 3, 4, "comparing passages");
  write_duplication(out, index);
  measure.vendor(out);
  out.end();
  out.line();
  if (auto closed = sink.close(); !closed) return closed.error();
  return headline({{"modules", std::uint64_t{index.contents().modules.size()}},
                   {"objects", totals.objects},
                   {"methods", totals.functions + totals.procedures},
                   {"ncloc", std::uint64_t{totals.counts.code_lines}}});
}

}  // namespace artel::analysis
