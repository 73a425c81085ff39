// Pools: named limits across all nodes, e.g. of connections to a database. People set them; a step
// takes some of a pool while an attempt of it is out.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace artel::core {

using pool_request = std::map<std::string, std::uint32_t>;  ///< how much of which pool

class pool_table {
public:
  struct pool {
    std::uint32_t limit = 0;
    std::uint32_t used = 0;
    bool exists = false;  ///< a pool that was removed may still be used
  };

  void set(const std::string& name, std::uint32_t limit) {
    pools_[name].limit = limit, pools_[name].exists = true;
  }
  void remove(const std::string& name) {
    if (pools_[name].used == 0)
      pools_.erase(name);
    else
      pools_[name].exists = false;
  }
  void take(const pool_request& what) {
    for (const auto& [name, count] : what) pools_[name].used += count;
  }
  void give_back(const pool_request& what) {
    for (const auto& [name, count] : what) pools_[name].used -= count;
  }

  /// Why so much can not be taken now; "" when it can.
  std::string why_not(const pool_request& what) const {
    for (const auto& [name, count] : what) {
      const auto found = pools_.find(name);
      if (found == pools_.end() || !found->second.exists)
        return "there is no pool '" + name + "'; artel pool set " + name + " LIMIT makes it";
      const auto& one = found->second;
      if (std::uint64_t{one.used} + count > one.limit)
        return "pool '" + name + "' has " + std::to_string(one.used) + " of " +
               std::to_string(one.limit) + " taken, the step asks for " + std::to_string(count);
    }
    return {};
  }
  bool has_room(const pool_request& what) const { return what.empty() || why_not(what).empty(); }
  bool has(const std::string& name) const {
    const auto found = pools_.find(name);
    return found != pools_.end() && found->second.exists;
  }
  const std::map<std::string, pool>& all() const { return pools_; }

private:
  std::map<std::string, pool> pools_;
};

}  // namespace artel::core
