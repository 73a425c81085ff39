// Artifacts as the coordinator knows them: what each instance has made, and in which stores of
// worker nodes it lies.
#pragma once

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

/// In which stores each blob lies, as far as is known.
class artifact_places {
public:
  void note(const made_artifacts& made) {
    for (const auto& one : made.all) stores_[one.hash].insert(made.store);
  }
  void note(const std::string& hash, const std::string& store) { stores_[hash].insert(store); }
  const std::set<std::string>& of(const std::string& hash) const {
    static const std::set<std::string> none;
    const auto found = stores_.find(hash);
    return found == stores_.end() ? none : found->second;
  }

private:
  std::unordered_map<std::string, std::set<std::string>> stores_;
};

}  // namespace artel::core
