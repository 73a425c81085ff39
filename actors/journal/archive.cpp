#include "actors/journal/archive.hpp"

#include <algorithm>

#include "actors/actor_errors.hpp"
#include "actors/journal/journal_file.hpp"

namespace artel::journal {

run_summary summary_at(const statement& row) {
  run_summary one;
  one.run = run_id_from(row.text(0)).value_or(run_id{});
  one.pipeline = row.text(1);
  one.state = static_cast<run_state>(row.number(2));
  one.submitted_ms = row.number(3);
  one.ended_ms = row.number(4);
  // All instances of an ended run have ended; mapped steps got theirs since it was submitted.
  one.instances = one.ended_instances = static_cast<std::uint32_t>(row.number(6));
  one.restarts = static_cast<std::uint32_t>(row.number(7));
  return one;
}
namespace {

// Facts in which a text is looked for: submissions with their parameters, failures, crashes, ends.
// Of a large journal the newest ones.
constexpr const char* mentioned =
    " OR no IN (SELECT run FROM facts WHERE seq > (SELECT max(seq) FROM facts) - 1000000 AND kind "
    "IN "
    "(1,5,6,11,13) AND instr(text, CAST(?4 AS BLOB)))";

/// Runs whose results are looked at, of one pipeline or of all: the last ones.
constexpr const char* of_last_runs =
    "SELECT no, id, pipeline FROM runs WHERE ?1 = '' OR pipeline = ?1 ORDER BY no DESC LIMIT 50000";

/// " AND id IN (…)"; what is no id is passed over.
std::string among_ids(const std::vector<std::string>& ids) {
  std::string list;
  for (const auto& each : ids)
    if (const auto id = run_id_from(each)) list += (list.empty() ? "'" : ",'") + to_text(*id) + "'";
  return ids.empty() ? "" : " AND id IN (" + list + ")";
}

}  // namespace

archive::archive(caf::actor_config& config, std::filesystem::path file)
    : caf::event_based_actor(config), file_(std::move(file)) {}

/// A file that can not be read is told to who asked; the next one opens it anew.
template <class Answer, class Read>
caf::result<Answer> archive::answer(Read&& read) {
  try {
    return read();
  } catch (const sqlite_error& e) {
    database_.reset();
    return failure(std::string("the journal can not be read: ") + e.what());
  }
}

caf::behavior archive::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](const find_past& ask) -> caf::result<runs_found> {
        return answer<runs_found>([&] { return find(ask.what); });
      },
      [this](const find_past_results& ask) -> caf::result<results_found> {
        return answer<results_found>([&] { return find(ask.what); });
      },
      [this](const recall_runs& ask) -> caf::result<runs_recalled> {
        return answer<runs_recalled>([&] { return runs_recalled{recall(ask.of_each)}; });
      },
  };
}

database& archive::opened() {
  if (!database_) {
    database_.emplace(file_.string(), SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
    sqlite3_busy_timeout(database_->get(), 5'000);
  }
  return *database_;
}

runs_found archive::find(const find_runs& what) {
  std::string states;
  for (std::size_t i = 1; i < std::size(run_state_names); ++i)
    if (what.states.empty() ||
        std::find(what.states.begin(), what.states.end(), run_state_names[i]) != what.states.end())
      states += (states.empty() ? "" : ",") + std::to_string(i);
  runs_found made;
  if (states.empty()) return made;
  const std::string sql =
      std::string("SELECT ") + summary_columns + " FROM runs WHERE state IN (" + states +
      ") AND (?1 = '' OR id < ?1) AND (?2 = '' OR pipeline = ?2) AND (?4 = '' OR substr(id, 1, "
      "length(?4)) = ?4 OR instr(pipeline, ?4)" +
      (what.text.empty() ? "" : mentioned) + ")" + among_ids(what.ids) +
      " ORDER BY id DESC LIMIT ?3";
  statement rows(opened(), sql.c_str());
  rows.bind_text(1, what.before);
  rows.bind_text(2, what.pipeline);
  rows.bind(3, std::int64_t{what.limit} + 1);
  rows.bind_text(4, what.text);
  while (rows.step()) made.runs.push_back(summary_at(rows));
  if (made.runs.size() > what.limit) {
    made.runs.pop_back();
    made.next = to_text(made.runs.back().run);
  }
  return made;
}

results_found archive::find(const find_results& what) {
  // However rare the text is, no more than so many results are looked at, from the newest run on;
  // sorting them here and not in SQL keeps it from collecting all of them first.
  static const std::string sql =
      std::string(
          "SELECT id, pipeline, at, text, seq FROM (SELECT r.id, r.pipeline, f.at, f.text, "
          "f.seq FROM (") +
      of_last_runs +
      ") AS r CROSS JOIN facts AS f INDEXED BY facts_with_result ON f.run = r.no AND f.kind = 3 "
      "AND length(f.text) > 2 LIMIT 200000) WHERE ?2 = '' OR instr(text, CAST(?2 AS BLOB)) LIMIT "
      "?3";
  statement rows(opened(), sql.c_str());
  rows.bind_text(1, what.pipeline);
  rows.bind_text(2, what.text);
  rows.bind(3, std::int64_t{what.limit});
  std::vector<std::pair<std::int64_t, result_view>> found;
  while (rows.step())
    if (const auto id = run_id_from(rows.text(0)))
      found.push_back({rows.number(4), {*id, rows.text(1), rows.number(2), rows.text(3)}});
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  results_found made;
  for (auto& each : found) made.results.push_back(std::move(each.second));
  return made;
}

std::vector<run_summary> archive::recall(std::uint32_t of_each) {
  // From name to name by the index: a pipeline costs its last runs, however many it has had.
  const std::string sql =
      std::string(
          "WITH RECURSIVE names(name) AS (SELECT min(pipeline) FROM runs UNION ALL SELECT (SELECT "
          "min(pipeline) FROM runs WHERE pipeline > names.name) FROM names WHERE names.name IS NOT "
          "NULL) SELECT ") +
      summary_columns +
      " FROM names CROSS JOIN runs ON no IN (SELECT no FROM runs WHERE pipeline = names.name AND "
      "state BETWEEN 1 AND 8 ORDER BY no DESC LIMIT ?1) WHERE names.name IS NOT NULL";
  statement rows(opened(), sql.c_str());
  rows.bind(1, of_each);
  std::vector<run_summary> all;
  while (rows.step()) all.push_back(summary_at(rows));
  return all;
}

}  // namespace artel::journal
