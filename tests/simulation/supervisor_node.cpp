#include "tests/simulation/supervisor_node.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000;
constexpr const char* journal_path = "journal";
}  // namespace

supervisor_node::supervisor_node(world& where, disk& on, judge& by,
                                 transport::cluster_links::put_frame put)
    : world_(where),
      disk_(on),
      judge_(by),
      put_(std::move(put)),
      process_(where, "the supervisor node") {}

void supervisor_node::start() {
  disk_.revive();
  process_.begin();
  auto opened = journal::journal_file::open(journal_path);
  if (!opened) {
    world_.tell([&] { return "the supervisor node can not start: " + opened.error().text; });
    if (opened.error().code == trouble_code::corrupt) throw violation{opened.error().text};
    end(false);
    return;
  }
  world_.tell([] { return std::string("the supervisor node starts"); });
  file_ = *std::move(opened);
  queue_ = std::make_unique<journal::commit_queue>(*file_, journal_path);
  judge_.see_recovered(file_->facts_after(0));
  process_.every(50 * ms, [this] {
    if (links_) links_->tick(world_.steady_ms());
  });
  process_.every(50 * ms, [this] {
    if (core_ && recovered_) core_->on_tick(), after_event();
  });
  start_coordinator();
}

void supervisor_node::start_coordinator() {
  recovered_ = false;
  ++life_no_;
  coordination::coordinator_doors doors;
  doors.journal = [this](append_facts what) {
    process_.post("journal", [this, what = std::move(what)]() mutable {
      if (queue_->add(std::move(what))) commit_later(world_.one_in(50) ? 300 * ms : 0);
    });
  };
  doors.bridge = [this](to_bridge what) { to_links(std::move(what)); };
  doors.knows_run = [this](const knows_run& what,
                           coordination::coordinator_doors::known_then then) {
    process_.post("journal", [this, what, then = std::move(then), life = life_no_] {
      process_.post("core", [this,
                             known = file_->knows(what.run) ? std::optional(what.run)
                                                            : file_->find_key(what.key),
                             then, life] {
        if (life == life_no_) then(known), after_event();
      });
    });
  };
  doors.now = [this] { return core::moment{world_.wall_ms(), world_.steady_ms()}; };
  core::cluster_limits limits;
  limits.ended_runs_kept = 3;
  limits.blobs_known_max = 4;
  core_ = std::make_unique<coordination::coordinator_core>(
      coordination::coordinator_settings{limits, 500, world_.chance.next(), life_no_},
      std::move(doors));
  start_links();
  recover();
}

void supervisor_node::start_links() {
  ++links_no_;
  session_ = world_.chance.next() | 1;
  links_ = std::make_unique<transport::cluster_links>(
      transport::cluster_links_options{"supervisor", session_, {64, 1U << 20}},
      [this](const std::string& to, const std::string& frame) {
        judge_.see_sent(frame);
        return put_(to, frame);
      },
      events());
}

void supervisor_node::restart_bridge() {
  if (!process_.alive() || process_.stopped()) return;
  world_.tell([] { return std::string("the bridge actor dies and is started anew"); });
  start_links();
}

void supervisor_node::recover() {
  process_.post("journal", [this, life = life_no_] {
    auto found = queue_->recover(3);
    if (disk_.dead()) return end(false);
    judge_.see_durable(file_->facts_after(judge_.durable_count()));
    process_.post("core", [this, life, found = std::move(found)] {
      if (life != life_no_) return;
      if (!found) {  // the actor ends and is started anew
        process_.later(200 * ms, [this] { start_coordinator(); });
        return;
      }
      recovered_ = true;
      core_->recover(*found);
      core_->on_pipelines(files_);
      after_event();
    });
  });
}

void supervisor_node::commit_later(std::int64_t us) {
  process_.later(us + world_.between(100, 3 * ms), [this] { commit(); });
}

void supervisor_node::commit() {
  const auto said = queue_->commit();
  if (disk_.dead()) {
    world_.tell([] { return std::string("the supervisor node dies in the middle of a write"); });
    return end(world_.one_in(2));
  }
  if (const auto* durable = std::get_if<facts_durable>(&said)) {
    judge_.see_durable(file_->facts_after(judge_.durable_count()));
    to_core_const(*durable, &coordination::coordinator_core::on_durable);
  } else if (const auto* stalled = std::get_if<journal_stalled>(&said)) {
    world_.tell([&] { return "the journal stalls: " + stalled->why; });
    to_core_const(*stalled, &coordination::coordinator_core::on_stalled);
    process_.later(500 * ms, [this] { commit(); });
  }
}

void supervisor_node::after_event() { judge_.see_state(*core_); }

template <class Message>
void supervisor_node::to_core(Message message,
                              void (coordination::coordinator_core::*handler)(Message&)) {
  process_.post("core", [this, life = life_no_, message = std::move(message), handler]() mutable {
    if (life != life_no_ || !recovered_) return;
    (core_.get()->*handler)(message);
    after_event();
  });
}
template <class Message>
void supervisor_node::to_core_const(
    Message message, void (coordination::coordinator_core::*handler)(const Message&)) {
  // Not bound to the coordinator's life: a word to an earlier one arrives as well.
  process_.post("core", [this, message = std::move(message), handler] {
    if (!recovered_) return;
    (core_.get()->*handler)(message);
    after_event();
  });
}

