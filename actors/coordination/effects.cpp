#include "actors/coordination/effects.hpp"

#include <spdlog/spdlog.h>

#include <map>

#include "actors/core/render.hpp"
#include "messages/utc_text.hpp"

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

namespace {

void log_fact_of_no_run(const core::fact& what) {
  if (what.kind == core::fact_kind::node_drained)
    return spdlog::info("node_drained node={} drained={} reason=\"{}\"", core::name_in(what),
                        what.number != 0, core::why_in(what));
  if (what.kind == core::fact_kind::pipeline_paused)
    return spdlog::info("pipeline_paused pipeline={} paused={} reason=\"{}\"", core::name_in(what),
                        what.number != 0, core::why_in(what));
  if (what.kind == core::fact_kind::pool_set)
    return spdlog::info("pool_set pool={} limit={} reason=\"{}\"", core::name_in(what), what.number,
                        core::why_in(what));
  if (what.kind == core::fact_kind::schedule_paused)
    return spdlog::info("schedule_paused schedule={} paused={} reason=\"{}\"", core::name_in(what),
                        what.number != 0, core::why_in(what));
  if (what.kind == core::fact_kind::schedule_passed) {
    const auto rest = core::why_in(what);
    const auto line = rest.find('\n');
    return line == std::string::npos
               ? spdlog::info("schedule_begins schedule={} rule=\"{}\"", core::name_in(what), rest)
               : spdlog::info("schedule_passed schedule={} planned={} what=\"{}\"",
                              core::name_in(what), utc_text(what.number), rest.substr(line + 1));
  }
}

}  // namespace

void log_fact(const core::fact& what, const core::cluster& state) {
  if (core::is_of_no_run(what.kind)) return log_fact_of_no_run(what);
  const auto* of = state.find(what.run);
  if (of == nullptr) return;
  const auto run = to_text(of->submitted().run);
  const auto step = [&] { return of->instance_name(what.instance); };
  switch (what.kind) {
    case core::fact_kind::run_submitted:
      spdlog::info("run_submitted run={} pipeline={} instances={} by={}", run,
                   of->plan().definition.name, of->plan().instance_count, of->submitted().by);
      break;
    case core::fact_kind::run_ended:
      spdlog::info("run_ended run={} pipeline={} state={} ms={} restarts={} reason=\"{}\"", run,
                   of->plan().definition.name, to_text(static_cast<run_state>(what.number)),
                   what.at_ms - of->submitted_ms(), of->restarts(), what.text);
      break;
    case core::fact_kind::run_cancel_requested:
      spdlog::info("run_cancel_requested run={} reason=\"{}\"", run, what.text);
      break;
    case core::fact_kind::run_paused:
      spdlog::info("run_paused run={} paused={} reason=\"{}\"", run, what.number != 0, what.text);
      break;
    case core::fact_kind::step_marked:
      spdlog::info("step_marked run={} step={} state={} reason=\"{}\"", run, step(),
                   to_text(static_cast<step_state>(what.number)), what.text);
      break;
    case core::fact_kind::step_failed:
      spdlog::warn("step_failed run={} step={} attempt={} restart={} reason=\"{}\"", run, step(),
                   what.attempt, what.number != 0, what.text);
      break;
    case core::fact_kind::step_crashed:
    case core::fact_kind::step_ran_out_of_memory:
      spdlog::warn("step_crashed run={} step={} attempt={} restart={} reason=\"{}\"", run, step(),
                   what.attempt, what.number != 0, what.text);
      break;
    case core::fact_kind::group_restarted:
      spdlog::info("group_restarted run={} group={} step={} ends_taken_back={}", run, what.text,
                   step(), what.number);
      break;
    case core::fact_kind::step_started:
      spdlog::debug("step_started run={} step={} attempt={} node={}", run, step(), what.attempt,
                    what.text);
      break;
    case core::fact_kind::step_finished:
    case core::fact_kind::step_published:
      spdlog::debug("step_finished run={} step={} attempt={} published={}", run, step(),
                    what.attempt, what.kind == core::fact_kind::step_published || what.number == 0);
      break;
    default:
      spdlog::debug("step_changed run={} step={} kind={}", run, step(),
                    static_cast<int>(what.kind));
      break;
  }
}

}  // namespace artel::coordination
