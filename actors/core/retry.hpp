// Which instances of an ended run a new one takes over, when a person has it tried again.
#pragma once

#include <functional>
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

struct taken_instance {
  std::uint32_t number = 0;  ///< in its step
  std::string result;
  made_artifacts artifacts;
};

struct taken_over {
  std::vector<std::vector<taken_instance>> instances;  ///< by step of the new run
  std::vector<bool> succeeded;                         ///< by step: as a person says
  std::string why;
};

/// Steps are found by name, so that the new run's pipeline may be a mended one. Trouble when the
/// wish names a step that is not there, or the earlier run has not ended. What has made artifacts
/// that are not `at_hand` any more runs again.
outcome<taken_over> choose(const run& earlier, const graph& plan, const retry_wish& wish,
                           const std::function<bool(const made_artifacts&)>& at_hand = nullptr);

}  // namespace artel::core
