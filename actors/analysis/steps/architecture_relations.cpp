// What parts of a configuration are to each other; see architecture_relations.hpp.
#include "actors/analysis/steps/architecture_relations.hpp"

#include <algorithm>
#include <set>

#include "actors/analysis/bsl/doc_comment.hpp"
#include "actors/analysis/copies.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/subsystems.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t api_list_max =
    2000;  // unused exports and deprecated methods named; counts are exact
constexpr std::size_t passages_max = 500;  // copied passages listed; counts are exact

}  // namespace

void write_subsystems(json_writer& out, const model_index& index, const dependency_graph& graph) {
  const auto& all = index.contents();
  const auto subsystems = subsystems_of(index, graph);
  out.key("subsystems").array();
  for (const auto& each : subsystems) {
    const auto& object = all.objects[each.object];
    out.object();
    out.field("id", object.id);
    out.field("synonym", best_text(object.synonym));
    out.field("objects", each.objects.size());
    out.field("methods", each.methods);
    out.field("ncloc", each.code_lines);
    out.field("fan_in", each.fan_in);
    out.field("fan_out", each.fan_out);
    out.field("I", each.instability());
    out.key("needs").object();
    for (const auto& [other, weight] : each.needs)
      out.field(all.objects[subsystems[other].object].id, weight);
    out.end();
    out.end();
  }
  out.end();
}

// Ca: who calls this module; Ce: whom it calls; I = Ce / (Ca + Ce), 0 stable, 1 free to change.
void write_coupling(json_writer& out, const model_index& index, const dependency_graph& graph) {
  const auto& all = index.contents();
  std::vector<std::set<std::uint32_t>> callers(graph.nodes.size()), called(graph.nodes.size());
  for (const auto& each : graph.edges)
    if (each.calls)
      callers[each.target].insert(each.source), called[each.source].insert(each.target);
  out.key("coupling").object();
  for (std::uint32_t i = 0; i < all.objects.size(); ++i) {
    if (all.objects[i].kind != "CommonModule") continue;
    const auto in = callers[i].size();
    const auto from = called[i].size();
    out.key(all.objects[i].id).object();
    out.field("Ca", in);
    out.field("Ce", from);
    out.field("I",
              in + from == 0 ? 0.0 : static_cast<double>(from) / static_cast<double>(in + from));
    out.end();
  }
  out.end();
  out.key("cycles").array();
  for (const auto& group : cycles_of(graph.nodes.size(), graph.edges,
                                     [](const object_edge& each) { return each.calls; })) {
    out.array();
    for (const auto each : group) out.text(graph.nodes[each]);
    out.end();
  }
  out.end();
}

void write_interface(json_writer& out, const model_index& index, const dependency_graph& graph) {
  const auto& all = index.contents();
  std::set<method_place> called;
  for (const auto& each : graph.methods)
    if (each.source.module != each.target.module) called.insert(each.target);
  for (const auto& object : all.objects)
    for (const auto& each : object.links.handlers)
      if (const auto target = index.handler_target(each.method)) called.insert(*target);
  std::uint64_t exports = 0;
  std::vector<method_place> unused, deprecated;
  for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
    const auto text = index.text(all.modules[i]);
    for (std::uint32_t m = 0; m < all.modules[i].syntax.methods.size(); ++m) {
      const auto& method = all.modules[i].syntax.methods[m];
      if (!method.exported) continue;
      ++exports;
      if (all.modules[i].module_type == "CommonModule" && !called.contains({i, m}))
        unused.push_back({i, m});
      if (!method.doc.empty() && bsl::parse_doc_comment(method.doc.in(text)).is_deprecated)
        deprecated.push_back({i, m});
    }
  }
  const auto list = [&](const char* name, const std::vector<method_place>& places) {
    out.key(name).array();
    for (std::size_t i = 0; i < std::min(places.size(), api_list_max); ++i)
      out.text(index.method_id(places[i]));
    out.end();
  };
  out.key("api_surface").object();
  out.field("exports", exports);
  out.field("unused_exports_count", unused.size());
  out.field("deprecated_count", deprecated.size());
  list("unused_exports", unused);
  list("deprecated", deprecated);
  out.end();
}

void write_duplication(json_writer& out, const model_index& index) {
  const auto& all = index.contents();
  const auto copied = find_copies(index);
  std::uint64_t lines = 0;
  for (const auto& each : all.modules) lines += each.syntax.counts.lines;
  out.key("duplication").object();
  out.field("passages_count", copied.passages.size());
  out.field("tokens_min", copied_tokens_min);
  out.field("duplicated_lines", copied.lines);
  out.field(
      "duplicated_percent",
      lines == 0 ? 0.0 : 100.0 * static_cast<double>(copied.lines) / static_cast<double>(lines));
  out.key("passages").array();
  for (std::size_t i = 0; i < std::min(copied.passages.size(), passages_max); ++i) {
    const auto& passage = copied.passages[i];
    out.object();
    out.field("tokens", passage.tokens);
    out.key("places").array();
    for (const auto& each : passage.places) {
      out.object();
      out.field("id", index.method_id(each.where));
      out.field("path", all.modules[each.where.module].path);
      out.field("line_start", each.line_start);
      out.field("line_end", each.line_end);
      out.end();
    }
    out.end();
    out.end();
  }
  out.end();
  out.end();
}

}  // namespace artel::analysis
