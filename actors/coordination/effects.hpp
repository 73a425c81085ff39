// What waits for the journal: orders to nodes, settled frames and answers, each behind the batch of
// facts that it follows from. Released strictly in order, so nobody hears of anything that a crash
// could still undo.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "actors/core/cluster.hpp"
#include "actors/interfaces.hpp"

namespace artel::coordination {

using answer_to = std::function<void(admin_answer)>;

struct effect {
  std::uint64_t batch = 0;
  std::vector<core::order> orders;
  std::optional<settle_frame> settle;
  answer_to asker;  ///< who waits for `answer`
  std::optional<admin_answer> answer;
  core::run_no submitted = 0;              ///< the run whose acceptance `answer` tells; 0: none
  std::optional<core::fact> refusal = {};  ///< for the audit log, when it is refused after all
  std::vector<core::fact> told;            ///< facts worth a log line
};

/// Orders grouped into one message per node and kind, in batches of steps_per_batch_max, in order.
std::vector<send_order> pack_orders(const std::vector<core::order>& orders,
                                    const core::cluster& state);

/// A step that has finished has something to say to people: its result holds a text `notice`.
bool has_notice(const core::fact& what);
/// A log line for a fact that people want to see; step starts and ends are on the debug level.
void log_fact(const core::fact& what, const core::cluster& state);

}  // namespace artel::coordination
