// Copied passages: runs of lexemes that stand in several places of a configuration, found by the
// marks that equal passages share (see shapes.hpp). Names count, the values of literals do not.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/analysis/index.hpp"

namespace artel::analysis {

inline constexpr std::uint32_t copied_tokens_min = 100;  // shorter passages are alike by chance

struct passage_place {
  method_place where;
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  friend auto operator<=>(const passage_place&, const passage_place&) = default;
};

/// One passage and everywhere it stands.
struct copied_passage {
  std::uint32_t tokens = 0;
  std::vector<passage_place> places;  ///< at least two, in the order of modules
};

struct copied_code {
  std::vector<copied_passage> passages;  ///< those whose copies are longest first
  std::uint64_t lines = 0;               ///< of copies, the first place of each passage not counted
};

copied_code find_copies(const model_index& index);

}  // namespace artel::analysis
