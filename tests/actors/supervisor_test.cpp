// The supervisor actor with real actors, on CAF's deterministic scheduler and virtual clock.
#include "actors/supervision/supervisor.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include "actors/interfaces.hpp"

using namespace artel;
using namespace artel::supervision;

namespace {

struct die {};
struct hang {};

/// Writes its comings and goings into a diary; dies when told, ignores exit signals when told.
class patient : public caf::event_based_actor {
public:
  patient(caf::actor_config& config, std::string id, std::shared_ptr<std::string> diary)
      : caf::event_based_actor(config), id_(std::move(id)), diary_(std::move(diary)) {}
  caf::behavior make_behavior() override {
    end_with_text_of_exceptions(*this);
    *diary_ += "+" + id_ + " ";
    return {
        [this](die) { throw std::runtime_error(id_ + " broke"); },
        [this](hang) { set_exit_handler([](caf::exit_msg&) {}); },
        [](tick) {},
    };
  }
  void on_exit() override { *diary_ += "-" + id_ + " "; }

private:
  std::string id_;
  std::shared_ptr<std::string> diary_;
};

/// An actor system on virtual time with one supervisor over a, b and c.
class theatre {
public:
  explicit theatre(core::strategy how, restart_intensity intensity = {3, 60'000}) {
    config.set("scheduler.policy", caf::atom("testing"));
    system = std::make_unique<caf::actor_system>(config);
    options what;
    what.node = "n";
    what.names = names;
    what.spec.how = how;
    what.spec.intensity = intensity;
    what.spec.backoff = {100, 1'000, 2.0, 0.0};
    for (const char* id : {"a", "b", "c"})
      what.children.push_back({core::child_spec{id}, [this, id](caf::local_actor& self) {
                                 if (refusing == id) throw std::runtime_error("refused");
                                 return self.spawn<patient>(id, diary);
                               }});
    auto started = start_supervisor(*system, std::move(what));
    REQUIRE(started);
    root = *started;
    run();
  }
  ~theatre() {
    caf::anon_send(root, shut_down{});
    run();
    for (int i = 0; i < 20; ++i) pass(std::chrono::seconds(2));
    root = nullptr;
    names->clear();
  }
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler());
  }
  void run() { scheduler().run(); }
  void pass(std::chrono::milliseconds time) {
    scheduler().advance_time(time);
    run();
  }
  template <class Message>
  void tell(const char* id, Message message) {
    caf::anon_send(names->find(id), message);
    run();
  }
  std::string told() { return std::exchange(*diary, ""); }
  tree_row row(const std::string& path) {
    for (const auto& each : names->rows())
      if (each.path == path) return each;
    return {};
  }

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  directory_ptr names = std::make_shared<directory>();
  std::shared_ptr<std::string> diary = std::make_shared<std::string>();
  std::string refusing;
  caf::actor root;
};

}  // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(die)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hang)

TEST_CASE("actors start in order and an orderly shutdown stops them in reverse") {
  theatre t(core::strategy::one_for_one);
  CHECK(t.told() == "+a +b +c ");
  caf::anon_send(t.root, shut_down{});
  t.run();
  CHECK(t.told() == "-c -b -a ");
}

TEST_CASE("an actor that throws is restarted after its backoff and found again under its name") {
  theatre t(core::strategy::one_for_one);
  const auto before = t.names->find("b");
  t.told();
  t.tell("b", die{});
  CHECK(t.told() == "-b ");
  CHECK_FALSE(t.names->find("b"));
  t.pass(std::chrono::milliseconds(99));
  CHECK(t.told().empty());
  t.pass(std::chrono::milliseconds(1));
  CHECK(t.told() == "+b ");
  CHECK(t.names->find("b"));
  CHECK(t.names->find("b") != before);
  CHECK(t.row("root/b").restarts == 1);
  CHECK(t.row("root/b").last_reason == "b broke");
}

TEST_CASE("rest_for_one restarts what came after the dead actor, in order") {
  theatre t(core::strategy::rest_for_one);
  t.told();
  t.tell("b", die{});
  CHECK(t.told() == "-b -c ");
  t.pass(std::chrono::milliseconds(100));
  CHECK(t.told() == "+b +c ");
}

TEST_CASE("an actor that ignores its exit signal is killed after its shutdown time") {
  theatre t(core::strategy::one_for_all);
  t.told();
  t.tell("c", hang{});
  t.tell("a", die{});
  CHECK(t.told() == "-a ");
  t.pass(std::chrono::milliseconds(5'000));
  // The stop took longer than the backoff: the restart is due at once.
  CHECK(t.told() == "-c -b +a +b +c ");
}

TEST_CASE("over budget the supervisor ends with max_restarts_exceeded, children last to first") {
  theatre t(core::strategy::one_for_one, {1, 60'000});
  t.told();
  t.tell("a", die{});
  t.pass(std::chrono::milliseconds(100));
  t.tell("a", die{});
  CHECK(t.told() == "-a +a -a -c -b ");
  CHECK(t.row("root").state == "stopped");
}

TEST_CASE("a restart that fails is tried again, and a shutdown is served in between") {
  theatre t(core::strategy::one_for_one);
  t.told();
  t.refusing = "b";
  t.tell("b", die{});
  t.pass(std::chrono::milliseconds(100));
  CHECK(t.row("root/b").last_reason == "start failed: refused");
  caf::anon_send(t.root, shut_down{});
  t.run();
  CHECK(t.told() == "-b -c -a ");
}

TEST_CASE("a supervisor below another escalates to it when over budget") {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system(config);
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  const auto names = std::make_shared<directory>();
  const auto diary = std::make_shared<std::string>();
  options inner;
  inner.name = "inner";
  inner.path = "root";
  inner.names = names;
  inner.spec.intensity = {0, 60'000};
  inner.children = {{core::child_spec{"x"},
                     [diary](caf::local_actor& self) { return self.spawn<patient>("x", diary); }}};
  options outer;
  outer.names = names;
  outer.spec.backoff = {100, 1'000, 2.0, 0.0};
  outer.children = {{core::child_spec{"inner"},
                     [inner](caf::local_actor& self) { return self.spawn<supervisor>(inner); }}};
  auto root = *start_supervisor(system, std::move(outer));
  scheduler.run();
  caf::anon_send(names->find("x"), die{});
  scheduler.run();
  CHECK(*diary == "+x -x ");
  scheduler.advance_time(std::chrono::milliseconds(100));
  scheduler.run();
  CHECK(*diary == "+x -x +x ");
  caf::anon_send(root, shut_down{});
  scheduler.run();
  root = nullptr;
  names->clear();
}
