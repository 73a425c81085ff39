// edge list, method calls, cycles and unused methods → analysis/dependency_analysis.json,
// method_graph.json and the same graph as GraphML, DOT and CSV.
#include <algorithm>
#include <set>

#include "actors/analysis/graph.hpp"
#include "actors/analysis/steps.hpp"
#include "actors/analysis/steps/graph_files.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/steps/unused_methods.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t unresolved_max = 5000;  // listed; the count is exact

const char* edge_type(const object_edge& edge, const std::string& target_kind) {
  if (edge.via == edge_via::rights) return "rights";
  if (edge.via == edge_via::subsystem) return "subsystem_content";
  if (edge.via == edge_via::handler) return "handler";
  if (target_kind == "CommonModule") return "module_call";
  if (target_kind == "Catalog") return "catalog_reference";
  if (target_kind == "Document") return "document_reference";
  if (target_kind.ends_with("Register")) return "register_reference";
  return "metadata_reference";
}

struct writing {
  const model_index& index;
  const dependency_graph& graph;

  std::string kind(std::uint32_t node) const {
    const auto& objects = index.contents().objects;
    return node < objects.size() ? objects[node].kind : "Configuration";
  }
  std::string name(std::uint32_t node) const {
    const auto& objects = index.contents().objects;
    return node < objects.size() ? objects[node].name : index.contents().configuration.name;
  }

  void nodes(json_writer& out) const {
    const auto& all = index.contents();
    std::vector<std::uint64_t> methods(graph.nodes.size());
    std::vector<std::uint64_t> lines(graph.nodes.size());
    for (const auto& each : all.modules) {
      const auto owner =
          index.owner_of(each).value_or(static_cast<std::uint32_t>(all.objects.size()));
      methods[owner] += each.syntax.methods.size();
      lines[owner] += each.syntax.counts.code_lines;
    }
    out.key("nodes").array();
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
      out.object();
      out.field("id", graph.nodes[i]);
      out.field("name", name(i));
      out.field("type", kind(i));
      out.field("kind", kind(i));
      out.texts("subsystem",
                i < all.objects.size() ? all.objects[i].subsystems : std::vector<std::string>{});
      out.key("metrics").object();
      out.field("methods", methods[i]);
      out.field("ncloc", lines[i]);
      out.end();
      out.end();
    }
    out.end();
  }

  void edges(json_writer& out) const {
    out.key("edges").array();
    for (const auto& each : graph.edges) {
      out.object();
      out.field("source", name(each.source));
      out.field("target", name(each.target));
      out.field("type", edge_type(each, kind(each.target)));
      out.field("weight", each.weight);
      out.field("source_id", graph.nodes[each.source]);
      out.field("target_id", graph.nodes[each.target]);
      out.field("via", name_of(each.via));
      out.field("confidence", confidence_of(each.via));
      out.key("locations").array();
      for (const auto& where : each.locations) {
        out.object();
        out.field("path", index.contents().modules[where.module].path);
        out.field("line", where.line);
        out.end();
      }
      if (each.locations.empty()) {  // declared: the descriptor says it
        out.object();
        out.field("path", index.contents().objects[each.source].path);
        out.field("line", 0);
        out.end();
      }
      out.end();
      out.end();
    }
    out.end();
  }

  // One entry per object that needs anything: what the older analysis listed per module or object.
  void dependencies(json_writer& out) const {
    out.key("dependencies").array();
    for (auto from = graph.edges.begin(); from != graph.edges.end();) {
      const auto to = std::find_if(from, graph.edges.end(),
                                   [&](const auto& each) { return each.source != from->source; });
      std::set<std::string> catalogs, documents, registers, calls, metadata, code;
      for (auto each = from; each != to; ++each) {
        const auto& id = graph.nodes[each->target];
        const auto target = kind(each->target);
        if (target == "Catalog") catalogs.insert(name(each->target));
        if (target == "Document") documents.insert(name(each->target));
        if (target.ends_with("Register")) registers.insert(name(each->target));
        if (target == "CommonModule" && each->calls) calls.insert(name(each->target));
        (each->via == edge_via::code || each->via == edge_via::query ||
                 each->via == edge_via::text || each->via == edge_via::dynamic
             ? code
             : metadata)
            .insert(id);
      }
      out.object();
      out.field(kind(from->source) == "CommonModule" ? "module_name" : "object_name",
                name(from->source));
      out.field("id", graph.nodes[from->source]);
      out.field("type", kind(from->source));
      out.texts("catalogs", catalogs);
      out.texts("documents", documents);
      out.texts("registers", registers);
      out.texts("calls", calls);
      out.texts("metadata_refs", metadata);
      out.texts("code_refs", code);
      out.end();
      from = to;
    }
    out.end();
  }

  void unresolved(json_writer& out) const {
    out.field("unresolved_count", graph.unresolved.size());
    out.key("unresolved").array();
    for (std::size_t i = 0; i < std::min(graph.unresolved.size(), unresolved_max); ++i) {
      out.object();
      out.field("name", graph.unresolved[i].name);
      out.field("path", index.contents().modules[graph.unresolved[i].where.module].path);
      out.field("line", graph.unresolved[i].where.line);
      out.end();
    }
    out.end();
  }

  void cycles(json_writer& out, const std::vector<std::vector<std::uint32_t>>& groups) const {
    out.key("cycles").array();
    for (const auto& group : groups) {
      out.array();
      for (const auto each : group) out.text(graph.nodes[each]);
      out.end();
    }
    out.end();
  }

  void unused(json_writer& out, const std::vector<method_place>& places) const {
    out.key("unused").array();
    for (const auto& each : places) {
      out.object();
      out.field("id", index.method_id(each));
      out.field("path", index.contents().modules[each.module].path);
      out.field("line", index.method(each).line_start);
      out.field("is_export", index.method(each).exported);
      out.end();
    }
    out.end();
  }

  // Methods that the platform calls because the metadata says so.
  void handlers(json_writer& out) const {
    out.key("handlers").array();
    for (const auto& object : index.contents().objects)
      for (const auto& each : object.links.handlers) {
        const auto target = index.handler_target(object, each);
        out.object();
        out.field("object", object.id);
        out.field("place", each.place);
        out.field("event", each.event);
        out.field("element", each.element);
        out.field("method", target ? index.method_id(*target) : each.method);
        out.field("resolved", target.has_value());
        out.end();
      }
    out.end();
  }

  // Methods of an extension that stand before, behind or around those of the configuration.
  void interceptions(json_writer& out) const {
    out.key("interceptions").array();
    const auto& all = index.contents();
    for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
      const auto& syntax = all.modules[i].syntax;
      const auto text = index.text(all.modules[i]);
      for (std::uint32_t m = 0; m < syntax.methods.size(); ++m)
        for (const auto& each : syntax.annotations_of(syntax.methods[m])) {
          const auto name = each.argument.in(text);
          if (name.size() < 2 || name.front() != '"') continue;
          out.object();
          out.field("method", index.method_id({i, m}));
          out.field("how", each.name.in(text));
          out.field("target",
                    all.modules[i].id + "." + std::string(name.substr(1, name.size() - 2)));
          out.field("path", all.modules[i].path);
          out.field("line", syntax.methods[m].line_start);
          out.end();
        }
    }
    out.end();
  }

  outcome<done> method_graph(const std::filesystem::path& file) const {
    file_sink sink(file);
    json_writer out(sink, false);
    out.object();
    write_head(out, index.contents().configuration);
    out.key("edges").array();
    for (const auto& each : graph.methods) {
      out.object();
      out.field("source", index.method_id(each.source));
      out.field("target", index.method_id(each.target));
      out.field("line", each.line);
      out.field("weight", each.weight);
      out.end();
    }
    out.end();
    handlers(out);
    out.end();
    out.line();
    return sink.close();
  }
};

}  // namespace

