// The store of log lines: an SQLite file of its own beside the journal, since a line may be lost
// and a fact may not. Lines of all nodes, numbered as they come; the oldest go by age and by size.
// One thread only.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "actors/journal/sqlite.hpp"
#include "messages/operation.hpp"
#include "messages/outcome.hpp"

namespace artel::journal {

class log_file {
public:
  /// Opens or creates `path`; a damaged one is put aside under another name, which `damaged` tells.
  static outcome<std::unique_ptr<log_file>> open(const std::filesystem::path& path,
                                                 std::string& damaged);

  /// All of them in one transaction; gives them their numbers. Throws sqlite_error.
  std::vector<numbered_line> append(std::vector<log_line> lines);
  /// Throws sqlite_error.
  lines_read read(const read_lines& what);
  std::uint64_t last_number() const { return static_cast<std::uint64_t>(last_); }
  std::uint64_t bytes();
  /// Takes out some of the oldest: those before that time, and what is too much. False: none were.
  bool prune(std::int64_t before_ms, std::uint64_t bytes_max);

private:
  explicit log_file(const std::filesystem::path& path);

  database database_;
  std::optional<statement> insert_;
  std::int64_t last_ = 0;
};

}  // namespace artel::journal
