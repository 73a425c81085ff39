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
/// Follows a run until it ends and exits as `run` does; `timeout` as "10m", empty: for ever.
int wait(const context& cli, const std::string& which, const std::string& timeout);

}  // namespace artel::cli
