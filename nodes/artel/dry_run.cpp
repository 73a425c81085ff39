// dry-run: the core plays the run by itself, on the nodes and pools as they are, with the durations
// and results of earlier runs. Nothing is started.
#include <algorithm>
#include <map>
#include <set>

#include "actors/coordination/compile.hpp"
#include "actors/core/cluster.hpp"
#include "actors/core/projection.hpp"
#include "actors/core/run_values.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {
namespace {

constexpr std::uint32_t earlier_runs_max = 5;
constexpr std::int64_t unknown_ms = 1'000;  ///< for the order of what was never seen

/// What is known of a step from earlier runs.
struct experience {
  std::uint64_t busy_ms = 0;
  std::uint64_t instances = 0;
  std::string result;
  std::int64_t takes_ms() const {
    return instances == 0 ? unknown_ms : static_cast<std::int64_t>(busy_ms / instances);
  }
};

struct planned_step {
  std::int64_t at_ms = 0;
  std::uint32_t instances = 0;
  std::set<std::string> nodes;
};

class rehearsal {
public:
  explicit rehearsal(const submit_run& wish) : wish_(wish) {}

  outcome<done> prepare(transport::admin_client& client) {
    auto plan = coordination::compile(wish_.pipeline, wish_.file);
    if (!plan) return plan.error();
    plan_ = *std::move(plan);
    if (auto good = learn(client); !good) return good;
    const auto nodes = client.ask<nodes_listed>(list_nodes{false});
    if (!nodes) return nodes.error();
    session_no session = 0;
    for (const auto& one : nodes->nodes) {
      if (one.state != "alive") continue;
      ++nodes_;
      cluster_.join(
          one.name, ++session,
          hello{one.kind, one.version, one.host, one.pid, one.capacity, one.labels, one.offers, {}},
          now(), out_);
      if (one.drained) static_cast<void>(cluster_.drain(one.name, false, "", now(), out_));
    }
    const auto pools = client.ask<pools_listed>(list_pools{});
    if (!pools) return pools.error();
    for (const auto& one : pools->pools)
      static_cast<void>(cluster_.set_pool(one.name, one.limit, "", now(), out_));
    const auto limits = client.ask<limits_listed>(list_limits{plan_->definition.name});
    if (!limits) return limits.error();
    for (const auto& one : limits->limits)
      cluster_.limit_step(one.pipeline, one.step, one.per_hour, {}, "", now(), out_);
    return done{};
  }

  outcome<done> play() {
    core::submission said{wish_.run,
                          plan_->definition.name,
                          plan_->instance_count,
                          wish_.pipeline,
                          wish_.file,
                          wish_.params,
                          wish_.by,
                          {}};
    if (auto good = core::check_values(*plan_, said, 0); !good) return good;
    const auto number = cluster_.submit(said, "", plan_, now(), out_);
    if (!number) return number.error();
    while (of().state() == run_state::running) {
      cluster_.place(now(), out_);
      take_orders();
      // Something of a limited rate may start before the next attempt ends.
      if (const auto next = cluster_.limits_of_steps().next_after(ms_);
          next != 0 && (ends_.empty() || next < ends_.begin()->first) && waits_for_rate()) {
        pass_to(next);
        continue;
      }
      if (ends_.empty()) break;
      const auto [end_ms, i] = *ends_.begin();
      ends_.erase(ends_.begin());
      pass_to(std::max(ms_, end_ms));
      const auto& one = of().at(i);
      cluster_.report(one.node, one.session,
                      {{wish_.run, i, one.attempt, ending::finished, false,
                        known_[of().definition_of(i).name].result}},
                      now(), out_);
    }
    return done{};
  }

  int print(const context& cli) const {
    if (cli.as_json) return print_json();
    std::vector<std::vector<std::string>> rows{{"AFTER", "STEP", "INSTANCES", "TAKES", "WHERE"}};
    for (const auto& [at_ms, step] : in_order()) {
      const auto& one = steps_.at(step);
      std::string where;
      for (const auto& node : one.nodes) where += (where.empty() ? "" : ", ") + node;
      rows.push_back(
          {span(one.at_ms), name_of(step), std::to_string(one.instances), takes(step), where});
    }
    std::cout << "pipeline '" << plan_->definition.name << "' on " << nodes_ << " nodes, with what "
              << runs_ << " earlier runs have shown\n\n"
              << table(rows) << '\n';
    for (const auto& line : left_out()) std::cout << line << '\n';
    const bool ended = of().state() != run_state::running;
    std::cout << (ended ? "it would end after about " + span(ms_) : "it would not end") << '\n';
    return ended ? nodes::exit_ok : nodes::exit_failed;
  }

private:
  const core::run& of() const { return *cluster_.find(core::run_no{1}); }
  core::moment now() const { return {ms_, ms_}; }
  void pass_to(std::int64_t ms) {
    ms_ = ms;
    for (std::uint32_t node = 0; node < cluster_.nodes().size(); ++node) cluster_.heard(node, ms_);
  }
  bool waits_for_rate() const {
    const auto& steps = plan_->definition.steps;
    const auto& ready = of().ready_steps();
    return std::any_of(ready.begin(), ready.end(), [&](auto step) {
      return !cluster_.limits_of_steps()
                  .why_not(plan_->definition.name, steps[step].name, ms_)
                  .empty();
    });
  }
  const std::string& name_of(std::uint32_t step) const {
    return plan_->definition.steps[step].name;
  }
  std::string takes(std::uint32_t step) const {
    const auto found = known_.find(name_of(step));
    return found == known_.end() || found->second.instances == 0 ? "?"
                                                                 : span(found->second.takes_ms());
  }

