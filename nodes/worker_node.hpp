// What artel-trainer and artel-analyzer have in common: a worker node of some kind.
#pragma once

#include <functional>

#include "actors/supervision/supervisor.hpp"

namespace artel::nodes {

struct worker_kind {
  std::string program;              ///< for messages
  std::string kind;                 ///< "trainer", "analyzer"
  std::vector<std::string> offers;  ///< native steps of the step host that this kind takes on
  std::string admitted_prefix;      ///< "" when there is no admission actor
  supervision::start_child admission;
};

int worker_main(int argc, char** argv, const worker_kind& what);

}  // namespace artel::nodes
