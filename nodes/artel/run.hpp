// The two verbs that start nodes.
#pragma once

#include "nodes/artel/context.hpp"
#include "nodes/artel/launcher.hpp"

namespace artel::cli {

struct run_options : submit_options {
  up_options nodes;
};

int up(const context& cli, const up_options& what);
int run(const context& cli, const run_options& what);

}  // namespace artel::cli
