// What a model's training rows looked like, column by column, so that later rows can be compared:
// shares of ten quantile bins and of missing values, a hundred quantiles, shares of categories; and
// the same of what the model says.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "actors/training/models/model.hpp"

namespace artel::training {

struct reference_column {
  std::string name;
  bool is_number = true;
  std::vector<double> edges;  ///< ascending, between bins; a value that is an edge is left of it
  std::vector<double> quantiles;   ///< of 0, 1 … 100 %
  std::vector<std::string> words;  ///< the most frequent; all others share one bin
  std::vector<double> shares;  ///< of each bin (or word, and of the others), then of missing values
};

struct reference {
  std::uint64_t rows = 0;
  std::vector<reference_column> columns;
  reference_column predictions;  ///< its name is "(prediction)"
};

reference reference_of(const table& of, const std::vector<std::uint32_t>& rows, const model& by);
nlohmann::json to_json(const reference& of);
outcome<reference> reference_from(const nlohmann::json& saved);

/// How far values are from a reference: population stability index (shares below a ten-thousandth
/// count as that), Jensen-Shannon distance (base 2, from 0 to 1), and for numbers the
/// Kolmogorov-Smirnov statistic against the saved quantiles with its asymptotic p-value.
struct drift_score {
  std::string column;
  double psi = 0, js = 0, ks = 0, ks_p = 1;
  double missing = 0, missing_before = 0;
};
/// Below so many rows bins are noise (docs/TRAINING.md).
constexpr std::uint64_t drift_rows_min = 500;

std::vector<drift_score> drift_of(const reference& before, const table& now, const model& by);

}  // namespace artel::training
