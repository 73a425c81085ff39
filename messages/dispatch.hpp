// Supervisor → worker: what to do. Everything comes in batches; a plan is said once per batch and
// shared by its orders. The worker speaks the same messages to its step hosts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/cluster.hpp"
#include "messages/pipeline.hpp"

namespace artel {

/// Encloses, in a plan's texts, what differs from instance to instance: "instance" for its number,
/// or an index into its order's values. A control character keeps it apart from what a user wrote.
constexpr char marker_sign = '\x1f';
/// `${instance}`
constexpr std::string_view instance_marker = "\x1finstance\x1f";
/// The attempt's own folder on its node, with what it finds below `in` and makes below `out`.
constexpr std::string_view folder_marker =
    "\x1f"
    "folder\x1f";

constexpr std::size_t steps_per_batch_max = 512;  ///< one frame of no-op orders stays under 32 KiB

/// How to run a step: the same for all its instances but for the markers in the texts, which the
/// step host fills in.
struct step_plan {
  run_id run;
  std::string step;                  ///< name, for logs
  std::string use;                   ///< native step; empty for a command
  std::vector<std::string> command;  ///< argv; a shell line is already ["/bin/sh", "-c", line]
  std::map<std::string, std::string> with;
  std::map<std::string, std::string> env;
  std::string cwd;
  std::string output;  ///< absolute folder; empty: nothing is staged
  std::uint64_t timeout_ms = 0;
  std::uint32_t grace_ms = 0;
  std::uint32_t first_instance = 0;  ///< the instance number counts from here
  attempt_limits limits;
  std::string user;                            ///< that a command runs as; empty: that of the node
  std::map<std::string, std::string> secrets;  ///< variable → name; the node knows the value
  std::vector<artifact_place> artifacts;       ///< that it is to make
  bool finds = false;                          ///< it has inputs, though there may be none of them
  std::uint32_t cpu_milli = 1'000;             ///< reserved for it, thousandths of a core
  bool spare_cpu = false;                      ///< it may be allotted more, by cores_allotted
  ARTEL_FIELDS(step_plan, run, step, use, command, with, env, cwd, output, timeout_ms, grace_ms,
               first_instance, limits, user, secrets, artifacts, finds, cpu_milli, spare_cpu);
};

/// The whole cores in what is reserved for a step; at least one.
constexpr std::uint32_t whole_cores(std::uint32_t milli) {
  return milli < 2'000 ? 1 : milli / 1'000;
}

struct step_order {
  std::uint32_t plan = 0;  ///< index into run_steps::plans
  instance_no instance = 0;
  attempt_no attempt = 0;
  std::vector<std::string> values;  ///< what the plan's markers stand for in this instance
  std::vector<input_blob> inputs;   ///< that it is to find
  ARTEL_FIELDS(step_order, plan, instance, attempt, values, inputs);
};

/// Supervisor → worker, when attempts are placed and journaled. Answered by steps_reported for each
/// order.
struct run_steps {
  std::vector<step_plan> plans;
  std::vector<step_order> orders;
  ARTEL_FIELDS(run_steps, plans, orders);
};

/// Supervisor → worker: stop these attempts (SIGTERM, grace, SIGKILL). Answered by steps_reported
/// with `cancelled`, also for an attempt that the worker does not know.
struct cancel_steps {
  std::vector<attempt_ref> attempts;
  std::string reason;
  ARTEL_FIELDS(cancel_steps, attempts, reason);
};

/// Supervisor → worker: the reports of these attempts are accepted and durable; move their outputs
/// into place. Answered by steps_reported with `published` or `failed`.
struct publish_steps {
  std::vector<attempt_ref> attempts;
  ARTEL_FIELDS(publish_steps, attempts);
};

/// Supervisor → worker: these attempts do not count any more; throw away what they staged. Answered
/// by nothing.
struct discard_steps {
  std::vector<attempt_ref> attempts;
  ARTEL_FIELDS(discard_steps, attempts);
};

/// Worker → step host: how many cores a native attempt may use from now on: those reserved for it
/// and its share of those that nobody has reserved. Answered by nothing.
struct cores_allotted {
  attempt_ref attempt;
  std::uint32_t cores = 1;
  ARTEL_FIELDS(cores_allotted, attempt, cores);
};

}  // namespace artel
