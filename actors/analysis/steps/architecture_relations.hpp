// The parts of the architecture report that are about relations: subsystems, coupling and cycles,
// the public interface and its unused part, copied code. Each writes its keys into the object that
// the caller opened.
#pragma once

#include "actors/analysis/graph.hpp"
#include "actors/analysis/text/json_writer.hpp"

namespace artel::analysis {

void write_subsystems(json_writer& out, const model_index& index, const dependency_graph& graph);
void write_coupling(json_writer& out, const model_index& index, const dependency_graph& graph);
void write_interface(json_writer& out, const model_index& index, const dependency_graph& graph);
void write_duplication(json_writer& out, const model_index& index);

}  // namespace artel::analysis
