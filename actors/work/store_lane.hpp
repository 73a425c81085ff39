// A process's own place in a store that others may use too: attempts/LANE and partial/LANE, locked
// as long as the process lives. Who takes a lane clears away what processes have left that are
// gone, but for transfers that they had begun, which it goes on with.
#pragma once

#include <filesystem>
#include <string>

#include "actors/work/descriptors.hpp"
#include "messages/outcome.hpp"

namespace artel::work {

class store_lane {
public:
  /// Makes the store if need be. Trouble names the path and the reason.
  static outcome<store_lane> take(const std::filesystem::path& store, const std::string& node);
  const std::filesystem::path& store() const { return store_; }
  const std::string& name() const { return name_; }
  /// The folder below which the attempts of this process have theirs.
  std::filesystem::path attempts() const { return store_ / "attempts" / name_; }

private:
  std::filesystem::path store_;
  std::string name_;
  descriptor lock_;
};

}  // namespace artel::work
