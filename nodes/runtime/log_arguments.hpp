// The log's options, the same for every node.
#pragma once

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "actors/logging/log.hpp"
#include "config/quantities.hpp"

namespace artel::nodes {

struct log_arguments {
  logging::options how;
  std::string size;  ///< of a file, as people write it
};

inline void add_log_options(CLI::App& to, log_arguments& given) {
  to.add_option("--log-level", given.how.levels,
                "debug, info, warn, error, critical or off; by room: info,transport=debug")
      ->capture_default_str();
  to.add_option("--log-format", given.how.format,
                "text, json, ecs or otel (docs/LOGS.md); auto is text, as journald wants it under "
                "systemd")
      ->capture_default_str();
  to.add_option("--log-file", given.how.file, "instead of stderr");
  to.add_option("--log-size", given.size,
                "begin a new file at this size, e.g. 50MB (default: never)");
  to.add_option("--log-files", given.how.files_kept, "older files to keep")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
}

/// What start_logging would refuse.
inline outcome<done> check_logging(const log_arguments& given) {
  if (auto good = logging::check(given.how); !good) return good;
  if (!given.size.empty() && config::size_bytes(given.size).value_or(0) < 1'024)
    return bad_input("--log-size '" + given.size + "': expected a size such as 50MB");
  if (!given.size.empty() && given.how.file.empty())
    return bad_input("--log-size is given without --log-file");
  const auto folder = std::filesystem::path(given.how.file).parent_path();
  if (std::error_code none;
      std::filesystem::exists(folder, none) && ::access(folder.c_str(), W_OK | X_OK) != 0)
    return bad_input("log file '" + given.how.file + "': this user can not write in " +
                     folder.string());
  return done{};
}

inline outcome<done> start_logging(const std::string& node, log_arguments given) {
  if (auto good = check_logging(given); !good) return good;
  if (!given.size.empty()) given.how.file_bytes = *config::size_bytes(given.size);
  return logging::start(node, given.how);
}

}  // namespace artel::nodes
