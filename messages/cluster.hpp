// The conversation by which a worker node belongs to a cluster: hello and welcome, heartbeats,
// resume, goodbye. None of these is sequenced except node_tree; they repair the sequence of the
// others (docs/PROTOCOL.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "messages/fields.hpp"
#include "messages/ids.hpp"

namespace artel {

/// One attempt, as both sides name it.
struct attempt_ref {
  run_id run;
  instance_no instance = 0;
  attempt_no attempt = 0;
  ARTEL_FIELDS(attempt_ref, run, instance, attempt);
};

/// What a node can hold at once.
struct node_capacity {
  std::uint32_t slots = 1;      ///< attempts
  std::uint32_t cpu_milli = 0;  ///< thousandths of a core
  std::uint64_t memory_bytes = 0;
  std::uint32_t gpu = 0;
  std::map<std::string, std::uint32_t> counters;  ///< whatever else it has some of
  ARTEL_FIELDS(node_capacity, slots, cpu_milli, memory_bytes, gpu, counters);
};

/// A link's frames are numbered from here, in both directions. Hellos are numbered by the clock, in
/// milliseconds, so the ranges of two links never meet: a late frame, ack or settlement of an
/// earlier link between the same two processes means nothing on a later one.
constexpr std::uint64_t first_sequence_after(std::uint64_t hello_number) {
  return hello_number << 20;
}

/// Worker → supervisor: who I am, what I can do and what I still run or have not yet had
/// acknowledged. Sent at start, and again whenever the supervisor asks. Answered by welcome or
/// refused.
struct hello {
  std::string kind;  ///< "trainer", "analyzer" …; also a label
  std::string version;
  std::string host;
  std::uint32_t pid = 0;
  node_capacity capacity;
  std::vector<std::string> labels;
  std::vector<std::string> offers;  ///< native steps by name
  std::vector<attempt_ref> attempts;
  std::string
      store;  ///< id of the folder in which it keeps artifacts; nodes of a host may share it
  ARTEL_FIELDS(hello, kind, version, host, pid, capacity, labels, offers, attempts, store);
};

/// Supervisor → worker: you belong to the cluster; both sequences start after
/// first_sequence_after(number of the hello). Answered by nothing.
struct welcome {
  std::uint32_t heartbeat_ms = 0;
  std::uint32_t lease_ms = 0;
  ARTEL_FIELDS(welcome, heartbeat_ms, lease_ms);
};

/// Supervisor → worker: I do not know this session (I was restarted, or your lease ran out).
/// Answered by hello.
struct who_are_you {
  std::string reason;
  ARTEL_FIELDS(who_are_you, reason);
};

/// Both ways: I live. `sent` is the last sequence number I have sent; a receiver that has seen less
/// answers resume.
struct heartbeat {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint32_t running = 0;  ///< attempts on the node; 0 from the supervisor
  ARTEL_FIELDS(heartbeat, sent, received, running);
};

/// Both ways: frames are missing; send again all that came after `received`.
struct resume {
  std::uint64_t received = 0;
  ARTEL_FIELDS(resume, received);
};

/// Worker → supervisor: I stop in good order; what I held was given back or ended. Answered by
/// nothing.
struct goodbye {
  std::string reason;
  ARTEL_FIELDS(goodbye, reason);
};

/// A line of a supervision tree.
struct tree_row {
  std::string node;
  std::string path;   ///< "root/coordinator"
  std::string state;  ///< running, restarting, stopped
  std::uint32_t restarts = 0;
  std::string strategy;     ///< of a supervisor; empty for a worker
  std::string last_reason;  ///< why it was restarted last
  ARTEL_FIELDS(tree_row, node, path, state, restarts, strategy, last_reason);
};

/// Worker → supervisor: my supervision tree, whenever it changed. Answered by nothing.
struct node_tree {
  std::vector<tree_row> rows;
  ARTEL_FIELDS(node_tree, rows);
};

}  // namespace artel
