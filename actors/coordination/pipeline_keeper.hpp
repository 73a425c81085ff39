// The actor that looks after the pipeline files of a supervisor node. Detached: it reads files.
#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/coordination/pipeline_folder.hpp"
#include "actors/directory.hpp"

namespace artel::coordination {

struct pipeline_options {
  std::filesystem::path folder, copies;
  directory_ptr names;
};

class pipeline_keeper : public caf::event_based_actor {
public:
  pipeline_keeper(caf::actor_config& config, const pipeline_options& what);
  caf::behavior make_behavior() override;
  const char* name() const override { return "pipeline_keeper"; }

private:
  directory_ptr names_;
  pipeline_folder folder_;
  bool told_ = false;  ///< it has said something, if only that there is nothing
};

}  // namespace artel::coordination
