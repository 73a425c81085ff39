// Which planned times start a run: never one twice, and missed ones as the schedule says.
#include <catch2/catch.hpp>

#include "actors/core/schedule_book.hpp"

using namespace artel;
using namespace artel::core;

namespace {

constexpr std::int64_t minute = 60'000, hour = 60 * minute;
constexpr std::int64_t midnight = 1'700'006'400'000;  // 2023-11-15T00:00Z

planned_schedule hourly(misfire_policy misfire = misfire_policy::once, std::uint64_t within = 0,
                        std::uint64_t jitter = 0, const char* cron = "0 * * * *") {
  schedule_definition what;
  what.name = "nightly";
  what.cron = cron;
  what.misfire = misfire;
  what.within_ms = within;
  what.jitter_ms = jitter;
  return {what, calendar(*cron_rule::parse(cron), utc_period)};
}

struct book_world {
  schedule_book book;
  std::vector<fact> facts;
  explicit book_world(planned_schedule one, std::int64_t now = midnight + minute) {
    book.set({std::move(one)}, {}, now, facts);
  }
  due_times due(std::int64_t now) const { return book.times_of(*book.find("nightly"), now); }
};

using list = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a new schedule begins when it is first seen, and that is a fact") {
  book_world w(hourly());
  REQUIRE(w.facts.size() == 1);
  CHECK(w.facts[0].number == midnight + minute);
  CHECK(w.book.due(midnight + 59 * minute) == nullptr);
  REQUIRE(w.book.due(midnight + hour) != nullptr);
  CHECK(w.due(midnight + hour).start_ms == list{midnight + hour});
}

TEST_CASE("what has been dealt with does not come again, also when the clock is set back") {
  book_world w(hourly());
  w.book.pass("nightly", midnight + hour, "run 1", midnight + hour, w.facts);
  CHECK(w.book.due(midnight + hour + 1) == nullptr);
  CHECK(w.book.due(midnight - 5 * hour) == nullptr);
  CHECK(w.book.due(midnight + 2 * hour) != nullptr);
  CHECK(w.book.mark_of("nightly").last == "run 1");
}

TEST_CASE("after recovery a schedule goes on where its facts say, and misses nothing") {
  book_world w(hourly());
  w.book.pass("nightly", midnight + hour, "run 1", midnight + hour, w.facts);
  schedule_book again;
  for (const auto& one : w.facts) again.replay(one);
  std::vector<fact> more;
  again.set({hourly()}, {}, midnight + 2 * hour + 10, more);
  CHECK(more.empty());
  REQUIRE(again.due(midnight + 2 * hour + 10) != nullptr);
  CHECK(again.times_of(*again.find("nightly"), midnight + 2 * hour + 10).start_ms ==
        list{midnight + 2 * hour});
}

TEST_CASE("times that were missed start nothing, one run, or one each, as the schedule says") {
  const auto now = midnight + 5 * hour + 30 * minute;
  const auto skip = book_world(hourly(misfire_policy::skip)).due(now);
  CHECK(skip.start_ms.empty());
  CHECK(skip.skipped == 5);
  CHECK(skip.upto_ms == midnight + 5 * hour);
  const auto once = book_world(hourly()).due(now);
  CHECK(once.start_ms == list{midnight + 5 * hour});
  CHECK(once.missed == 1);
  CHECK(once.skipped == 4);
  const auto all = book_world(hourly(misfire_policy::all, 3 * hour)).due(now);
  CHECK(all.start_ms == list{midnight + 3 * hour, midnight + 4 * hour, midnight + 5 * hour});
  CHECK(all.missed == 3);
  CHECK(all.skipped == 2);
}

TEST_CASE("a time that comes now makes one that was missed needless, unless each is to run") {
  const auto now = midnight + 3 * hour + 10;
  CHECK(book_world(hourly()).due(now).start_ms == list{midnight + 3 * hour});
  CHECK(book_world(hourly()).due(now).missed == 0);
  CHECK(book_world(hourly(misfire_policy::skip)).due(now).start_ms == list{midnight + 3 * hour});
  CHECK(book_world(hourly(misfire_policy::all, 24 * hour)).due(now).start_ms.size() == 3);
}

