// artel-trainer: a worker node for training steps, and for core steps and commands besides.
#include "config/step_catalog.hpp"
#include "nodes/worker_node.hpp"

int main(int argc, char** argv) {
  artel::nodes::worker_kind kind{"artel-trainer", "trainer", {}, "", nullptr};
  for (const auto& name : artel::config::native_step_names())
    if (name.starts_with("core.") || name.starts_with("ml.")) kind.offers.push_back(name);
  return artel::nodes::worker_main(argc, argv, kind);
}
