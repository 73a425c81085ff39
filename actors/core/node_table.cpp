#include "actors/core/node_table.hpp"

#include <algorithm>

#include "messages/outcome.hpp"

namespace artel::core {
namespace {

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Is so much of everything free?
bool covers(const node_capacity& free, const resource_request& what) {
  return free.slots >= 1 && free.cpu_milli >= what.cpu_milli &&
         free.memory_bytes >= what.memory_bytes && free.gpu >= what.gpu &&
         std::all_of(what.counters.begin(), what.counters.end(), [&](const auto& asked) {
           const auto found = free.counters.find(asked.first);
           return found != free.counters.end() && found->second >= asked.second;
         });
}

std::uint32_t free_slots(const node& of) {
  const auto slots = of.announced.capacity.slots;
  return slots > of.running ? slots - of.running : 0;
}

bool carries(const node& candidate, std::string_view label) {
  return label == candidate.announced.kind || has(candidate.announced.labels, label);
}

}  // namespace

std::uint32_t node_table::find(std::string_view name) const {
  const auto known = by_name_.find(std::string(name));
  return known == by_name_.end() ? no_such : known->second;
}

void node_table::list(std::uint32_t index) {
  const auto& one = nodes_[index];
  const bool takes = one.state == node_state::alive && !one.drained && !one.leaving;
  const auto slots = takes ? one.free.slots : 0;
  auto& listed = listed_[index];
  if (slots == listed) return;
  auto entry = listed == 0 ? decltype(free_)::node_type() : free_.extract({listed, index});
  listed = slots;
  if (slots == 0) return;
  if (entry.empty()) {
    free_.insert({slots, index});
    return;
  }
  entry.value().slots = slots;
  free_.insert(std::move(entry));
}

std::uint32_t node_table::index_of(std::string_view name) {
  if (const auto known = find(name); known != no_such) return known;
  nodes_.push_back({});
  nodes_.back().name = name;
  listed_.push_back(0);
  const auto index = static_cast<std::uint32_t>(nodes_.size() - 1);
  by_name_[nodes_.back().name] = index;
  return index;
}

void node_table::join(std::uint32_t index, session_no session, hello what, std::int64_t now_ms) {
  auto& joined = nodes_[index];
  joined.state = node_state::alive;
  joined.session = session;
  joined.free = what.capacity;
  joined.running = 0;
  joined.leaving = false;
  joined.heard_at_ms = now_ms;
  what.attempts.clear();
  joined.announced = std::move(what);
  list(index);
}

void node_table::mark(std::uint32_t index, node_state state) {
  nodes_[index].state = state;
  nodes_[index].free = nodes_[index].announced.capacity;
  nodes_[index].running = 0;
  list(index);
}

std::vector<std::uint32_t> node_table::expired(std::int64_t now_ms, std::int64_t lease_ms) const {
  std::vector<std::uint32_t> late;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].state == node_state::alive && now_ms - nodes_[i].heard_at_ms > lease_ms)
      late.push_back(i);
  return late;
}

bool node_table::has_room(std::uint32_t index, const resource_request& what,
                          bool for_running) const {
  if (!for_running) return covers(nodes_[index].free, what);
  auto free = nodes_[index].free;
  free.slots = 1;
  return covers(free, what);
}

void node_table::reserve(std::uint32_t index, const resource_request& what, bool for_running) {
  auto& one = nodes_[index];
  auto& free = one.free;
  ARTEL_ASSERT(has_room(index, what, for_running), "never more is reserved than a node has");
  free.cpu_milli -= what.cpu_milli;
  free.memory_bytes -= what.memory_bytes;
  free.gpu -= what.gpu;
  for (const auto& [name, count] : what.counters) free.counters[name] -= count;
  ++one.running;
  free.slots = free_slots(one);
  list(index);
}

