#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>
#include <fstream>

#include "actors/core/run.hpp"
#include "actors/journal/journal_file.hpp"
#include "actors/journal/journal_keeper.hpp"
#include "actors/journal/output_keeper.hpp"
#include "actors/submission_text.hpp"
#include "messages/wire/packing.hpp"
#include "tests/support/temp_folder.hpp"

using namespace artel;
using namespace artel::journal;
using core::fact;
using core::fact_kind;

namespace {

fact submitted(core::run_no number, const std::string& pipeline = "p") {
  core::submission what;
  what.run = make_run_id(1'000 + number, 0, number);
  what.name = pipeline;
  what.instances = 2;
  return {fact_kind::run_submitted, number, 0, 0, 100, 0, wire::pack(what)};
}
fact of(fact_kind kind, core::run_no run, instance_no instance = 0, std::int64_t number = 0) {
  return {kind, run, instance, 1, 200, number, "text"};
}
std::unique_ptr<journal_file> opened(const std::filesystem::path& path) {
  auto file = journal_file::open(path);
  INFO((file ? "" : file.error().text));
  REQUIRE(file);
  return *std::move(file);
}

}  // namespace

TEST_CASE("facts come back in order and as they were, after the file was closed") {
  const tests::temp_folder folder;
  const std::vector<fact> facts{submitted(1), of(fact_kind::step_started, 1),
                                of(fact_kind::step_finished, 1),
                                of(fact_kind::step_failed, 1, 1, 999)};
  opened(folder.path() / "j")->append(facts);
  CHECK(opened(folder.path() / "j")->recover(0) == facts);
}

TEST_CASE("recovery gives runs that have not ended, and the last ended ones only as asked") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  for (core::run_no number = 1; number <= 3; ++number)
    file->append({submitted(number), of(fact_kind::step_started, number)});
  file->append({of(fact_kind::run_ended, 1, 0, 1), of(fact_kind::run_ended, 3, 0, 2)});
  CHECK(file->recover(0).size() == 2);
  CHECK(file->recover(1).size() == 5);
  CHECK(file->recover(9).size() == 8);
  CHECK(file->last_run() == 3);
}

TEST_CASE(
    "of ended runs recovery gives no more instances than asked, but the last run in any case") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  for (core::run_no number = 1; number <= 3; ++number)
    file->append({submitted(number), of(fact_kind::step_finished, number),
                  of(fact_kind::step_finished, number, 2), of(fact_kind::run_ended, number, 0, 1)});
  CHECK(file->recover(9, 6).size() == 12);
  CHECK(file->recover(9, 5).size() == 8);
  CHECK(file->recover(9, 1).size() == 4);
}

TEST_CASE("no run has an id above the one that the journal calls its newest") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  CHECK(file->newest_id() == run_id{});
  for (const core::run_no number : {2, 3, 1}) file->append({submitted(number)});
  const auto newest = file->newest_id();
  CHECK(file->knows(newest));
  for (const core::run_no number : {1, 2, 3})
    CHECK(read_submission(submitted(number).text)->run <= newest);
}

TEST_CASE("ended runs are listed newest first with what became of them") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  file->append({submitted(1, "a"), of(fact_kind::step_failed, 1, 0, 500),
                of(fact_kind::step_finished, 1), of(fact_kind::step_skipped, 1, 1),
                of(fact_kind::run_ended, 1, 0, 2)});
  file->append({submitted(2, "b"), of(fact_kind::run_ended, 2, 0, 1), submitted(3, "b")});
  const auto all = file->list_ended(10, "", 0);
  REQUIRE(all.size() == 2);
  CHECK(all[0].pipeline == "b");
  CHECK(all[1].state == run_state::failed);
  CHECK(all[1].restarts == 1);
  CHECK(all[1].ended_instances == 2);
  CHECK(file->list_ended(10, "a", 0).size() == 1);
  CHECK(file->list_ended(10, "", 2).size() == 1);
}

