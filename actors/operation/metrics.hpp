// The metrics actor: asks those who know, adds what the process itself uses, and answers with all
// families. Who does not answer in time is told by artel_source_up.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"

namespace artel::operation {

struct metrics_options {
  directory_ptr names;
  node_name node;
  std::string version;
};

class metrics : public caf::event_based_actor {
public:
  metrics(caf::actor_config& config, metrics_options what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "metrics"; }

private:
  struct gathering;
  void ask(const char* who, const std::shared_ptr<gathering>& into);
  void finish_if_done(const std::shared_ptr<gathering>& all);

  void add_usage(std::vector<metric_family>& to) const;

  metrics_options options_;
  struct usage {
    node_usage what;
    std::chrono::steady_clock::time_point at;
  };
  std::map<node_name, usage> used_;  ///< by worker nodes, as they said last
};

/// Memory, CPU time, descriptors and threads of this process, under the names that Prometheus'
/// client libraries have agreed upon.
std::vector<metric_family> process_metrics();

}  // namespace artel::operation
