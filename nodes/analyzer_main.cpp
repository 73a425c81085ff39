// artel-analyzer: a worker node for analysis steps, and for core steps and commands besides.
#include "actors/analysis/analyzer/analyzer.hpp"
#include "config/step_catalog.hpp"
#include "nodes/worker_node.hpp"

int main(int argc, char** argv) {
  artel::nodes::worker_kind kind{
      "artel-analyzer", "analyzer", {}, "edt.", [](caf::local_actor& self) {
        return self.spawn<artel::analysis::analyzer>();
      }};
  for (const auto& name : artel::config::native_step_names())
    if (name.starts_with("core.") || name.starts_with("edt.")) kind.offers.push_back(name);
  return artel::nodes::worker_main(argc, argv, kind);
}
