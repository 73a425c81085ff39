// The two verbs that start nodes.
#pragma once

#include "nodes/artel/launcher.hpp"

namespace artel::cli {

struct run_options {
  std::string file;
  std::vector<std::string> params;
  std::string id;
  up_options nodes;
};

int up(const context& cli, const up_options& what);
int run(const context& cli, const run_options& what);

}  // namespace artel::cli
