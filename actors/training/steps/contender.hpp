// A model that may be put into service: one of ours, or one that a trainer of the user's has
// described (docs/TRAINERS.md), of which only the scores are known that it told.
#pragma once

#include "actors/training/models/model_folder.hpp"

namespace artel::training {

struct contender {
  std::filesystem::path folder;
  nlohmann::json about;
  std::optional<saved_model> ours;
  headline_score headline;

  /// The headline score of train, validation, test or baseline as it was told; null when there is
  /// none.
  nlohmann::json told(const char* part) const;
  nlohmann::json seconds() const;
  bool same_task_as(const contender& other) const;
};

/// Throws data_mistake when its held-out rows are not to be had any more.
void check_held_out(const contender& of);
/// Throws data_mistake.
contender open_contender(const std::filesystem::path& folder);
/// The headline score of `of` on the rows that the candidate has held out; as it was told when one
/// of the two is not ours. Throws data_mistake.
double score_on_held_out(const contender& of, const contender& candidate);

}  // namespace artel::training
