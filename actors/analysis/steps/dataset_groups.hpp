// Which methods of a data set are copies of each other, and which split each belongs to. Methods of
// one object share a split; and where copies, equal or nearly so, would stand on both sides, those
// of the smaller side are excluded, so that nothing leaks from training into evaluation.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/analysis/index.hpp"

namespace artel::analysis {

enum class split : std::uint8_t { train, validation, test, excluded };
std::string_view name_of(split which);

inline constexpr double near_duplicate_min = 0.8;  // estimated similarity of two methods' shingles

struct dataset_row {
  static constexpr std::uint32_t none = ~0U;
  method_place place;
  std::uint32_t duplicate_of = none;       ///< row of the first method with the same code
  std::uint32_t near_duplicate_of = none;  ///< row of the first method of a group of similar ones
  split in = split::train;
};

/// One row per method, in the order of modules and methods.
std::vector<dataset_row> dataset_rows(const model_index& index);

}  // namespace artel::analysis
