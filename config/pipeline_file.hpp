// A pipeline's YAML text to its definition. Shapes, types, unknown and repeated keys are checked
// here; what needs the whole graph (needs, cycles) is checked by the core. docs/PIPELINES.md is the
// reference of every key.
#pragma once

#include <string>

#include "messages/outcome.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// `file` is used in messages only. Trouble: "file:line:column: what was expected, what came".
outcome<pipeline_definition> read_pipeline(const std::string& text, const std::string& file);

/// The run's parameters: given ones checked for name, type and choices, the others from their
/// defaults.
outcome<std::map<std::string, std::string>> resolve_params(
    const pipeline_definition& pipeline, const std::map<std::string, std::string>& given);

std::string_view to_text(parameter_type type);

/// The text of a file; trouble says which file, what is wrong and what to do.
outcome<std::string> read_text_file(const std::string& path);

}  // namespace artel::config