TEST_CASE("a run is found by the beginning of its id when that is unique") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  file->append({submitted(1), submitted(2), of(fact_kind::step_started, 2)});
  const auto id = to_text(make_run_id(1'002, 0, 2));
  const auto found = file->find(id);
  REQUIRE(found);
  CHECK(found->size() == 2);
  CHECK(file->find("0000").error().text.find("several runs") != std::string::npos);
  CHECK(file->find("ZZ").error().code == trouble_code::not_found);
}

TEST_CASE("a transaction that can not be written leaves nothing behind and can be tried again") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  file->append({submitted(1)});
  auto twice = submitted(2);
  CHECK_THROWS_AS(file->append({twice, twice}), sqlite_error);  // the second breaks a constraint
  CHECK(file->fact_count() == 1);
  file->append({twice});
  CHECK(file->recover(0).size() == 2);
}

TEST_CASE("a file that is no journal, or of another version, is refused and left alone") {
  const tests::temp_folder folder;
  std::ofstream(folder.path() / "text") << std::string(5'000, 'x');
  const auto no = journal_file::open(folder.path() / "text");
  REQUIRE_FALSE(no);
  CHECK(no.error().text.find("is damaged or not a journal") != std::string::npos);
  opened(folder.path() / "j");
  {
    database raw((folder.path() / "j").string(), SQLITE_OPEN_READWRITE);
    raw.execute("PRAGMA user_version = 99");
  }
  const auto newer = journal_file::open(folder.path() / "j");
  REQUIRE_FALSE(newer);
  CHECK(newer.error().text.find("version 99, this release knows versions 1 to 4") !=
        std::string::npos);
  CHECK(journal_file::open(folder.path() / "no/such/folder/j").error().text.find("can not open") !=
        std::string::npos);
}

TEST_CASE("output is kept once however often its frames come, and read from any offset") {
  const tests::temp_folder folder;
  output_store store(folder.path());
  const attempt_ref ref{make_run_id(1, 2, 3), 4, 5};
  const auto chunk = [&](std::uint64_t offset, const std::string& text) {
    return step_output{ref.run, ref.instance, ref.attempt, offset, bytes{text}};
  };
  REQUIRE(store.write(chunk(0, "hello ")));
  REQUIRE(store.write(chunk(6, "world")));
  REQUIRE(store.write(chunk(0, "hello ")));
  REQUIRE(store.write(chunk(6, "world, again")));  // longer than before: only the new part counts
  const auto all = store.read(ref, 0, true);
  CHECK(all.data.data == "hello world, again");
  CHECK(all.ended);
  CHECK(store.read(ref, 6, true).data.data == "world, again");
  CHECK(store.read(ref, 99, false).data.data.empty());
  auto other = ref;
  other.attempt = 6;
  CHECK(store.read(other, 0, false).data.data.empty());
}

TEST_CASE("a journal of the first version is taken to this one, with all that it holds") {
  const tests::temp_folder folder;
  const auto path = folder.path() / "journal.sqlite";
  std::ifstream in(ARTEL_SOURCE_FOLDER "/tests/unit/data/journal_v1.sql");
  const std::string dump{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(!dump.empty());
  database(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).execute(dump.c_str());
  for (int turn = 0; turn < 2; ++turn) {  // and once more, as it is then
    auto file = opened(path);
    CHECK(file->fact_count() == 22 + static_cast<std::uint64_t>(turn));
    const auto facts = file->recover(10);
    CHECK(facts.size() == 22 + static_cast<std::size_t>(turn));
    const auto said = read_submission(facts[turn == 0 ? 12 : 13].text);
    REQUIRE(said);
    CHECK(said->name == "old");
    CHECK(said->origin.empty());
    CHECK(file->list_ended(10, "", 0).size() == 1);
    CHECK(file->last_run() == 2);
    if (turn == 0) file->append({{fact_kind::node_drained, 0, 0, 0, 5, 1, "old-node"}});
  }
  CHECK(opened(path)->recover(0).front().text == "old-node");
}

TEST_CASE("a fact whose bytes have changed on the disk is refused, and named") {
  const tests::temp_folder folder;
  const auto path = folder.path() / "journal.sqlite";
  {
    auto file = opened(path);
    file->append({submitted(1), of(fact_kind::step_started, 1), of(fact_kind::step_finished, 1)});
  }
  database(path.string(), SQLITE_OPEN_READWRITE)
      .execute("UPDATE facts SET attempt = 7 WHERE seq = 2");
  auto file = opened(path);
  try {
    file->recover(0);
    FAIL("it was not refused");
  } catch (const sqlite_error& e) {
    CHECK(e.code == SQLITE_CORRUPT);
    CHECK(std::string(e.what()) == "fact 2 (of run 1) does not fit its checksum");
  }
}

TEST_CASE("a run is found by its key, until its submission is refused after all") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  core::submission what;
  what.run = make_run_id(7, 0, 7);
  what.origin = {{"key", "monday"}};
  file->append({{fact_kind::run_submitted, 1, 0, 0, 1, 0, wire::pack(what)}});
  CHECK(file->find_key("monday") == what.run);
  CHECK_FALSE(file->find_key("tuesday"));
  CHECK_FALSE(file->find_key(""));
  file->append({of(fact_kind::run_cancel_requested, 1, 0, 2)});
  CHECK_FALSE(file->find_key("monday"));
}

TEST_CASE("an ended run has as many instances as have ended, whatever it was submitted with") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  file->append({submitted(1), of(fact_kind::step_finished, 1), of(fact_kind::run_ended, 1, 0, 1)});
  CHECK(file->list_ended(1, "", 0).front().instances == 1);
}

