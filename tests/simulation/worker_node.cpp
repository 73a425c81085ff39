#include "tests/simulation/worker_node.hpp"

#include "actors/transport/cluster_links.hpp"

namespace artel::simulation {
namespace {
constexpr std::int64_t ms = 1'000;
}

worker_node::worker_node(world& where, judge& by, shared_files& files, memory_store& store,
                         std::string name, std::uint32_t slots,
                         std::function<void(const std::string& from, std::string)> put)
    : world_(where),
      judge_(by),
      files_(files),
      store_(store),
      slots_(slots),
      put_(std::move(put)),
      process_(where, std::move(name)) {}

std::string worker_node::address() const {
  return transport::routing_id_of(process_.name(), session_);
}

void worker_node::start() {
  world_.tell([&] { return process_.name() + " starts"; });
  process_.begin();
  session_ = world_.chance.next() | 1;
  published_.clear();
  process_.every(50 * ms, [this] {
    link_->tick(world_.steady_ms());
    fetch_->tick(world_.steady_ms());
  });
  start_actors();
}

void worker_node::start_actors() {
  ++actors_life_;
  stop_publishing_ = false;
  jobs_.clear();
  core_ = std::make_unique<work::worker_core>("", doors());
  reports_sent_.clear();
  start_artifacts();
  link_ = std::make_unique<transport::node_link>(
      transport::node_link_options{process_.name(), session_, "simulated", {64, 1U << 20}},
      [this](const std::string& frame) { return put(frame); }, events());
  process_.post("worker", [this] { introduce(); });
}

void worker_node::restart_actors() {
  if (!process_.alive() || process_.stopped()) return;
  world_.tell([&] { return "an actor of " + process_.name() + " dies, all restart"; });
  start_actors();
}

void worker_node::introduce() {
  hello what{"analyzer",
             "1",
             "host",
             1,
             {slots_, slots_ * 1'000, slots_ * (2ULL << 20), 0, {{"licences", 1}}},
             {},
             {"core.noop"},
             {}};
  what.attempts = core_->held();
  what.store = store_.id();
  process_.post("link", [this, what] { link_->introduce(what, world_.steady_ms()); });
}

transport::client_events worker_node::events() {
  transport::client_events made;
  const auto life = actors_life_;
  made.introduce = [this](const introduce_yourself& said) {
    world_.tell([&] { return process_.name() + " introduces itself anew: " + said.reason; });
    process_.post("worker", [this] { introduce(); });
  };
  made.welcome = [this](const welcomed&) {
    world_.tell([&] { return process_.name() + " is welcomed"; });
  };
  made.order = [this, life](node_order said) {
    process_.post("worker", [this, life, said = std::move(said)]() mutable {
      if (life == actors_life_) core_->on_order(said);
    });
  };
  made.pressure = [](link_pressure) {};
  made.blob_asked = [this, life](const read_blob& what) {
    process_.post("blobs", [this, life, what] {
      if (life == actors_life_) serve(what);
    });
  };
  made.piece_came = [this, life](const blob_piece& what) {
    process_.post("artifacts", [this, life, what] {
      if (life == actors_life_) fetch_->on_piece(what, world_.steady_ms());
    });
  };
  made.refused_for_good = [this](const refused& why) {
    world_.tell([&] { return process_.name() + " is refused: " + why.text; });
    world_.at(world_.now_us, [this] { kill(); });
  };
  return made;
}

work::worker_doors worker_node::doors() {
  work::worker_doors made;
  const auto life = actors_life_;
  made.report = [this](std::vector<step_report> reports) { report(std::move(reports)); };
  made.run = [this, life](const run_steps& what) {
    process_.post("pump", [this, life, what] {
      if (life != actors_life_) return;
      for (const auto& order : what.orders) {
        const auto& plan = what.plans[order.plan];
        const attempt_ref ref{plan.run, order.instance, order.attempt};
        if (find_secrets(ref, plan.secrets))
          begin(ref, !plan.output.empty(), !plan.secrets.empty());
      }
    });
  };
  made.stop = [this](const std::vector<attempt_ref>& which, const std::string& reason) {
    process_.post("pump", [this, which, reason] { stop_jobs(which, reason); });
  };
  made.prepare = [this, life](const prepare_attempt& what) {
    process_.post("artifacts", [this, life, what] {
      if (life == actors_life_) prepare(what);
    });
    return true;
  };
  made.put = [this, life](const put_artifacts& what) {
    process_.post("artifacts", [this, life, what] {
      if (life == actors_life_) put(what);
    });
    return true;
  };
  made.clear = [this, life](const clear_attempt& what) {
    process_.post("artifacts", [this, life, what] {
      if (life != actors_life_) return;
      fetch_->forget(what.ref);
      preparing_.erase(shared_files::key(what.ref));
    });
  };
  made.admit = [](const run_steps&) { return false; };
  made.publish = [this](const publish_output& what) {
    process_.post("publisher", [this, what] { publish(what); });
    return true;
  };
  made.discard = [this](const discard_output& what) {
    process_.post("publisher", [this, what] { files_.staged.erase(shared_files::key(what.ref)); });
  };
  made.give_back = [this](const std::string& reason) {
    process_.post("pump", [this, reason] { give_back(reason); });
  };
  return made;
}

void worker_node::report(std::vector<step_report> reports) {
  process_.post("link",
                [this, reports = std::move(reports)] { link_->send(steps_reported{reports}); });
}

void worker_node::begin(const attempt_ref& ref, bool with_output, bool with_secret) {
  judge_.see_begun(ref);
  check_inputs(ref);
  world_.tell([&] { return process_.name() + " begins " + shared_files::key(ref).substr(20); });
  // What earlier attempts staged is taken away, so that they can not publish any more.
  if (with_output) {
    for (auto earlier = ref; --earlier.attempt > 0;)
      files_.staged.erase(shared_files::key(earlier));
    files_.staged.insert(shared_files::key(ref));
  }
  const auto key = shared_files::key(ref);
  jobs_[key] = {ref, actors_life_, with_output, with_secret};
  const auto us = world_.one_in(4) ? world_.between(1, 20) * ms : world_.between(20, 2'500) * ms;
  const auto dice = world_.chance.next() % 1'000;
  const auto how = dice < luck.fails                  ? ending::failed
                   : dice < luck.fails + luck.crashes ? ending::crashed
                                                      : ending::finished;
  if (world_.one_in(4)) process_.later(us / 2, [this, ref] { speak(ref); });
  process_.later(us, [this, ref, how, life = actors_life_] {
    if (life == actors_life_) end_job(ref, how);
  });
}

void worker_node::end_job(const attempt_ref& ref, ending how) {
  const auto found = jobs_.find(shared_files::key(ref));
  if (found == jobs_.end()) return;
  const bool staged = found->second.staged && how == ending::finished;
  if (found->second.staged && !staged) files_.staged.erase(found->first);
  const auto words = last_words(found->second, how);
  jobs_.erase(found);
  const auto cause = how == ending::failed && world_.one_in(2)    ? failure_cause::exit_code
                     : how == ending::crashed && world_.one_in(2) ? failure_cause::memory
                                                                  : failure_cause::other;
  process_.post("worker", [this, ref, how, staged, cause, words] {
    core_->on_ended({{ref.run, ref.instance, ref.attempt, how, staged, words, cause, 1}});
  });
}

void worker_node::stop_jobs(const std::vector<attempt_ref>& which, const std::string& reason) {
  for (const auto& ref : which) {
    if (jobs_.contains(shared_files::key(ref)))
      end_job(ref, ending::cancelled);
    else
      process_.post("worker", [this, ref, reason] {
        core_->on_ended({{ref.run, ref.instance, ref.attempt, ending::cancelled, false, reason}});
      });
  }
}

void worker_node::publish(const publish_output& what) {
  const auto key = shared_files::key(what.ref);
  if (published_.contains(key)) {
    process_.post("worker", [this, ref = what.ref] {
      core_->on_published({{ref.run, ref.instance, ref.attempt, ending::published, false, {}}});
    });
    return;
  }
  move_files(what.ref, 0);
}

void worker_node::move_files(const attempt_ref& ref, int done) {
  const auto key = shared_files::key(ref);
  const auto answer = [this, ref](ending how, const std::string& text) {
    process_.post("worker", [this, ref, how, text] {
      core_->on_published({{ref.run, ref.instance, ref.attempt, how, false, text}});
    });
  };
  if (stop_publishing_) {
    files_.staged.erase(key);
    return answer(ending::returned, "the node stops");
  }
  // A rename: either the staged file is still there, or a newer attempt has taken it away.
  if (!files_.staged.contains(key)) return answer(ending::failed, "no such file");
  if (done == shared_files::files_per_output) {
    files_.staged.erase(key);
    published_.insert(key);
    return answer(ending::published, "");
  }
  judge_.see_replaced(ref);
  files_.published[{ref.run, ref.instance}][static_cast<std::size_t>(done)] = ref.attempt;
  process_.later(world_.between(0, 40) * ms, [this, ref, done, life = actors_life_] {
    if (life == actors_life_) move_files(ref, done + 1);
  });
}

void worker_node::give_back(const std::string& reason) {
  std::vector<step_report> reports;
  for (const auto& [key, one] : jobs_) {
    files_.staged.erase(key);
    reports.push_back(
        {one.ref.run, one.ref.instance, one.ref.attempt, ending::returned, false, reason});
  }
  jobs_.clear();
  process_.post("worker", [this, reports] {
    core_->on_ended(reports);
    process_.post("link", [this] { link_->send(goodbye{"stopped"}); });
    process_.later(300 * ms, [this] { kill(); });
  });
}

void worker_node::leave() {
  if (!process_.alive() || process_.stopped()) return;
  world_.tell([&] { return process_.name() + " is asked to stop in good order"; });
  stop_publishing_ = true;
  process_.post("worker", [this] { core_->leave("the node stops"); });
}

void worker_node::kill() {
  if (!process_.alive()) return;
  world_.tell([&] { return process_.name() + " is gone"; });
  process_.end();
  ++actors_life_;
  jobs_.clear();
  reports_sent_.clear();
  link_.reset();
  core_.reset();
  world_.at(world_.now_us + world_.between(100, 6'000) * ms, [this] {
    if (!process_.alive() && comes_back) start();
  });
}

void worker_node::receive(const std::string& frame) {
  process_.later(0, [this, frame] {
    watch_acknowledged(frame);
    link_->on_frame(frame, world_.steady_ms());
  });
}

bool worker_node::put(const std::string& frame) {
  judge_.see_told(frame);
  watch_sent(frame);
  put_(address(), frame);
  return true;
}

/// Remembers which frame carries which reports, to hold acknowledgements against the journal.
void worker_node::watch_sent(const std::string& frame) {
  const auto head = wire::open(frame);
  if (!head) return;
  if (head->kind == number_of<hello>()) return;
  if (head->sequence >> 20 != link_no_ && head->sequence != 0) reports_sent_.clear();
  if (head->sequence != 0) link_no_ = head->sequence >> 20;
  if (head->kind != number_of<steps_reported>()) return;
  static_cast<void>(wire::open_body(*head, [&](auto&& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, steps_reported>)
      reports_sent_[head->sequence] = message.reports;
  }));
}

void worker_node::watch_acknowledged(const std::string& frame) {
  const auto head = wire::open(frame);
  if (!head || head->kind == number_of<welcome>() || head->ack >> 20 != link_no_) return;
  while (!reports_sent_.empty() && reports_sent_.begin()->first <= head->ack) {
    for (const auto& one : reports_sent_.begin()->second) judge_.see_acknowledged(one);
    reports_sent_.erase(reports_sent_.begin());
  }
}

}  // namespace artel::simulation
