#include "actors/analysis/steps/graph_files.hpp"

#include <cstdio>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

// `text` with bytes that are not UTF-8 replaced, and with `escape` applied to the characters it
// knows.
template <class Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string quoted;
  append_json_text(quoted,
                   text);  // replaces what is not UTF-8; ids hold no other escapes worth keeping
  std::string made;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (const char* with = escape(quoted[i]))
      made += with;
    else
      made += quoted[i];
  }
  return made;
}

std::string xml(std::string_view text) {
  return escaped(text, [](char each) -> const char* {
    switch (each) {
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '&':
        return "&amp;";
      case '"':
        return "&quot;";
      default:
        return nullptr;
    }
  });
}

std::string csv(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string made = "\"";
  for (const char each : text) made += each == '"' ? "\"\"" : std::string(1, each);
  return made + "\"";
}

struct writing {
  const model_index& index;
  const dependency_graph& graph;

  std::string kind(std::uint32_t node) const {
    const auto& objects = index.contents().objects;
    return node < objects.size() ? objects[node].kind : "Configuration";
  }

  static std::string confidence(const object_edge& each) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", confidence_of(each.via));
    return text;
  }

  // Colours that tell kinds apart in a drawing.
  std::string_view colour(std::uint32_t node) const {
    const auto of = kind(node);
    if (of == "CommonModule") return "#BBDEFB";
    if (of == "Catalog") return "#C8E6C9";
    if (of == "Document") return "#FFE0B2";
    if (of == "Subsystem") return "#E1BEE7";
    if (of.ends_with("Register")) return "#FFF9C4";
    return "#ECEFF1";
  }

  // Plain GraphML for programs; the elements in yEd's own namespace give boxes their names, colours
  // and sizes there, where only the layout is left to choose.
  outcome<done> graphml(const std::filesystem::path& file) const {
    file_sink out(file);
    out.put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "
        "xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
        "xmlns:y=\"http://www.yworks.com/xml/graphml\">\n"
        "<key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n"
        "<key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
        "<key id=\"box\" for=\"node\" yfiles.type=\"nodegraphics\"/>\n"
        "<key id=\"via\" for=\"edge\" attr.name=\"via\" attr.type=\"string\"/>\n"
        "<key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"int\"/>\n"
        "<key id=\"confidence\" for=\"edge\" attr.name=\"confidence\" attr.type=\"double\"/>\n"
        "<graph id=\"dependencies\" edgedefault=\"directed\">\n");
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
      const auto label = xml(graph.nodes[i]);
      const auto width = std::to_string(20 + 7 * code_points(graph.nodes[i]));
      out.put("<node id=\"n" + std::to_string(i) + "\"><data key=\"kind\">" + xml(kind(i)) +
              "</data><data key=\"label\">" + label +
              "</data><data key=\"box\"><y:ShapeNode><y:Geometry height=\"30\" width=\"" + width +
              "\" x=\"0\" y=\"0\"/><y:Fill color=\"" + std::string(colour(i)) +
              "\" transparent=\"false\"/><y:NodeLabel>" + label +
              "</y:NodeLabel><y:Shape type=\"roundrectangle\"/></y:ShapeNode></data></node>\n");
    }
    for (const auto& each : graph.edges)
      out.put("<edge source=\"n" + std::to_string(each.source) + "\" target=\"n" +
              std::to_string(each.target) + "\"><data key=\"via\">" + name_of(each.via) +
              "</data><data key=\"weight\">" + std::to_string(each.weight) +
              "</data><data key=\"confidence\">" + confidence(each) + "</data></edge>\n");
    out.put("</graph>\n</graphml>\n");
    return out.close();
  }

  outcome<done> dot(const std::filesystem::path& file) const {
    file_sink out(file);
    out.put("digraph dependencies {\n  rankdir=LR;\n  node [shape=box, style=filled];\n");
    std::string line;
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
      line = "  ";
      append_json_text(line, graph.nodes[i]);
      line += " [fillcolor=\"" + std::string(colour(i)) + "\"];\n";
      out.put(line);
    }
    for (const auto& each : graph.edges) {
      line = "  ";
      append_json_text(line, graph.nodes[each.source]);
      line += " -> ";
      append_json_text(line, graph.nodes[each.target]);
      line += std::string(" [label=\"") + name_of(each.via) +
              "\", weight=" + std::to_string(each.weight) + "];\n";
      out.put(line);
    }
    out.put("}\n");
    return out.close();
  }

  outcome<done> tables(const std::filesystem::path& folder) const {
    file_sink nodes(folder / "nodes.csv");
    nodes.put("id,kind\n");
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
      nodes.put(csv(graph.nodes[i]) + "," + csv(kind(i)) + "\n");
    if (auto closed = nodes.close(); !closed) return closed;
    file_sink edges(folder / "edges.csv");
    edges.put("source,target,via,weight,confidence\n");
    for (const auto& each : graph.edges)
      edges.put(csv(graph.nodes[each.source]) + "," + csv(graph.nodes[each.target]) + "," +
                name_of(each.via) + "," + std::to_string(each.weight) + "," + confidence(each) +
                "\n");
    return edges.close();
  }
};

}  // namespace

outcome<done> write_graph_files(const model_index& index, const dependency_graph& graph,
                                const std::filesystem::path& folder) {
  const writing write{index, graph};
  if (auto made = write.graphml(folder / "dependency_graph.graphml"); !made) return made;
  if (auto made = write.dot(folder / "dependency_graph.dot"); !made) return made;
  return write.tables(folder);
}

}  // namespace artel::analysis
