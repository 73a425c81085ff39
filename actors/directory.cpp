#include "actors/directory.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

namespace artel {

void directory::put(const std::string& name, caf::actor who) {
  const std::lock_guard lock(mutex_);
  actors_[name] = std::move(who);
}

void directory::remove(const std::string& name, const caf::actor_addr& who) {
  const std::lock_guard lock(mutex_);
  const auto found = actors_.find(name);
  if (found != actors_.end() && found->second.address() == who) actors_.erase(found);
}

caf::actor directory::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = actors_.find(name);
  return found == actors_.end() ? caf::actor{} : found->second;
}

void directory::show(const std::string& path, tree_row row) {
  const std::lock_guard lock(mutex_);
  const auto [place, fresh] = order_.try_emplace(path, next_);
  if (fresh) ++next_;
  rows_[place->second] = std::move(row);
  ++version_;
}

void directory::hide(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = order_.find(path);
  if (found == order_.end()) return;
  rows_.erase(found->second);
  order_.erase(found);
  ++version_;
}

std::vector<tree_row> directory::rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<tree_row> all;
  for (const auto& [order, row] : rows_) all.push_back(row);
  return all;
}

std::uint64_t directory::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

void directory::clear() {
  std::map<std::string, caf::actor, std::less<>> drop;  // destroyed outside the lock
  const std::lock_guard lock(mutex_);
  drop.swap(actors_);
}

}  // namespace artel
