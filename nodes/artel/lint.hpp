// artel lint: best practices of 1C code for people and CI, without a node or a cluster.
#pragma once

#include <string>
#include <vector>

#include "nodes/artel/context.hpp"

namespace artel::cli {

struct lint_options {
  std::string path;
  std::string lang = "ru";
  std::vector<std::string> formats;  ///< FORMAT, or FORMAT=FILE
  std::string baseline;
  std::string write_baseline;
  std::string fail_on = "critical";
  std::string rules;
  std::vector<std::string> only;  ///< beginnings of paths
  std::string only_from;          ///< a file with one path a line; "-" is stdin
  bool list_rules = false;
  bool skip_vendor = false;
};

// Exit codes of this verb: it is called by CI, where 1 means that the gate is shut.
inline constexpr int lint_clean = 0;
inline constexpr int lint_gate = 1;
inline constexpr int lint_bad_input = 2;
inline constexpr int lint_not_written = 3;
inline constexpr int lint_interrupted = 5;

int lint(const context& cli, const lint_options& options);

}  // namespace artel::cli
