// artel journal: check, backup, compact and salvage of a supervisor node's journal.
#pragma once

#include "nodes/artel/context.hpp"

namespace artel::cli {

struct journal_options {
  std::string file;  ///< empty: that of the data folder
  std::string to;    ///< backup, salvage
  std::string keep = "90d";
  std::uint64_t keep_runs = 1'000;
};

// Each returns the exit code.
int check_journal(const context& cli, const journal_options& what);
int backup_journal(const context& cli, const journal_options& what);
int compact_journal(const context& cli, const journal_options& what);
int salvage_journal(const context& cli, const journal_options& what);

}  // namespace artel::cli
