// The object graph for graph tools: GraphML (yEd), DOT (Graphviz), and nodes.csv with edges.csv.
#pragma once

#include <filesystem>

#include "actors/analysis/graph.hpp"

namespace artel::analysis {

/// Writes dependency_graph.graphml, dependency_graph.dot, nodes.csv and edges.csv into the folder.
outcome<done> write_graph_files(const model_index& index, const dependency_graph& graph,
                                const std::filesystem::path& folder);

}  // namespace artel::analysis
