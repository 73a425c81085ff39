// What a saved model says of a file's rows, as CSV: the row's ids, then `prediction`, then for
// classes the probability of each. With `top`, a recommendation lists so many items for each user
// of the file.
#pragma once

#include <ostream>

#include "actors/training/models/model_folder.hpp"

namespace artel::training {

/// The folder of a version, or of a model, whose version in service is taken.
outcome<saved_model> open_model_or_service(const std::filesystem::path& folder);

/// Columns that the model does not know are passed over; the target need not be there.
outcome<done> write_predictions(const saved_model& by, const std::string& file, std::size_t top,
                                std::ostream& to);

}  // namespace artel::training
