// What was done of late, in spans, for who looks at the page.
#include "actors/core/history_book.hpp"

#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

TEST_CASE("a point tells how attempts of its span ended, and what is out and waits at its end") {
  world w(2);
  metrics_book counts;
  history_book book;
  std::size_t told = 0;
  std::int64_t at = 1'000'000;
  const auto look = [&] {
    for (; told < w.facts.size(); ++told) counts.note(w.facts[told], w.cluster_);
    book.look(at, at, counts, w.cluster_);
  };
  look();
  CHECK(book.after(0).points.empty());  // the first look is the beginning of the first span
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop, instances: 5, allow_failure: true}\n");
  w.report("a[0]", ending::finished);
  w.report("a[1]", ending::failed);
  at += history_book::span_ms / 2;
  look();
  CHECK(book.after(0).points.empty());  // the span is not over
  at += history_book::span_ms;
  look();
  const auto all = book.after(0).points;
  REQUIRE(all.size() == 1);
  CHECK(all[0].span_ms == history_book::span_ms * 3 / 2);
  CHECK((all[0].succeeded == 1 && all[0].failed == 1));
  CHECK((all[0].running == 2 && all[0].ready == 1));
  at += history_book::span_ms;
  look();
  CHECK(book.after(0).points.back().succeeded == 0);
  CHECK(book.after(all[0].at_ms).points.size() == 1);
}

TEST_CASE("history is bounded: the oldest points go") {
  const world w(1);
  const metrics_book counts;
  history_book book;
  for (std::int64_t i = 1; i <= static_cast<std::int64_t>(history_points_max) + 10; ++i)
    book.look(i * history_book::span_ms, i * history_book::span_ms, counts, w.cluster_);
  const auto all = book.after(0).points;
  CHECK(all.size() == history_points_max);
  CHECK(all.front().at_ms == 11 * history_book::span_ms);
}
