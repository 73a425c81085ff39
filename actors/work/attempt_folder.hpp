// Where an attempt finds its inputs (`in`) and makes its artifacts (`out`), below the folder that
// the node keeps for that.
#pragma once

#include <filesystem>

#include "messages/cluster.hpp"

namespace artel::work {

inline std::filesystem::path attempt_folder(const std::filesystem::path& attempts,
                                            const attempt_ref& ref) {
  return attempts / (to_text(ref.run) + "." + std::to_string(ref.instance) + "." +
                     std::to_string(ref.attempt));
}

}  // namespace artel::work
