// The worker: a worker node's one actor that knows which attempts are here. Translates orders from
// the bridge for the process pump, the publisher and the node's admission actor, and their answers
// into reports.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <map>

#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/work/process_pump.hpp"

namespace artel::work {

struct worker_options {
  hello introduction;  ///< without attempts
  pump_options pump;
  directory_ptr names;
  std::shared_ptr<std::atomic<bool>> stop_publishing = std::make_shared<std::atomic<bool>>(false);
  std::string admitted_prefix;  ///< native steps that the admission actor looks at first: "edt."
};

/// Give back every attempt and say goodbye; answered by has_left when everything is on its way.
struct leave_cluster {
  std::string reason;
};
struct has_left {};

class worker : public caf::event_based_actor {
public:
  worker(caf::actor_config& config, worker_options what);
  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "worker"; }

private:
  struct held_attempt {
    std::string step;
    std::string output;  ///< empty: nothing to publish
    bool staged = false;
  };
  struct ref_order {
    bool operator()(const attempt_ref& a, const attempt_ref& b) const {
      return std::tie(a.run, a.instance, a.attempt) < std::tie(b.run, b.instance, b.attempt);
    }
  };

  void introduce_self();
  void on_order(order_received& what);
  void take(run_steps& what);
  void start(run_steps what);
  void publish(const publish_steps& what);
  void discard(const discard_steps& what);
  void on_reports(std::vector<step_report> reports);
  void on_tick();
  caf::response_promise leave(const leave_cluster& why);
  template <class Message>
  void tell(const char* who, Message message);

  worker_options options_;
  std::unique_ptr<process_pump> pump_;
  std::map<attempt_ref, held_attempt, ref_order> held_;
  void leave_if_published();

  caf::response_promise leaving_;
  std::string leave_reason_;
  std::size_t publishing_ = 0;  ///< asked of the publisher, not answered
  std::uint64_t tree_version_ = 0;
  bool linked_ = false;
};

}  // namespace artel::work

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::work::leave_cluster)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::work::has_left)
