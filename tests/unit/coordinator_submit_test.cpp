// From a submission to what is told of it: the coordinator without an actor, with a journal that
// takes what it gets when the test says so.
#include <algorithm>
#include <catch2/catch.hpp>

#include "actors/coordination/coordinator_core.hpp"

using namespace artel;
using namespace artel::coordination;

namespace {

class desk {
public:
  explicit desk(run_id newest = {}) : core_({{}, 500, 1, 1, "supervisor", false}, doors()) {
    recovered_facts past;
    past.newest = newest;
    core_.recover(past);
  }
  void join() {
    hello what;
    what.kind = "trainer";
    what.capacity = {4, 4'000, 0, 0, {}};
    what.offers = {"core.noop"};
    node_hello said{"one", 7, what, 1, 1};
    core_.on_hello(said);
    durable();
  }
  run_id submit(std::uint64_t time, change_note_ptr note = nullptr) {
    submit_run what;
    what.run = make_run_id(time, 1, 1);
    what.pipeline = "pipeline: p\nsteps:\n  s: {use: core.noop}\n";
    what.file = "p.yaml";
    what.by = "me";
    core_.submit(
        what, [this](const admin_answer& said) { answers.push_back(said); }, std::move(note));
    return what.run;
  }
  void durable() {
    if (!batches.empty()) core_.on_durable({1, batches.back().batch});
  }
  std::vector<core::fact_kind> kinds(std::size_t batch) const {
    std::vector<core::fact_kind> all;
    for (const auto& each : batches.at(batch).facts) all.push_back(each.kind);
    return all;
  }
  coordinator_core& core() { return core_; }

  std::vector<append_facts> batches;
  std::vector<admin_answer> answers;
  std::vector<to_bridge> told;
  int asked_journal = 0;
  std::int64_t ms = 1'000'000;

private:
  coordinator_doors doors() {
    coordinator_doors made;
    made.journal = [this](append_facts what) { batches.push_back(std::move(what)); };
    made.bridge = [this](to_bridge what) { told.push_back(std::move(what)); };
    made.knows_run = [this](const knows_run&, coordinator_doors::known_then then) {
      ++asked_journal;
      then(std::optional<run_id>());
    };
    made.now = [this] { return core::moment{ms, ms}; };
    return made;
  }
  coordinator_core core_;
};

change_note_ptr note_of_me() {
  return std::make_shared<change_note>(
      change_note{{"me", "local", "submit_run file=p.yaml", trouble_code::none, ""}});
}

}  // namespace

TEST_CASE("a submission, its line of the audit log and what starts at once are one transaction") {
  desk d;
  d.join();
  const auto before = d.batches.size(), words = d.told.size();
  const auto note = note_of_me();
  const auto run = d.submit(5, note);
  CHECK(note->kept);
  REQUIRE(d.batches.size() == before + 1);
  using kind = core::fact_kind;
  CHECK(d.kinds(before) ==
        std::vector<kind>{kind::run_submitted, kind::change_asked, kind::step_started});
  const auto& noted = d.batches.back().facts[1];
  CHECK(noted.run == 0);
  CHECK(noted.text == "me\nlocal\nsubmit_run file=p.yaml\nrun " + to_text(run));
  // Neither who asked nor the node hears of it before it is durable.
  CHECK(d.answers.empty());
  CHECK(d.told.size() == words);
  d.durable();
  CHECK(std::get<run_accepted>(d.answers.at(0)).run == run);
  CHECK(d.told.size() == words + 1);
}

TEST_CASE("a submission that is refused while the journal stalls is refused in the audit log too") {
  desk d;
  const auto run = d.submit(5, note_of_me());
  d.core().on_stalled({"the disk is full"});
  CHECK(std::holds_alternative<refused>(d.answers.at(0)));
  REQUIRE(d.batches.size() == 2);
  const auto& facts = d.batches[1].facts;
  const auto noted = std::find_if(facts.begin(), facts.end(), [](const auto& each) {
    return each.kind == core::fact_kind::change_asked;
  });
  REQUIRE(noted != facts.end());
  CHECK(noted->number == static_cast<std::int64_t>(trouble_code::unavailable));
  CHECK(noted->text.find(to_text(run)) != std::string::npos);
  CHECK(facts.back().kind == core::fact_kind::run_ended);  // and it will not run
}

TEST_CASE("the journal is asked for a run only when its id is not above all that it has") {
  desk d(make_run_id(10, 0, 0));
  d.submit(20);
  CHECK(d.asked_journal == 0);
  d.submit(15);  // below one that was submitted meanwhile
  CHECK(d.asked_journal == 1);
  d.submit(5);  // below what the journal had
  CHECK(d.asked_journal == 2);
  d.submit(30);
  CHECK(d.asked_journal == 2);
}

TEST_CASE("a run has ended for others when that is durable") {
  desk d;
  d.join();
  const auto run = d.submit(5);
  d.durable();
  node_reported said{"one", 7, 1, {{{run, 0, 1, ending::finished, false, ""}}}};
  d.core().on_reported(said);
  const auto& of = *d.core().state().find(run);
  CHECK(of.state() == run_state::succeeded);
  CHECK_FALSE(d.core().has_ended(of));
  CHECK(d.core().take_ended().empty());
  d.durable();
  CHECK(d.core().has_ended(of));
  CHECK(d.core().take_ended() == std::vector<core::run_no>{of.number()});
  CHECK(d.core().take_ended().empty());
}

TEST_CASE("a coordinator with nothing to do pauses for longer, and never for a whole heartbeat") {
  desk d;
  const auto idle = d.core().pause();
  CHECK(idle.count() * 2 <= 500);
  d.submit(5);
  CHECK(d.core().pause() < idle);
}
