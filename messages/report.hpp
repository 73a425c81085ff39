// Worker → supervisor: what became of attempts. Also spoken by a step host to its worker. The
// envelope's ack covers every report: the worker keeps it until then, so a report survives a
// supervisor node that dies with it in hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/bytes.hpp"
#include "messages/cluster.hpp"
#include "messages/states.hpp"

namespace artel {

constexpr std::size_t result_bytes_max = 64U << 10;  ///< a longer result fails the attempt
constexpr std::size_t error_bytes_max = 8U << 10;    ///< a longer error text is cut

inline std::string cut_error(std::string text) {
  if (text.size() > error_bytes_max) text.resize(error_bytes_max);
  return text;
}

/// One attempt's end.
struct step_report {
  run_id run;
  instance_no instance = 0;
  attempt_no attempt = 0;
  ending how = ending::finished;
  bool staged = false;  ///< finished with outputs that wait for publish_steps
  std::string text;     ///< result (JSON object or empty) when finished, else the reason
  failure_cause cause = failure_cause::other;  ///< when failed or crashed
  std::int32_t exit_code = 0;                  ///< when that is the cause
  std::vector<artifact> artifacts = {};        ///< when finished: what it has made; when an input
                                         ///< could not be had: hashes, by nodes that have it not
  ARTEL_FIELDS(step_report, run, instance, attempt, how, staged, text, cause, exit_code, artifacts);
};

/// Worker → coordinator, as soon as attempts end; coordinator journals before it acknowledges.
struct steps_reported {
  std::vector<step_report> reports;
  ARTEL_FIELDS(steps_reported, reports);
};

struct step_progress {
  run_id run;
  instance_no instance = 0;
  attempt_no attempt = 0;
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0: unknown
  std::string text;
  ARTEL_FIELDS(step_progress, run, instance, attempt, done, total, text);
};

/// Worker → coordinator, at most five times a second, the latest of each attempt. Not journaled.
struct steps_progressed {
  std::vector<step_progress> items;
  ARTEL_FIELDS(steps_progressed, items);
};

/// Worker → output keeper: what an attempt wrote to stdout and stderr, in order. Kept in a file
/// beside the journal.
struct step_output {
  run_id run;
  instance_no instance = 0;
  attempt_no attempt = 0;
  std::uint64_t offset = 0;  ///< of the first byte, counted from the attempt's start
  bytes data;
  ARTEL_FIELDS(step_output, run, instance, attempt, offset, data);
};

/// Step host → worker: ready for orders.
struct host_ready {
  std::vector<std::string> offers;
  ARTEL_FIELDS(host_ready, offers);
};

/// Step host → worker: this attempt runs now; `process_group` is that of its command, 0 for a
/// native step.
struct attempt_began {
  run_id run;
  instance_no instance = 0;
  attempt_no attempt = 0;
  std::uint32_t process_group = 0;
  ARTEL_FIELDS(attempt_began, run, instance, attempt, process_group);
};

}  // namespace artel
