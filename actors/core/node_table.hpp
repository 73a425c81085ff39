// The worker nodes as the coordinator knows them: what each can do, what it has room for, and until
// when its lease runs. Pure bookkeeping with monotonic milliseconds as argument. Invariant: what is
// reserved never exceeds the capacity, but for the slots of a node that
// has got smaller under what it runs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "messages/cluster.hpp"
#include "messages/pipeline.hpp"

namespace artel::core {

enum class node_state : std::uint8_t { alive, lost, left };

struct node {
  node_name name;
  node_state state = node_state::left;
  session_no session = 0;
  hello announced;  ///< its last hello; attempts emptied
  node_capacity free;
  std::uint32_t running = 0;
  std::uint32_t crashes = 0;     ///< attempts that died under it since it joined
  std::int64_t heard_at_ms = 0;  ///< monotonic
  bool leaving = false;          ///< it has begun to give back what it holds
  bool drained = false;          ///< by a person, durable: it gets no more attempts
};

/// Why a node can not take a step now. `never` reasons do not pass by waiting.
struct fit {
  bool ok = false;
  bool never = false;
  std::string why;  ///< filled only on request
};

class node_table {
public:
  /// Index of the node of that name, made if need be (a replayed fact may name a node that is
  /// gone).
  std::uint32_t index_of(std::string_view name);
  std::uint32_t find(std::string_view name) const;  ///< no_such when unknown
  static constexpr std::uint32_t no_such = ~0U;

  void join(std::uint32_t index, session_no session, hello what, std::int64_t now_ms);
  void mark(std::uint32_t index, node_state state);
  void heard(std::uint32_t index, std::int64_t at_ms) { nodes_[index].heard_at_ms = at_ms; }
  void excuse_silence(std::int64_t ms) {
    for (auto& one : nodes_) one.heard_at_ms += ms;
  }
  /// Nothing is placed there any more until it joins again.
  void note_leaving(std::uint32_t index) { nodes_[index].leaving = true, list(index); }
  void set_drained(std::uint32_t index, bool drained) {
    nodes_[index].drained = drained, list(index);
  }
  void count_crash(std::uint32_t index) { ++nodes_[index].crashes; }
  /// Nodes whose last word is older than the lease.
  std::vector<std::uint32_t> expired(std::int64_t now_ms, std::int64_t lease_ms) const;

  /// Is so much free on the node? reserve() asserts it. `for_running`: of an attempt that runs
  /// there already, which may be one more than the node has slots for by now.
  bool has_room(std::uint32_t index, const resource_request& what, bool for_running = false) const;
  void reserve(std::uint32_t index, const resource_request& what, bool for_running = false);
  void release(std::uint32_t index, const resource_request& what);

  const node& at(std::uint32_t index) const { return nodes_[index]; }
  std::size_t size() const { return nodes_.size(); }

  /// The alive node that can take the step and has most of its inputs, by the MB, then the most
  /// free slots; or no_such. `use`: native step, "" for a command; `near`: bytes of its inputs by
  /// store.
  std::uint32_t place(const resource_request& what, std::string_view use,
                      const std::map<std::string, std::uint64_t>* near = nullptr) const;
  /// Some node could take an attempt, as far as slots go.
  bool has_free_slot() const { return !free_.empty(); }
  fit explain(std::uint32_t index, const resource_request& what, std::string_view use) const;

private:
  bool fits(const node& candidate, const resource_request& what, std::string_view use) const;
  /// Where the node is to be looked for when an attempt is placed, now that it has changed.
  void list(std::uint32_t index);

  std::vector<node> nodes_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  struct place_in_line {
    std::uint32_t slots, index;
    bool operator<(const place_in_line& other) const {
      return slots != other.slots ? slots > other.slots : index < other.index;
    }
  };
  /// Nodes that could take something, those with most free slots first: of a thousand nodes few are
  /// looked at for an attempt.
  std::set<place_in_line> free_;
  std::vector<std::uint32_t> listed_;  ///< by index: its slots in `free_`; 0: it is not there
};

}  // namespace artel::core