TEST_CASE("whoever asks the keeper sees all that was given to it before, written yet or not") {
  const tests::temp_folder folder;
  caf::actor_system_config config;
  caf::actor_system system(config);
  caf::scoped_actor asker(system);
  keeper_options options;
  options.file = folder.path() / "j";
  options.names = std::make_shared<directory>();
  const auto keeper = system.spawn<journal_keeper>(options);
  std::size_t seen = 0;
  // Often, because the keeper may have written before the question comes.
  for (core::run_no number = 1; number <= 50; ++number) {
    asker->send(
        keeper,
        append_facts{1, number, {submitted(number), of(fact_kind::run_ended, number, 0, 1)}});
    asker->request(keeper, caf::infinite, list_ended{1'000, "", 0})
        .receive([&](const runs_listed& all) { seen += all.runs.size() == number ? 1 : 0; },
                 [](const caf::error& why) { FAIL(to_string(why)); });
  }
  CHECK(seen == 50);
  asker->send_exit(keeper, caf::exit_reason::kill);
}

TEST_CASE("of results that are kept the newest of each key stay, up to a bound of bytes") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  const auto kept = [](const std::string& key, std::size_t size) {
    return fact{fact_kind::result_kept, 0, 0, 0, 200, 0, key + "\nrun\n" + std::string(size, 'x')};
  };
  file->append({kept("a", 10), kept("b", 100U << 20), kept("a", 10), kept("c", 100U << 20)});
  CHECK(file->prune_superseded() == 1);
  file->append({kept("d", 100U << 20)});
  CHECK(file->prune_superseded() == 1);  // b goes: with it there are more than 256 MB
  CHECK(file->recover(0).size() == 3);
}

TEST_CASE("of how far a schedule has come only the last fact is kept") {
  const tests::temp_folder folder;
  auto file = opened(folder.path() / "j");
  const auto passed = [](const std::string& name, std::int64_t upto) {
    return fact{fact_kind::schedule_passed, 0, 0, 0, 200, upto, name + "\n@daily UTC\nrun 1"};
  };
  const fact pause{fact_kind::schedule_paused, 0, 0, 0, 200, 1, "a\nby me"};
  file->append({passed("a", 1), passed("b", 1), pause, passed("a", 2), passed("ab", 3),
                passed("a", 4), submitted(1)});
  CHECK(file->superseding() == 5);
  CHECK(file->prune_superseded() == 2);
  CHECK(file->superseding() == 0);
  const std::vector<fact> left{passed("b", 1), pause, passed("ab", 3), passed("a", 4),
                               submitted(1)};
  CHECK(file->recover(0) == left);
  CHECK(file->prune_superseded() == 0);
}
