// Which instances of an ended run a new one takes over, when a person has it tried again.
#pragma once

#include <string>
#include <vector>

#include "actors/core/run.hpp"

namespace artel::core {

struct retry_wish {
  std::vector<std::string> from;  ///< these and what comes after them run again; none: what did
                                  ///< not succeed
  bool only_failed = false;       ///< of those in `from`, the instances that failed
  bool with_downstream = false;   ///< also what comes after any step that runs again
  std::vector<std::string> succeeded;  ///< count as succeeded
  std::string why;                     ///< who and for what reason
};

struct taken_over {
  /// By step of the new run: number of the instance in its step, and its result.
  std::vector<std::vector<std::pair<std::uint32_t, std::string>>> instances;
  std::vector<bool> succeeded;  ///< by step: as a person says
  std::string why;
};

/// Steps are found by name, so that the new run's pipeline may be a mended one. Trouble when the
/// wish names a step that is not there, or the earlier run has not ended.
outcome<taken_over> choose(const run& earlier, const graph& plan, const retry_wish& wish);

}  // namespace artel::core
