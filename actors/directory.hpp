// Stable names: a restarted actor has a new address and an empty mailbox, so everyone addresses it
// by name and looks the name up at each send. Also the board on which supervisors show their trees.
// Thread-safe.
#pragma once

#include <caf/actor.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "messages/cluster.hpp"

namespace artel {

class directory {
public:
  void put(const std::string& name, caf::actor who);
  void remove(const std::string& name, const caf::actor_addr& who);
  /// The actor of that name, or a null handle while it is down (a message to it is then dropped by
  /// the caller).
  caf::actor find(std::string_view name) const;

  void show(const std::string& path, tree_row row);
  void hide(const std::string& path);
  /// In order of path registration depth: parents before children, siblings in start order.
  std::vector<tree_row> rows() const;
  std::uint64_t version() const;  ///< changes whenever rows() does

  /// Drops all handles, so that the actor system can go down.
  void clear();

private:
  mutable std::mutex mutex_;
  std::map<std::string, caf::actor, std::less<>> actors_;
  std::map<std::string, std::size_t> order_;
  std::map<std::size_t, tree_row> rows_;
  std::size_t next_ = 0;
  std::uint64_t version_ = 0;
};

using directory_ptr = std::shared_ptr<directory>;

}  // namespace artel