void node_table::release(std::uint32_t index, const resource_request& what) {
  auto& one = nodes_[index];
  ARTEL_ASSERT(one.running > 0, "only what was reserved is released");
  one.free.cpu_milli += what.cpu_milli;
  one.free.memory_bytes += what.memory_bytes;
  one.free.gpu += what.gpu;
  for (const auto& [name, count] : what.counters) one.free.counters[name] += count;
  --one.running;
  one.free.slots = free_slots(one);
  list(index);
}

bool node_table::fits(const node& candidate, const resource_request& what,
                      std::string_view use) const {
  return candidate.state == node_state::alive && !candidate.leaving && !candidate.drained &&
         covers(candidate.free, what) && (use.empty() || has(candidate.announced.offers, use)) &&
         std::all_of(what.labels.begin(), what.labels.end(),
                     [&](const auto& label) { return carries(candidate, label); });
}

std::uint32_t node_table::place(const resource_request& what, std::string_view use,
                                const std::map<std::string, std::uint64_t>* near) const {
  // Less than a MB is fetched sooner than looked for.
  const auto has = [&](const node& one) -> std::uint64_t {
    if (near == nullptr) return 0;
    const auto found = near->find(one.announced.store);
    return found == near->end() ? 0 : found->second >> 20;
  };
  std::uint32_t best = no_such;
  std::uint64_t best_has = 0;
  for (const auto& [slots, index] : free_) {
    if (!fits(nodes_[index], what, use)) continue;
    const auto here = has(nodes_[index]);
    if (best != no_such && here <= best_has) continue;
    best = index;
    best_has = here;
    if (near == nullptr) break;  // those behind it have no more free slots
  }
  return best;
}

fit node_table::explain(std::uint32_t index, const resource_request& what,
                        std::string_view use) const {
  const auto& one = nodes_[index];
  const auto& all = one.announced.capacity;
  const auto cores = [](std::uint32_t milli) {
    return std::to_string(milli / 1000.0).substr(0, 5);
  };
  if (one.state == node_state::lost) return {false, true, "is lost: not heard of within its lease"};
  if (one.drained) return {false, true, "is drained; artel drain --undo " + one.name};
  if (one.leaving) return {false, true, "is leaving the cluster"};
  if (one.state == node_state::left) return {false, true, "has left the cluster"};
  if (!use.empty() && !has(one.announced.offers, use))
    return {false, true, "does not offer '" + std::string(use) + "'"};
  for (const auto& label : what.labels)
    if (!carries(one, label)) return {false, true, "does not carry the label '" + label + "'"};
  if (all.cpu_milli < what.cpu_milli)
    return {false, true,
            "has " + cores(all.cpu_milli) + " cores in all, the step asks for " +
                cores(what.cpu_milli)};
  if (all.memory_bytes < what.memory_bytes)
    return {false, true,
            "has " + std::to_string(all.memory_bytes >> 20) +
                " MB of memory in all, the step asks for " +
                std::to_string(what.memory_bytes >> 20)};
  if (all.gpu < what.gpu)
    return {false, true,
            "has " + std::to_string(all.gpu) + " gpus in all, the step asks for " +
                std::to_string(what.gpu)};
  for (const auto& [name, count] : what.counters)
    if (const auto has_some = all.counters.find(name);
        has_some == all.counters.end() || has_some->second < count)
      return {false, true,
              "has " + std::to_string(has_some == all.counters.end() ? 0 : has_some->second) + " " +
                  name + " in all, the step asks for " + std::to_string(count)};
  if (one.free.slots == 0)
    return {false, false, "has all its " + std::to_string(all.slots) + " slots taken"};
  if (one.free.cpu_milli < what.cpu_milli)
    return {false, false,
            "has " + cores(one.free.cpu_milli) + " cores free, the step asks for " +
                cores(what.cpu_milli)};
  if (one.free.memory_bytes < what.memory_bytes)
    return {false, false, "has too little memory free"};
  if (one.free.gpu < what.gpu) return {false, false, "has too few gpus free"};
  for (const auto& [name, count] : what.counters)
    if (one.free.counters.at(name) < count) return {false, false, "has too few " + name + " free"};
  return {true, false, "has room"};
}

}  // namespace artel::core
