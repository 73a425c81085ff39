// Care of a journal that may be damaged or too long: check, backup, compact, salvage. Works on
// files; check and backup beside a running node, too. What a submission means is not this room's
// business: callers bring a reader for it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "actors/core/history_check.hpp"
#include "messages/outcome.hpp"

namespace artel::journal {

/// From the text of a run_submitted to the run's submission and graph; a graph of nullptr: the
/// pipeline can not be read (any more).
using submission_reader = std::function<core::history_check::opened(const std::string& packed)>;

struct check_report {
  std::uint64_t facts = 0;
  std::uint64_t runs = 0;
  std::uint64_t active_runs = 0;
  std::uint64_t without_sum = 0;      ///< facts from before there were checksums
  std::vector<std::string> problems;  ///< each names its place; at most problems_max
};
constexpr std::size_t problems_max = 100;

/// Reads everything: SQLite's own structure, each fact's checksum, whether each fact may follow
/// those before it, and the rows of runs. Trouble only when the file can not be opened at all.
outcome<check_report> check(const std::filesystem::path& file, const submission_reader& read);

/// A copy as of now, also of a journal in use. `to` must not exist; it appears whole or not at all.
outcome<std::uint64_t> backup(const std::filesystem::path& file, const std::filesystem::path& to);

struct retention {
  std::int64_t before_ms = 0;       ///< runs that ended before, ms since 1970 …
  std::uint64_t runs_at_least = 1;  ///< … but never the newest so many
};
struct compact_report {
  std::uint64_t runs = 0;  ///< that were taken out
  std::uint64_t facts = 0;
  std::uint64_t bytes_before = 0, bytes_after = 0;
};
/// Takes old runs out and gives the room back to the file system. Nobody else may have it open.
outcome<compact_report> compact(const std::filesystem::path& file, const retention& keep,
                                const std::function<void(const run_id&)>& gone);

struct salvage_report {
  std::uint64_t facts = 0;
  std::uint64_t runs = 0;
  std::vector<std::string> lost;  ///< what could not be saved, in sentences; at most problems_max
};
/// A new journal at `to` with every fact of `file` that can be read and may follow those before it.
/// A run of which something is lost goes on from before that.
outcome<salvage_report> salvage(const std::filesystem::path& file, const std::filesystem::path& to,
                                const submission_reader& read);

}  // namespace artel::journal
