#include "actors/coordination/pipeline_keeper.hpp"

#include "actors/actor_errors.hpp"

namespace artel::coordination {
namespace {
constexpr auto look_every = std::chrono::seconds(1);
}

pipeline_keeper::pipeline_keeper(caf::actor_config& config, const pipeline_options& what)
    : caf::event_based_actor(config), names_(what.names), folder_(what.folder, what.copies) {}

caf::behavior pipeline_keeper::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  send(this, tick{});
  return {[this](tick) {
    const auto coordinator = names_->find(names::coordinator);
    // It starts after the coordinator, and anew with each one.
    if (coordinator && (folder_.look() || !told_)) send(coordinator, folder_.read()), told_ = true;
    delayed_send(this, look_every, tick{});
  }};
}

}  // namespace artel::coordination
