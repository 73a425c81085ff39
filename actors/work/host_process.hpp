// A step host as its worker sees it: the process, its control socket, its output pipe, and the
// attempts it was given.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/work/control_group.hpp"
#include "actors/work/descriptors.hpp"
#include "actors/work/masker.hpp"
#include "actors/work/output_scanner.hpp"
#include "messages/dispatch.hpp"
#include "messages/wire/stream.hpp"

namespace artel::work {

/// An attempt on this node, from its order to its report.
struct attempt {
  attempt_ref ref;
  std::shared_ptr<const step_plan> plan;
  std::vector<std::string> values;  ///< as in step_order
  std::int64_t deadline_ms = 0;     ///< monotonic; 0: none yet or none at all
  std::int64_t kill_at_ms = 0;      ///< after SIGTERM; 0: not asked to stop
  std::string stop_reason;          ///< why it was asked to stop
  bool began = false;
  std::uint32_t cores = 0;  ///< told to its host; 0: none yet
  bool timed_out = false;
  std::string broken_limit;                    ///< which it was killed for, in a sentence
  failure_cause cause = failure_cause::other;  ///< of timed_out or broken_limit
  std::uint64_t cpu_ms_before = 0;             ///< used by its host when it began
  std::uint64_t memory_kills_before = 0;       ///< in its host's control group, when it began
  std::uint32_t process_group = 0;             ///< of its command
  std::string result;                          ///< said by the command with "@artel result"
  bool result_too_long = false;
  std::string output;  ///< read, not yet told
  std::uint64_t output_offset = 0;
  std::uint64_t output_dropped = 0;
  output_scanner scanner;
  std::map<std::string, std::string> secrets;  ///< variables of its command, with their values
  masker mask;                                 ///< of these
};

struct host_process {
  std::unique_ptr<control_group> group;  ///< nullptr: the worker watches instead
  int slot = 0;                          ///< the smallest that no other host of the node has
  pid_t pid = -1;
  descriptor exited;  ///< pidfd
  descriptor control;
  descriptor output;  ///< read end of its stdout and stderr
  bool ready = false;
  std::optional<attempt_limits> limits;  ///< that its group has now; none: as it was made
  std::string to_host;
  wire::stream_reader from_host;
  std::deque<std::shared_ptr<attempt>> queue;  ///< front is the one that runs
};

/// Starts `program` as a step host with `environment`, "NAME=value" each; attempts have their
/// folders below `attempts`. Trouble names the program
/// and the reason.
outcome<std::unique_ptr<host_process>> start_host(const std::string& program,
                                                  std::vector<std::string> environment,
                                                  std::unique_ptr<control_group> group, int slot,
                                                  const std::string& attempts);

}  // namespace artel::work
