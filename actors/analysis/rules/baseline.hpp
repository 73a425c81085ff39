// Findings that were there before: a file of fingerprints, so that a team looks at new ones only.
//
//   {"format": "artel-lint-baseline", "version": 1, "findings": [
//   {"fingerprint": "0123…", "rule_id": "empty-except", "path": "CommonModules/…"},
//   …]}
//
// One finding a line, sorted by fingerprint: the same findings give the same bytes, and a
// difference of two baselines can be read.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>

#include "actors/analysis/rules/reports.hpp"

namespace artel::analysis {

inline constexpr std::uintmax_t baseline_bytes_max = 512U << 20U;

outcome<done> write_baseline(const report_source& from, const std::filesystem::path& file);

using known_findings = std::unordered_set<std::string>;  // fingerprints
outcome<known_findings> read_baseline(const std::filesystem::path& file);

/// Marks the findings that the baseline has.
void mark_known(std::vector<finding>& findings, const known_findings& known);

}  // namespace artel::analysis