transport::cluster_events supervisor_node::events() {
  using core = coordination::coordinator_core;
  transport::cluster_events made;
  made.hello = [this](node_hello said) {
    world_.tell([&] {
      return said.name + " says hello " + std::to_string(said.hello_number - 1'000'000) + " with " +
             std::to_string(said.what.attempts.size()) + " attempts";
    });
    to_core(std::move(said), &core::on_hello);
  };
  made.reported = [this](node_reported said) { to_core(std::move(said), &core::on_reported); };
  made.progressed = [this](node_progressed said) {
    to_core(std::move(said), &core::on_progressed);
  };
  made.left = [this](const node_left& said) { to_core_const(said, &core::on_left); };
  made.heard = [this](const nodes_heard& said) { to_core_const(said, &core::on_heard); };
  made.unreachable = [this](const node_unreachable& said) {
    to_core_const(said, &core::on_unreachable);
  };
  made.output = [this](const node_output& said) {
    process_.post("output", [this, said] {
      to_links(settle_frame{said.name, said.session, said.sequence});
    });
  };
  made.tree = [](const node_tree_told&) {};
  return made;
}

void supervisor_node::to_links(to_bridge what) {
  process_.post("links", [this, life = links_no_, what = std::move(what)] {
    if (life != links_no_) return;
    std::visit(
        [this](const auto& one) {
          using type = std::decay_t<decltype(one)>;
          if constexpr (std::is_same_v<type, admit_node>)
            links_->admit(one, world_.steady_ms());
          else if constexpr (std::is_same_v<type, refuse_node>)
            links_->refuse(one);
          else if constexpr (std::is_same_v<type, renew_hello>)
            links_->renew(one);
          else if constexpr (std::is_same_v<type, forget_node>)
            links_->forget(one);
          else if constexpr (std::is_same_v<type, settle_frame>)
            links_->settle(one);
          else
            links_->send(one);
        },
        what);
  });
}

void supervisor_node::receive(const std::string& from, const std::string& frame) {
  process_.later(0, [this, from, frame] {
    if (links_->wants_input()) links_->on_frame(from, frame, world_.steady_ms());
  });
}

void supervisor_node::submit(const submit_run& what, coordination::answer_to to) {
  process_.post("core", [this, what, to = std::move(to)] {
    if (!recovered_) return to(refused{trouble_code::unavailable, "the journal is being read"});
    core_->submit(what, to);
    after_event();
  });
}

void supervisor_node::pause(const pause_work& what) {
  process_.post("core", [this, what] {
    if (!recovered_) return;
    core_->pause(what, [](const admin_answer&) {});
    after_event();
  });
}

void supervisor_node::start_planned(const artel::start_planned& what) {
  process_.post("core", [this, what] {
    if (!recovered_) return;
    core_->start(what, [this](const admin_answer& said) {
      if (const auto* good = std::get_if<run_accepted>(&said)) judge_.see_accepted(good->run);
    });
    after_event();
  });
}

void supervisor_node::set_pool(std::uint32_t limit) {
  process_.post("core", [this, limit] {
    if (!recovered_) return;
    core_->set_pool({"db", limit, "why", "me"}, [](const admin_answer&) {});
    after_event();
  });
}

void supervisor_node::limit(std::int64_t step, std::uint64_t per_hour) {
  process_.post("core", [this, step, per_hour] {
    if (!recovered_) return;
    core_->limit({"p", "s" + std::to_string(step), per_hour, {}, "why", "me"},
                 [](const admin_answer&) {});
    after_event();
  });
}

void supervisor_node::deploy(pipelines_read files) {
  files_ = std::move(files);
  if (process_.alive()) to_core_const(files_, &coordination::coordinator_core::on_pipelines);
}

void supervisor_node::mark(const mark_step& what) {
  process_.post("core", [this, what] {
    if (!recovered_) return;
    core_->mark(what, [](const admin_answer&) {});
    after_event();
  });
}

void supervisor_node::retry(const retry_run& what, coordination::answer_to to) {
  process_.post("core", [this, what, to = std::move(to)] {
    if (!recovered_) return to(refused{trouble_code::unavailable, "the journal is being read"});
    const auto of = core_->find_run(what.of);
    if (!of) return to(refused{of.error().code, of.error().text});
    core_->retry(what, **of, to);
    after_event();
  });
}

void supervisor_node::cancel(const cancel_run& what, coordination::answer_to to) {
  process_.post("core", [this, what, to = std::move(to)] {
    if (!recovered_) return to(refused{trouble_code::unavailable, "the journal is being read"});
    core_->cancel(what, to);
    after_event();
  });
}

void supervisor_node::drain(const std::string& node, bool undo) {
  if (!process_.alive()) return;
  process_.post("core", [this, node, undo] {
    if (!recovered_) return;
    core_->drain({node, undo, "why", "person"}, [](const admin_answer&) {});
    after_event();
  });
}

void supervisor_node::restart_coordinator() {
  if (!process_.alive() || process_.stopped()) return;
  world_.tell([] { return std::string("the coordinator actor dies and is started anew"); });
  start_coordinator();
}

void supervisor_node::kill() {
  if (!process_.alive()) return;
  world_.tell([] { return std::string("kill -9 of the supervisor node"); });
  end(false);
}

void supervisor_node::lose_power() {
  if (!process_.alive()) return;
  world_.tell([] { return std::string("the supervisor node's host loses its power"); });
  end(true);
}

void supervisor_node::end(bool power) {
  disk_.process_died();
  process_.end();
  core_.reset();
  links_.reset();
  queue_.reset();
  file_.reset();
  if (power) disk_.power_failed();
  recovered_ = false;
  world_.at(world_.now_us + world_.between(100, 2'500) * ms, [this] {
    if (!process_.alive()) start();
  });
}

}  // namespace artel::simulation