  outcome<done> learn(transport::admin_client& client) {
    const auto runs = client.ask<runs_listed>(list_runs{100, plan_->definition.name});
    if (!runs) return runs.error();
    for (const auto& one : runs->runs) {
      if (one.state != run_state::succeeded || runs_ == earlier_runs_max) continue;
      const auto shown = client.ask<run_shown>(show_run{to_text(one.run)});
      if (!shown) continue;
      ++runs_;
      for (const auto& step : shown->steps) {
        auto& known = known_[step.name];
        if (step.busy_ms != 0) known.busy_ms += step.busy_ms, known.instances += step.instances;
        if (known.result.empty()) known.result = step.result;  // the newest
      }
    }
    return done{};
  }

  void take_orders() {
    for (const auto& one : std::exchange(out_, {}).orders) {
      if (one.what != core::order::kind::run) continue;
      const auto step = of().step_of(one.ref.instance);
      const auto [planned, fresh] = steps_.try_emplace(step, planned_step{ms_, 0, {}});
      ++planned->second.instances;
      planned->second.nodes.insert(cluster_.nodes().at(one.node).name);
      ends_.emplace(ms_ + known_[name_of(step)].takes_ms(), one.ref.instance);
    }
  }

  std::set<std::pair<std::int64_t, std::uint32_t>> in_order() const {
    std::set<std::pair<std::int64_t, std::uint32_t>> all;
    for (const auto& [step, one] : steps_) all.emplace(one.at_ms, step);
    return all;
  }

  /// Why the others would not run.
  std::vector<std::string> left_out() const {
    std::vector<std::string> lines;
    for (std::uint32_t step = 0; step < plan_->nodes.size(); ++step) {
      const auto range = of().instances_of(step);
      if (steps_.contains(step) || range.count == 0) continue;
      const auto why = core::explain(cluster_, of(), range.first, now());
      lines.push_back("'" + name_of(step) + "' would be " + std::string(to_text(why.state)) + ":");
      for (const auto& reason : why.reasons) lines.push_back("  - " + reason);
    }
    return lines;
  }

  int print_json() const {
    json all{{"pipeline", plan_->definition.name}, {"nodes", nodes_}, {"earlier_runs", runs_}};
    const bool ended = of().state() != run_state::running;
    all["ends"] = ended;
    all["takes_ms"] = ended ? json(ms_) : json();
    all["steps"] = json::array();
    for (const auto& [at_ms, step] : in_order()) {
      const auto& one = steps_.at(step);
      all["steps"].push_back(
          {{"name", name_of(step)},
           {"after_ms", one.at_ms},
           {"instances", one.instances},
           {"takes_ms", takes(step) == "?" ? json() : json(known_.at(name_of(step)).takes_ms())},
           {"nodes", one.nodes}});
    }
    all["left_out"] = left_out();
    std::cout << cli::print(all) << '\n';
    return ended ? nodes::exit_ok : nodes::exit_failed;
  }

  const submit_run& wish_;
  std::shared_ptr<const core::graph> plan_;
  core::cluster cluster_{{}, 1};
  core::decision out_;
  std::map<std::string, experience> known_;
  std::map<std::uint32_t, planned_step> steps_;
  std::set<std::pair<std::int64_t, instance_no>> ends_;
  std::int64_t ms_ = 0;
  std::uint32_t nodes_ = 0;
  std::uint32_t runs_ = 0;
};

}  // namespace

int dry_run(const context& cli, const submit_options& what) {
  const auto wish = make_submission(what);
  if (!wish) return fail(wish.error());
  auto client = cli.client();
  rehearsal play(*wish);
  if (const auto good = play.prepare(client); !good) return fail(good.error());
  if (const auto good = play.play(); !good) return fail(good.error());
  return play.print(cli);
}

}  // namespace artel::cli
