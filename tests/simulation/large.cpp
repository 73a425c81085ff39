// A large world: a thousand nodes and a million step instances, to see that nothing grows faster
// than they do, and that nothing is lost among so many.
#include "tests/simulation/cast.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000, s = 1'000'000;
constexpr std::uint32_t slots_of_node = 4;
constexpr std::uint64_t states_between_looks = 200'000;  ///< each looks at every instance
}  // namespace

void cast::set_up_large(std::uint32_t nodes, std::uint32_t instances) {
  judge_.look_every = states_between_looks;
  supervisor_ = std::make_unique<supervisor_node>(
      world_, disk_, judge_,
      [this](const std::string& to, const std::string& frame) { return put_to_worker(to, frame); });
  stores_.push_back(std::make_unique<memory_store>("store"));
  for (std::uint32_t i = 1; i <= nodes; ++i) {
    add_worker("w" + std::to_string(i), slots_of_node);
    workers_.back()->luck = {0, 0};
  }
  supervisor_->start();
  for (auto& each : workers_) each->start();
  person who;
  who.wants.run = new_id();
  who.wants.pipeline =
      "pipeline: large\nsupervision: {max_restarts: 100000, within: 1m}\nsteps:\n"
      "  a: {use: core.noop, crash_limit: 100, map: range(" +
      std::to_string(instances) + ")}\n  b: {use: core.noop, needs: [a]}\n";
  who.wants.file = "p.yaml";
  who.wants.by = "person";
  people_.push_back(who);
  world_.at(world_.now_us + 2 * s, [this] { submit(0); });
}

/// Every other second a node is killed, the supervisor node now and then, and links are cut.
void cast::fault_of_large() {
  if (quiet_) return;
  ++faults_;
  const auto dice = world_.chance.next() % 100;
  if (dice < 10)
    supervisor_->kill();
  else if (dice < 70)
    some_worker().kill();
  else
    fault_of_network();
  world_.at(world_.now_us + world_.between(500, 3'000) * ms, [this] { fault_of_large(); });
}

void cast::play_large(std::uint32_t nodes, std::uint32_t instances) {
  set_up_large(nodes, instances);
  world_.at(world_.now_us + 5 * s, [this] { fault_of_large(); });
  const auto deadline = world_.now_us + 7'200 * s;
  while (!people_[0].accepted || !judge_.ended(people_[0].wants.run))
    if (!world_.step(deadline)) throw violation{"the run has not ended within two hours"};
  end_faults();
  const auto* of = judge_.find(people_[0].wants.run);
  if (of->state() != run_state::succeeded)
    throw violation{"the run did not succeed: " + of->reason()};
}

}  // namespace artel::simulation