TEST_CASE("a clock that jumps by years starts no flood of runs") {
  auto each_minute = hourly(misfire_policy::all, 365 * 24 * hour, 0, "* * * * *");
  const auto due = book_world(std::move(each_minute)).due(midnight + 5 * 365 * 24 * hour);
  CHECK(due.start_ms.size() <= misfires_started_max + 2);
  CHECK(due.upto_ms == midnight + 5 * 365 * 24 * hour);
  const auto yearly = book_world(hourly(misfire_policy::skip, 0, 0, "0 0 29 2 *"))
                          .due(midnight + 9 * 365 * 24 * hour);
  CHECK(yearly.start_ms.empty());
  CHECK(yearly.upto_ms > midnight + 8 * 365 * 24 * hour - 5 * 24 * hour);
}

TEST_CASE("jitter delays a schedule by its name, always by the same, and counts as no lateness") {
  book_world w(hourly(misfire_policy::skip, 0, 30 * minute));
  const auto jitter = w.book.find("nightly")->jitter_ms;
  CHECK(jitter > 0);
  CHECK(jitter <= 30 * minute);
  CHECK(w.book.due(midnight + hour + jitter - 1) == nullptr);
  CHECK(w.due(midnight + hour + jitter).start_ms == list{midnight + hour});
  CHECK(book_world(hourly(misfire_policy::skip, 0, 30 * minute)).book.find("nightly")->jitter_ms ==
        jitter);
}

TEST_CASE("a schedule with a new rule begins anew, and so does one that was away") {
  book_world w(hourly());
  w.facts.clear();
  w.book.set({hourly(misfire_policy::once, 0, 0, "*/5 * * * *")}, {}, midnight + 10 * hour,
             w.facts);
  REQUIRE(w.facts.size() == 1);
  CHECK(w.book.due(midnight + 10 * hour) == nullptr);
  w.book.set({}, {}, midnight + 11 * hour, w.facts);
  w.book.set({hourly(misfire_policy::once, 0, 0, "*/5 * * * *")}, {}, midnight + 20 * hour,
             w.facts);
  CHECK(w.book.due(midnight + 20 * hour) == nullptr);
  CHECK(w.facts.size() == 3);
  schedule_book again;
  for (const auto& one : w.facts) again.replay(one);
  CHECK(again.mark_of("nightly").passed_ms == midnight + 20 * hour);
}

TEST_CASE("a schedule that can not be understood for now goes on later where it was") {
  book_world w(hourly());
  w.book.pass("nightly", midnight + hour, "run 1", midnight + hour, w.facts);
  w.facts.clear();
  w.book.set({}, {"nightly"}, midnight + 2 * hour, w.facts);
  CHECK(w.facts.empty());
  CHECK(w.book.due(midnight + 3 * hour) == nullptr);
  w.book.set({hourly()}, {}, midnight + 4 * hour, w.facts);
  CHECK(w.facts.empty());
  CHECK(w.due(midnight + 4 * hour).skipped == 2);
}

TEST_CASE("of two schedules with one name the first counts, and others start behind them") {
  schedule_book book;
  std::vector<fact> facts;
  auto other = hourly();
  other.what.name = "other";
  book.set({hourly(), hourly(misfire_policy::once, 0, 0, "30 * * * *"), other}, {},
           midnight + minute, facts);
  CHECK(facts.size() == 2);
  for (int i = 0; i < 2; ++i) {
    const auto* due = book.due(midnight + hour);
    REQUIRE(due != nullptr);
    book.pass(due->is.what.name, midnight + hour, "run", midnight + hour, facts);
  }
  CHECK(book.due(midnight + hour) == nullptr);
  CHECK(book.mark_of("other").passed_ms == midnight + hour);
}

TEST_CASE("the run of a planned time has one id, different from that of any other") {
  CHECK(id_of_planned("a", midnight) == id_of_planned("a", midnight));
  CHECK(id_of_planned("a", midnight) != id_of_planned("b", midnight));
  CHECK(id_of_planned("a", midnight) != id_of_planned("a", midnight + 1'000));
}
