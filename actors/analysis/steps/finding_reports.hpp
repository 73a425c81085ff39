// Findings as the field's formats: our JSON, SARIF 2.1.0, and GitLab's code quality report.
#pragma once

#include <filesystem>
#include <vector>

#include "actors/analysis/steps/rules.hpp"
#include "actors/analysis/text/json_writer.hpp"

namespace artel::analysis {

void write_rules(json_writer& out, const std::vector<finding>& findings);
void write_findings(json_writer& out, const model_index& index,
                    const std::vector<finding>& findings);
outcome<done> write_sarif(const model_index& index, const std::vector<finding>& findings,
                          const std::filesystem::path& file);
outcome<done> write_code_quality(const model_index& index, const std::vector<finding>& findings,
                                 const std::filesystem::path& file);

}  // namespace artel::analysis
