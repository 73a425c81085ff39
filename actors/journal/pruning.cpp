// Taking old runs out of a journal, a little at a time, so that commits need not wait long.
#include "actors/core/result_cache.hpp"
#include "actors/journal/journal_file.hpp"

namespace artel::journal {
namespace {

constexpr std::int64_t facts_per_turn_max = 20'000;

// One that is being taken out goes on first. A run never leaves in part: from its first turn on its
// row says pruned, and nobody is shown it any more.
constexpr const char* next_run =
    "SELECT no, id, first_seq, last_seq FROM runs WHERE state = 9 OR (state BETWEEN 1 AND 8 AND "
    "ended_at < ?1 AND no NOT IN (SELECT no FROM runs ORDER BY no DESC LIMIT ?2)) ORDER BY state = "
    "9 "
    "DESC, no LIMIT 1";

}  // namespace

pruned journal_file::prune(std::int64_t before_ms, std::uint64_t runs_at_least) {
  statement oldest(database_, next_run);
  oldest.bind(1, before_ms);
  oldest.bind(2, static_cast<std::int64_t>(std::max<std::uint64_t>(1, runs_at_least)));
  if (!oldest.step()) return {};
  const auto number = oldest.number(0), first = oldest.number(2), last = oldest.number(3);
  const auto to = std::min(last, first + facts_per_turn_max);
  pruned taken{true, run_id_from(oldest.text(1)).value_or(run_id{}), 0, to == last};
  oldest.reset();
  transaction all(database_);
  statement facts(database_, "DELETE FROM facts WHERE seq BETWEEN ? AND ? AND run = ?");
  facts.bind(1, first), facts.bind(2, to), facts.bind(3, number);
  facts.run();
  taken.facts = static_cast<std::uint64_t>(sqlite3_changes(database_.get()));
  statement row(database_, taken.whole ? "DELETE FROM runs WHERE no = ?1"
                                       : "UPDATE runs SET first_seq = ?2, state = 9 WHERE no = ?1");
  row.bind(1, number);
  if (!taken.whole) row.bind(2, to + 1);
  row.run();
  all.commit();
  return taken;
}

/// How far a schedule has come is one fact for each planned time, a result that is kept one for
/// each time that it was made; the last one says it all. Of results only the newest stay.
std::uint64_t journal_file::prune_superseded() {
  static_assert(static_cast<int>(core::fact_kind::schedule_passed) == 18);
  static_assert(static_cast<int>(core::fact_kind::result_kept) == 21);
  static_assert(core::results_kept_max == 100'000 && core::result_bytes_kept_max == 268'435'456);
  std::uint64_t gone = 0;
  for (const auto* sql :
       {"DELETE FROM facts WHERE run = 0 AND kind IN (18, 21) AND seq NOT IN (SELECT max(seq) "
        "FROM facts WHERE run = 0 AND kind IN (18, 21) GROUP BY kind, substr(text, 1, "
        "instr(text, x'0a')))",
        "DELETE FROM facts WHERE seq IN (SELECT seq FROM (SELECT seq, row_number() OVER newest AS "
        "place, sum(length(text)) OVER newest AS bytes FROM facts WHERE run = 0 AND kind = 21 "
        "WINDOW newest AS (ORDER BY seq DESC)) WHERE place > 100000 OR bytes > 268435456)"}) {
    database_.execute(sql);
    gone += static_cast<std::uint64_t>(sqlite3_changes(database_.get()));
  }
  superseding_ = 0;
  return gone;
}

}  // namespace artel::journal
