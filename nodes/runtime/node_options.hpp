// How a node gets its options: from its command line, else from variables ARTEL_NODE_NAME, else
// from a YAML file, else their defaults (docs/CONFIGURATION.md).
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::nodes {

class node_options {
public:
  /// `kind`: what `node:` in the file has to be.
  node_options(std::string program, std::string kind, const std::string& purpose);
  CLI::App& app() { return app_; }
  const CLI::App& app() const { return app_; }

  /// None: go on; else the exit code, and what was to be said has been printed.
  std::optional<int> parse(int argc, char** argv);
  /// The same, quietly: for reading them again.
  outcome<done> parse_again(int argc, char** argv);
  bool only_check() const { return only_check_; }
  /// Says that they are good; the exit code.
  int say_good() const;

  /// Names of options whose values are not those of `before`.
  std::vector<std::string> changed_from(const node_options& before) const;

private:
  void finish();

  std::string program_, kind_;
  CLI::App app_;
  std::string file_;
  bool only_check_ = false;
};

/// "log-level slots" of a list.
std::string joined(const std::vector<std::string>& names);

}  // namespace artel::nodes
