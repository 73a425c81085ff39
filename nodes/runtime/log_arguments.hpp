// The log's options, the same for every node.
#pragma once

#include <CLI/CLI.hpp>

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

inline outcome<done> start_logging(const std::string& node, log_arguments given) {
  if (!given.size.empty()) {
    const auto bytes = config::size_bytes(given.size);
    if (!bytes || *bytes < 1'024)
      return bad_input("--log-size '" + given.size + "': expected a size such as 50MB");
    if (given.how.file.empty()) return bad_input("--log-size is given without --log-file");
    given.how.file_bytes = *bytes;
  }
  return logging::start(node, given.how);
}

}  // namespace artel::nodes
