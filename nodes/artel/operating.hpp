// Verbs for operators: lines of logs, events, alerts, what nodes do, and changes of them.
#pragma once

#include "messages/operation.hpp"
#include "nodes/artel/context.hpp"

namespace artel::cli {

struct lines_options {
  std::string run, step, node, event, level, text;
  std::string since, until;  ///< "2h" ago, or a moment such as 2026-11-27T10:00
  std::uint32_t count = 100;
  bool follow = false;
};
int lines(const context& cli, const lines_options& what);

struct events_options {
  std::string run, pipeline;
  std::optional<std::uint64_t> after;
  bool follow = false;
};
int events(const context& cli, const events_options& what);

int active(const context& cli, const std::string& node, const std::string& pipeline);
int stats(const context& cli, const std::string& name);
int registered(const context& cli, const std::string& node);
int ping_cluster(const context& cli);

/// `node` may be "all": every worker node that is there, for slots; and the supervisor node, for
/// levels.
int change(const context& cli, const change_node& what);

int alerts(const context& cli, bool all);
int alert_rules(const context& cli);
int check_rules(const context& cli, const std::string& file);
struct silence_options {
  std::string rule = "*";
  std::vector<std::string> labels;  ///< NAME=VALUE
  std::string length = "1h";
  std::string reason;
};
int silence(const context& cli, const silence_options& what, bool undo);

int check_config(const context& cli, const std::string& file);

}  // namespace artel::cli