outcome<step_result> dependencies_step(const step_input& input, step_monitor& monitor) {
  auto published = open_published(input, monitor);
  if (!published) return published.error();
  const model_index index(*published);
  progress_part(monitor, index.contents(), 1, 4, "building the graph");
  const auto graph = build_graph(index);
  const auto cycles = cycles_of(graph.nodes.size(), graph.edges,
                                [](const object_edge& each) { return each.calls; });
  if (monitor.cancelled()) return cancelled_trouble("edt.dependencies");
  progress_part(monitor, index.contents(), 2, 4, "looking for unused methods");
  const auto unused = unused_methods(index, graph);
  if (monitor.cancelled()) return cancelled_trouble("edt.dependencies");
  progress_part(monitor, index.contents(), 3, 4, "writing");
  const auto folder = input.staging / "analysis";
  file_sink sink(folder / "dependency_analysis.json");
  json_writer out(sink);
  const writing write{index, graph};
  out.object();
  write_head(out, index.contents().configuration);
  out.key("statistics").object();
  out.field("nodes", graph.nodes.size());
  out.field("edges", graph.edges.size());
  out.field("method_edges", graph.methods.size());
  out.field("resolved_call_sites", graph.resolved_call_sites);
  out.field("cycles", cycles.size());
  out.field("unused", unused.size());
  out.end();
  out.key("graph").object();
  write.nodes(out);
  write.edges(out);
  out.end();
  write.dependencies(out);
  write.unresolved(out);
  write.cycles(out, cycles);
  write.unused(out, unused);
  write.interceptions(out);
  out.end();
  out.line();
  if (auto closed = sink.close(); !closed) return closed.error();
  if (auto made = write.method_graph(folder / "method_graph.json"); !made) return made.error();
  if (auto made = write_graph_files(index, graph, folder); !made) return made.error();
  return headline({{"nodes", std::uint64_t{graph.nodes.size()}},
                   {"edges", std::uint64_t{graph.edges.size()}},
                   {"method_edges", std::uint64_t{graph.methods.size()}},
                   {"resolved_call_sites", graph.resolved_call_sites},
                   {"unresolved", std::uint64_t{graph.unresolved.size()}},
                   {"cycles", std::uint64_t{cycles.size()}},
                   {"unused_methods", std::uint64_t{unused.size()}}});
}

}  // namespace artel::analysis
