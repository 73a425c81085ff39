// What has changed lately, for who looks again and again.
#include "actors/core/change_book.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace artel::core;

namespace {

constexpr std::uint64_t lost = ~0ULL;

std::vector<run_no> seen_since(const change_book& book, std::uint64_t& after,
                               std::uint64_t durable) {
  std::vector<run_no> runs;
  const auto upto = book.since(after, durable, [&](run_no run) { runs.push_back(run); });
  after = upto.value_or(lost);
  return runs;
}

}  // namespace

TEST_CASE("changes are told in order, each once, and not before their facts are durable") {
  change_book book;
  std::uint64_t after = book.last(0);
  book.note(1, 1), book.note(1, 1), book.note(2, 2), book.note(1, 3);
  CHECK(seen_since(book, after, 0).empty());
  CHECK(seen_since(book, after, 2) == std::vector<run_no>{1, 2});
  CHECK(seen_since(book, after, 2).empty());
  CHECK(seen_since(book, after, 3) == std::vector<run_no>{1});
}

TEST_CASE("who is too far behind, or knows of changes that there never were, looks anew") {
  change_book book;
  for (std::size_t i = 0; i < change_book::changes_max + 10; ++i) book.note(i + 1, 1);
  std::uint64_t behind = 5, ahead = 1'000'000;
  seen_since(book, behind, 1);
  CHECK(behind == lost);
  seen_since(book, ahead, 1);
  CHECK(ahead == lost);
  std::uint64_t near = book.last(1) - 3;
  CHECK(seen_since(book, near, 1).size() == 3);
  CHECK(near == book.last(1));
}
