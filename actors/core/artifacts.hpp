// Artifacts as the coordinator knows them: what each instance has made, and in which stores of
// worker nodes it lies.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "messages/artifact.hpp"

namespace artel::core {

/// What an instance has made, and the store in which it was put first.
struct made_artifacts {
  std::string store;
  std::vector<artifact> all;
  friend bool operator==(const made_artifacts&, const made_artifacts&) = default;

  const artifact* find(const std::string& name) const {
    for (const auto& one : all)
      if (one.name == name) return &one;
    return nullptr;
  }
};

/// One line of JSON, as in the journal.
std::string to_text(const made_artifacts& made);
/// Empty when it is none.
made_artifacts read_artifacts(const std::string& text);

/// In which stores each blob lies, as far as is known. Of those noted longest ago it may be
/// forgotten; then what has made a blob says where it was put first.
class artifact_places {
public:
  explicit artifact_places(std::size_t blobs_max) : blobs_max_(blobs_max) {}

  void note(const std::string& hash, const std::string& store) {
    if (gone_.contains({hash, store})) return;
    const auto [place, fresh] = stores_.try_emplace(hash);
    place->second.insert(store);
    if (!fresh) return;
    noted_.push_back(hash);
    if (noted_.size() <= blobs_max_) return;
    stores_.erase(noted_.front());
    noted_.pop_front();
  }
  void note(const made_artifacts& made) {
    for (const auto& one : made.all) note(one.hash, made.store);
  }
  /// They were put there just now, whatever became of earlier ones.
  void note_fresh(const made_artifacts& made) {
    for (const auto& one : made.all) gone_.erase({one.hash, made.store});
    note(made);
  }
  /// It does not lie there any more: it was collected, or is spoilt.
  void forget(const std::string& hash, const std::string& store) {
    if (gone_.size() == gone_max) gone_.clear();
    gone_.insert({hash, store});
    if (const auto found = stores_.find(hash); found != stores_.end()) found->second.erase(store);
  }
  /// Nobody is known to have it, nor the store in which it was put first.
  bool is_lost(const std::string& hash, const std::string& first) const {
    return of(hash).empty() && (first.empty() || is_gone(hash, first));
  }
  bool is_gone(const std::string& hash, const std::string& store) const {
    return gone_.contains({hash, store});
  }
  const std::set<std::string>& of(const std::string& hash) const {
    static const std::set<std::string> none;
    const auto found = stores_.find(hash);
    return found == stores_.end() ? none : found->second;
  }

private:
  static constexpr std::size_t gone_max = 100'000;
  std::size_t blobs_max_;
  std::unordered_map<std::string, std::set<std::string>> stores_;
  std::deque<std::string> noted_;                       ///< the keys of stores_, oldest first
  std::set<std::pair<std::string, std::string>> gone_;  ///< hash and store
};

}  // namespace artel::core
