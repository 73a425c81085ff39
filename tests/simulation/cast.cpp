#include "tests/simulation/cast.hpp"

#include "actors/logging/log.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000, s = 1'000'000;
constexpr std::int64_t patience_us = 900 * s;  ///< virtual time in which every run must end
}  // namespace

cast::cast(std::uint64_t seed, bool with_story)
    : seed_(seed),
      world_(seed, with_story),
      disk_(world_.chance),
      judge_(world_),
      network_(world_) {
  disk::use(&disk_);
}

void cast::set_up() {
  supervisor_ = std::make_unique<supervisor_node>(
      world_, disk_, judge_,
      [this](const std::string& to, const std::string& frame) { return put_to_worker(to, frame); });
  const auto count = world_.between(1, 3);
  for (std::int64_t i = 1; i <= count; ++i) {
    const auto name = "w" + std::to_string(i);
    // Two nodes of a host share a store.
    if (stores_.empty() || world_.one_in(2))
      stores_.push_back(std::make_unique<memory_store>("store " + name));
    add_worker(name, static_cast<std::uint32_t>(world_.between(1, 4)));
  }
  // Half of the worlds have networks that merely are slow; in the others they do all that a network
  // may do.
  if (world_.one_in(2))
    network_.troubles = {static_cast<std::uint32_t>(world_.between(0, 30)),
                         static_cast<std::uint32_t>(world_.between(0, 30)),
                         static_cast<std::uint32_t>(world_.between(0, 50)), world_.one_in(2)};
  supervisor_->start();
  for (auto& each : workers_) each->start();
  set_up_schedules();
  for (int i = 0; i < 4; ++i)
    world_.at(world_.now_us + world_.between(0, 12) * s, [this, i] {
      if (quiet_) return;
      supervisor_->set_pool(static_cast<std::uint32_t>(world_.between(0, 3)));
      supervisor_->limit(i, 1'800 * static_cast<std::uint64_t>(i + 1));
    });
  const auto runs = world_.between(1, 4);
  for (std::int64_t i = 0; i < runs; ++i) {
    person who;
    who.wants.run = new_id();
    who.wants.pipeline = random_pipeline();
    who.wants.file = "p.yaml";
    who.wants.by = "person";
    if (world_.one_in(3)) who.wants.key = "key " + std::to_string(i / 2);  // some wish the same
    who.cancels = world_.one_in(5);
    people_.push_back(who);
    const auto number = people_.size() - 1;
    world_.at(world_.now_us + world_.between(0, 15) * s, [this, number] { submit(number); });
    if (world_.one_in(4))
      world_.at(world_.now_us + world_.between(1, 25) * s, [this, number] { meddle(number); });
    if (world_.one_in(3))
      world_.at(world_.now_us + world_.between(8, 35) * s, [this, number] { try_again(number); });
    if (who.cancels)
      world_.at(world_.now_us + world_.between(1, 25) * s, [this, number] { cancel(number); });
  }
}

void cast::add_worker(const std::string& name, std::uint32_t slots) {
  workers_.push_back(
      std::make_unique<worker_node>(world_, judge_, files_, *stores_.back(), name, slots,
                                    [this, name](const std::string& from, std::string frame) {
                                      put_to_supervisor(name, from, std::move(frame));
                                    }));
  by_name_[name] = workers_.back().get();
}

transport::put_result cast::put_to_worker(const std::string& address, const std::string& frame) {
  const auto found = by_name_.find(address.substr(0, address.rfind('#')));
  if (found == by_name_.end()) return transport::put_result::nobody;
  auto* const to = found->second;
  if (to->address() != address || !to->life().alive()) return transport::put_result::nobody;
  network_.carry("supervisor", to->life().name(), frame, [to, address](const std::string& what) {
    if (to->life().alive() && to->address() == address) to->receive(what);
  });
  return transport::put_result::taken;
}

void cast::put_to_supervisor(const std::string& name, const std::string& from, std::string frame) {
  network_.carry(name, "supervisor", std::move(frame), [this, from](const std::string& what) {
    if (supervisor_->life().alive()) supervisor_->receive(from, what);
  });
}

void cast::fault() {
  if (quiet_) return;
  ++faults_;
  const auto dice = world_.chance.next() % 100;
  if (dice < 28)
    fault_of_supervisor(dice);
  else if (dice < 62)
    fault_of_worker(dice);
  else if (dice < 82)
    fault_of_network();
  else if (dice < 94)
    fault_of_disk();
  else {
    world_.wall_jump_ms += world_.between(-3'600, 3'600) * 1'000;
    world_.tell([] { return std::string("the wall clock jumps"); });
  }
  world_.at(world_.now_us + world_.between(50, 4'000) * ms, [this] { fault(); });
}

void cast::fault_of_supervisor(std::uint64_t dice) {
  auto& process = supervisor_->life();
  if (dice < 5) {
    supervisor_->kill();
  } else if (dice < 9) {
    supervisor_->lose_power();
  } else if (dice < 18) {
    // Troubles come together: the power may fail soon after the node is back.
    supervisor_->kill_at_write(static_cast<int>(world_.between(0, 12)));
    if (!world_.one_in(4))
      world_.at(world_.now_us + world_.between(200, 2'500) * ms,
                [this] { quiet_ ? void() : supervisor_->lose_power(); });
  } else if (dice < 23) {
    world_.one_in(2) ? supervisor_->restart_coordinator() : supervisor_->restart_bridge();
  } else if (process.alive() && !process.stopped()) {
    world_.tell([] { return std::string("the supervisor node is stopped for a while"); });
    process.stop();
    world_.at(world_.now_us + world_.between(100, 6'000) * ms, [&process] { process.go_on(); });
  }
}

void cast::fault_of_worker(std::uint64_t dice) {
  auto& one = some_worker();
  auto& process = one.life();
  if (dice < 38) return one.kill();
  if (dice < 44) return one.leave();
  if (dice < 48) return one.restart_actors();
  if (dice < 50) return supervisor_->drain(process.name(), world_.one_in(2));
  if (!process.alive() || process.stopped()) return;
  world_.tell([&] { return process.name() + " is stopped for a while"; });
  process.stop();
  world_.at(world_.now_us + world_.between(100, 8'000) * ms, [this, &process] {
    world_.tell([&] { return process.name() + " goes on"; });
    process.go_on();
  });
}

void cast::fault_of_network() {
  const auto name = some_worker().life().name();
  const auto until = world_.now_us + world_.between(100, 8'000) * ms;
  const auto ways = world_.between(1, 3);
  if ((ways & 1) != 0) network_.cut_until_us["supervisor>" + name] = until;
  if ((ways & 2) != 0) network_.cut_until_us[name + ">supervisor"] = until;
  world_.tell([&] {
    return "the link to " + name + " is cut" +
           (ways == 1   ? " downwards"
            : ways == 2 ? " upwards"
                        : "");
  });
}

void cast::fault_of_disk() {
  if (world_.one_in(2)) {
    world_.tell([] { return std::string("the disk is full"); });
    disk_.full = true;
    world_.at(world_.now_us + world_.between(100, 5'000) * ms, [this] {
      world_.tell([] { return std::string("the disk has room again"); });
      disk_.full = false;
    });
  } else {
    disk_.fail_after_doing = static_cast<int>(world_.between(1, 3));
    world_.tell([] { return std::string("the disk will do what it is asked and say it failed"); });
  }
}

void cast::end_faults() {
  quiet_ = true;
  world_.tell([] { return std::string("---- no more faults ----"); });
  disk_.full = false;
  disk_.fail_after_doing = 0;
  disk_.die_after = -1;
  network_.cut_until_us.clear();
  network_.troubles = {};
  for (auto& each : workers_) each->luck = {0, 0};
  supervisor_->life().go_on();
  for (auto& each : workers_) each->life().go_on();
}

void cast::play() {
  set_up();
  const auto begin = world_.now_us;
  world_.at(begin + world_.between(200, 3'000) * ms, [this] { fault(); });
  const auto fault_end = begin + world_.between(15, 35) * s;
  while (world_.step(fault_end)) {
  }
  end_faults();
  const auto deadline = world_.now_us + patience_us;
  const auto all_ended = [this] {
    for (const auto& each : people_)
      if (!each.accepted || !judge_.ended(each.wants.run)) return false;
    return schedules_ended_ && judge_.all_ended();
  };
  // A person takes back what a person has asked for, until somebody has heard it.
  for (int i = 1; i <= 20; ++i)
    world_.at(world_.now_us + i * 3 * s, [this] {
      for (auto& each : workers_) supervisor_->drain(each->life().name(), true);
      supervisor_->pause({"", "p", "", true, "", "me"});
      supervisor_->set_pool(2);
      for (int step = 0; step < 4; ++step) supervisor_->limit(step, 0);
      for (const auto& each : people_)
        supervisor_->pause({to_text(each.wants.run), "", "", true, "", "me"});
    });
  world_.at(world_.now_us + 20 * s, [this] { end_schedules(); });
  while (!all_ended())
    if (!world_.step(deadline)) finish();
}

/// Some run did not end: says which step waits for what.
void cast::finish() {
  if (!schedules_ended_)
    throw violation{"long after the faults had stopped, a schedule was due and started nothing"};
  std::string text = "after the faults had stopped for 900 s, not every run had ended:";
  for (const auto& each : people_) {
    if (!each.accepted) {
      text += " a submission was not answered;";
      continue;
    }
    const auto* of = judge_.find(each.wants.run);
    if (of == nullptr || of->state() != run_state::running) continue;
    for (instance_no i = 0; i < of->numbers(); ++i)
      if (!is_terminal(of->at(i).state))
        text += " " + to_text(of->submitted().run).substr(20) + "/" + of->instance_name(i) +
                " is " + std::string(to_text(of->at(i).state));
  }
  if (const auto* core = supervisor_->core(); core == nullptr) {
    text += "; the supervisor node is down";
  } else {
    text += "; " + std::to_string(core->effects_held()) + " effects are held";
    for (std::uint32_t i = 0; i < core->state().nodes().size(); ++i) {
      const auto& one = core->state().nodes().at(i);
      const auto* link = supervisor_->links()->link_to(one.name);
      text += "; " + one.name +
              (one.state == core::node_state::alive ? " is alive" : " is lost or has left") +
              ", free slots " + std::to_string(one.free.slots) +
              (link == nullptr ? ", no link"
                               : ", sent " + std::to_string(link->sent()) + " received " +
                                     std::to_string(link->received()));
    }
  }
  throw violation{text};
}

story cast::take_story() {
  story told;
  told.seed = seed_;
  told.lines = world_.story();
  told.events = world_.events();
  told.facts = judge_.durable_count();
  told.runs = people_.size();
  told.faults = faults_;
  told.virtual_s = static_cast<double>(world_.now_us - 1'000'000'000) / 1e6;
  return told;
}

namespace {

story told_of(cast& everybody, const std::function<void()>& play) {
  static_cast<void>(logging::set_levels("off"));
  std::string broken;
  try {
    play();
  } catch (const violation& what) {
    broken = what.text;
  } catch (const std::exception& what) {
    broken = std::string("an exception: ") + what.what();
  }
  auto told = everybody.take_story();
  told.broken = broken;
  return told;
}

}  // namespace

story play(std::uint64_t seed, bool with_story) {
  cast everybody(seed, with_story);
  return told_of(everybody, [&] { everybody.play(); });
}

story play_large(std::uint64_t seed, std::uint32_t nodes, std::uint32_t instances) {
  cast everybody(seed, false);
  return told_of(everybody, [&] { everybody.play_large(nodes, instances); });
}

}  // namespace artel::simulation
