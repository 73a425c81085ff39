// Who reads the journal beside the coordinator: the audit log (facts of no run that nobody else
// asks for), and those who follow what happens.
#include <algorithm>
#include <sstream>

#include "actors/journal/journal_file.hpp"

namespace artel::journal {
namespace {
constexpr std::int64_t entries_per_turn_max = 20'000;
constexpr std::size_t entries_looked_at_max = 200'000;  ///< for those of one user
}  // namespace

std::vector<audit_entry> journal_file::list_audit(std::uint32_t limit, const std::string& by,
                                                  std::uint64_t before) {
  std::vector<audit_entry> list;
  statement rows(database_, (std::string("SELECT ") + fact_columns +
                             " FROM facts WHERE run = 0 AND kind = 25 AND (?1 = 0 OR seq < ?1) "
                             "ORDER BY seq DESC")
                                .c_str());
  rows.bind(1, static_cast<std::int64_t>(before));
  for (std::size_t looked_at = 0; list.size() < std::min(limit, audit_listed_max) &&
                                  looked_at < entries_looked_at_max && rows.step();
       ++looked_at) {
    const auto noted = fact_at(rows);
    std::istringstream lines(noted.text);
    audit_entry one;
    for (auto* line : {&one.by, &one.from, &one.what, &one.answer}) std::getline(lines, *line);
    if (!by.empty() && one.by != by) continue;
    one.number = static_cast<std::uint64_t>(rows.number(7));
    one.at_ms = noted.at_ms;
    one.code = static_cast<trouble_code>(noted.number);
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<journal_file::numbered_fact> journal_file::public_facts(std::uint64_t after,
                                                                    std::uint32_t limit,
                                                                    const std::string& run) {
  std::int64_t number = 0, first = 0, last = last_sequence_;
  if (!run.empty()) {
    statement which(database_, "SELECT no, first_seq, last_seq, state FROM runs WHERE id = ?");
    which.bind_text(1, run);
    if (!which.step()) return {};
    number = which.number(0);
    first = which.number(1) - 1;
    if (which.number(3) != 0) last = which.number(2);
  }
  std::vector<numbered_fact> list;
  statement rows(database_,
                 "SELECT f.at,f.run,f.kind,f.instance,f.attempt,f.number,f.text,f.seq,f.sum,r.id "
                 "FROM facts f LEFT JOIN runs r ON r.no = f.run WHERE f.seq > ?1 AND f.seq <= ?2 "
                 "AND (?3 = 0 OR f.run = ?3) AND f.kind NOT IN (21, 25) ORDER BY f.seq LIMIT ?4");
  rows.bind(1, std::max(static_cast<std::int64_t>(after), first));
  rows.bind(2, last);
  rows.bind(3, number);
  rows.bind(4, limit);
  while (rows.step())
    list.push_back({static_cast<std::uint64_t>(rows.number(7)), fact_at(rows), rows.text(9)});
  return list;
}

bool journal_file::prune_audit(std::int64_t before_ms) {
  statement out(database_,
                "DELETE FROM facts WHERE seq IN (SELECT seq FROM facts WHERE run = 0 AND kind = 25 "
                "AND at < ?1 LIMIT ?2)");
  out.bind(1, before_ms);
  out.bind(2, entries_per_turn_max);
  out.run();
  return sqlite3_changes(database_.get()) != 0;
}

}  // namespace artel::journal
