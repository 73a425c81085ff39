#include "actors/coordination/effects.hpp"

#include <map>

#include "actors/core/render.hpp"

namespace artel::coordination {
namespace {

// With plan_bytes_max of the last plan on top, a batch stays well below a frame.
constexpr std::size_t plan_bytes_per_batch_max = 4U << 20;

/// Collects orders of one node and kind until the batch is full or something else comes.
class packer {
public:
  explicit packer(const core::cluster& state) : state_(state) {}

  void add(const core::order& one) {
    const bool same = count_ != 0 && count_ < steps_per_batch_max &&
                      plan_bytes_ < plan_bytes_per_batch_max && one.what == what_ &&
                      one.node == node_ && one.session == session_;
    if (!same) flush();
    what_ = one.what;
    node_ = one.node;
    session_ = one.session;
    ++count_;
    if (what_ == core::order::kind::run)
      add_run(one);
    else
      attempts_.push_back(one.ref);
  }

  std::vector<send_order> finish() {
    flush();
    return std::move(packed_);
  }

private:
  void add_run(const core::order& one) {
    const auto [place, fresh] =
        plans_.try_emplace(one.plan.get(), static_cast<std::uint32_t>(steps_.plans.size()));
    if (fresh) {
      steps_.plans.push_back(*one.plan);
      plan_bytes_ += core::plan_bytes(*one.plan);
    }
    for (const auto& value : one.values) plan_bytes_ += value.size();
    for (const auto& input : one.inputs) plan_bytes_ += 300 + input.path.size();
    steps_.orders.push_back(
        {place->second, one.ref.instance, one.ref.attempt, one.values, one.inputs});
  }

  void flush() {
    if (count_ == 0) return;
    node_order message;
    switch (what_) {
      case core::order::kind::run:
        message = std::exchange(steps_, {});
        break;
      case core::order::kind::cancel:
        message = cancel_steps{std::exchange(attempts_, {}), "cancelled"};
        break;
      case core::order::kind::publish:
        message = publish_steps{std::exchange(attempts_, {})};
        break;
      case core::order::kind::discard:
        message = discard_steps{std::exchange(attempts_, {})};
        break;
    }
    packed_.push_back({state_.nodes().at(node_).name, session_, std::move(message)});
    plans_.clear();
    plan_bytes_ = 0;
    count_ = 0;
  }

  const core::cluster& state_;
  std::vector<send_order> packed_;
  core::order::kind what_{};
  std::uint32_t node_ = 0;
  session_no session_ = 0;
  std::size_t count_ = 0;
  std::size_t plan_bytes_ = 0;
  run_steps steps_;
  std::map<const step_plan*, std::uint32_t> plans_;
  std::vector<attempt_ref> attempts_;
};

}  // namespace

std::vector<send_order> pack_orders(const std::vector<core::order>& orders,
                                    const core::cluster& state) {
  // Node by node, so that a burst for several nodes is few long batches; order within a node is
  // kept.
  std::map<std::uint32_t, std::vector<const core::order*>> by_node;
  for (const auto& one : orders) by_node[one.node].push_back(&one);
  packer pack(state);
  for (const auto& [node, all] : by_node)
    for (const auto* one : all) pack.add(*one);
  return pack.finish();
}

}  // namespace artel::coordination
