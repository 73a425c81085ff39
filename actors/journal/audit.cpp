// The journal's audit log: facts of no run that nobody but its reader asks for.
#include <algorithm>
#include <sstream>

#include "actors/journal/journal_file.hpp"

namespace artel::journal {

std::vector<audit_entry> journal_file::list_audit(std::uint32_t limit, const std::string& by,
                                                  std::uint64_t before) {
  std::vector<audit_entry> list;
  statement rows(database_, (std::string("SELECT ") + fact_columns +
                             " FROM facts WHERE run = 0 AND kind = 25 AND (?1 = 0 OR seq < ?1) "
                             "ORDER BY seq DESC")
                                .c_str());
  rows.bind(1, static_cast<std::int64_t>(before));
  while (list.size() < std::min(limit, audit_listed_max) && rows.step()) {
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

void journal_file::prune_audit(std::int64_t before_ms) {
  statement out(database_, "DELETE FROM facts WHERE run = 0 AND kind = 25 AND at < ?");
  out.bind(1, before_ms);
  out.run();
}

}  // namespace artel::journal
