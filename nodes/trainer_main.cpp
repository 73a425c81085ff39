// artel-trainer: a worker node for training steps. Native trainings are not part of this release:
// it runs the core steps and commands, e.g. a training script.
#include "config/step_catalog.hpp"
#include "nodes/worker_node.hpp"

int main(int argc, char** argv) {
  artel::nodes::worker_kind kind{"artel-trainer", "trainer", {}, "", nullptr};
  for (const auto& name : artel::config::native_step_names())
    if (name.starts_with("core.")) kind.offers.push_back(name);
  return artel::nodes::worker_main(argc, argv, kind);
}
