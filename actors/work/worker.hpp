// The worker actor: a mailbox around worker_core, and the node's process pump. Carries words
// between the bridge, the pump, the publisher and the node's admission actor.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/work/process_pump.hpp"
#include "actors/work/store_lane.hpp"
#include "actors/work/worker_core.hpp"

namespace artel::work {

struct worker_options {
  hello introduction;  ///< without attempts
  pump_options pump;
  directory_ptr names;
  std::shared_ptr<std::atomic<bool>> stop_publishing = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<const store_lane> lane;  ///< of the store of artifacts
  std::string admitted_prefix;  ///< native steps that the admission actor looks at first: "edt."
};

/// Give back every attempt and say goodbye; answered by has_left when everything is on its way.
struct leave_cluster {
  std::string reason;
};
struct has_left {};
/// To itself: the process ends, in good order or at once.
struct end_process {
  bool at_once;
};

class worker : public caf::event_based_actor {
public:
  worker(caf::actor_config& config, worker_options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "worker"; }

private:
  worker_doors doors();
  void introduce_self();
  bool admit(const run_steps& what);
  bool publish(publish_output what);
  void change(const node_change& asked);
  void set_slots(std::uint32_t slots);
  void tell_usage();
  void on_tick();
  /// False when it is not there now.
  template <class Message>
  bool tell(const char* who, Message message);

  worker_options options_;
  std::unique_ptr<process_pump> pump_;
  worker_core core_;
  caf::response_promise leaving_;
  std::uint64_t tree_version_ = 0;
  bool linked_ = false;
  bool leaves_when_idle_ = false;
  std::uint32_t ticks_ = 0;
  std::uint64_t steps_cpu_ms_ = 0;  ///< what was told last; it never goes back
};

}  // namespace artel::work

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::work::leave_cluster)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::work::has_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::work::end_process)
