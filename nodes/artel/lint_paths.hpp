// Which modules lint was asked to show: paths given by people, by git, and by other tools.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/analysis/rules/findings.hpp"
#include "nodes/artel/lint.hpp"

namespace artel::cli {

/// Before every module's path: where the configuration lies, seen from here, as CI systems want it.
std::string prefix_of(const std::filesystem::path& root);

/// What --only and --only-from say; nothing when neither was given. An empty list is a list: no
/// file changed.
outcome<std::optional<std::vector<std::string>>> wanted_paths(const lint_options& options);

/// Keeps the findings of wanted modules. Returns the paths that name no module, nor a folder of
/// any.
std::vector<std::string> keep_only(std::vector<analysis::finding>& findings,
                                   const analysis::model& all, const std::string& prefix,
                                   const std::vector<std::string>& paths);

}  // namespace artel::cli
