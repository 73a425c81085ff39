// Recommendation: what a user may want, from what users have taken. With a target (a rating) it is
// forecast by biased matrix factorisation, without one by alternating least squares on what was
// taken (Hu, Koren and Volinsky). Who is not known gets what is popular.
#pragma once

#include <Eigen/Core>

#include "actors/training/models/model.hpp"

namespace artel::training {

fitted fit_factors(const table& of, const row_parts& parts, const fit_settings& how,
                   training_watch& watch);
std::unique_ptr<model> load_factors(const nlohmann::json& description, const std::string& state);

using factors = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Users and items by number; `value` is the rating, or how often.
struct interaction {
  std::uint32_t user = 0, item = 0;
  double value = 1;
};

struct factor_state {
  double mean = 0, scale = 1;  ///< of the ratings; all else is in units of the scale
  Eigen::VectorXd user_bias, item_bias;
  factors user, item;
  double rating(std::uint32_t u, std::uint32_t i) const {
    return mean + scale * (user_bias[u] + item_bias[i] + user.row(u).dot(item.row(i)));
  }
  /// Of all items.
  Eigen::VectorXd ratings(std::uint32_t u) const {
    return (scale * (item * user.row(u).transpose() + item_bias)).array() +
           (mean + scale * user_bias[u]);
  }
};

struct factor_settings {
  std::uint32_t width = 32, epochs = 50;
  double learning_rate = 0.01, regularisation = 0.08, confidence = 10;
  std::uint64_t seed = 1;
};

/// Stochastic gradient descent, an epoch at a time; `watch` says after each whether to go on.
factor_state factorise_ratings(
    const std::vector<interaction>& known, std::uint32_t users, std::uint32_t items,
    const factor_settings& how,
    const std::function<bool(std::uint32_t, const factor_state&)>& go_on);
/// `threads` says before each half of an epoch how many it may take.
factor_state factorise_taken(const std::vector<interaction>& known, std::uint32_t users,
                             std::uint32_t items, const factor_settings& how,
                             const std::function<std::uint32_t()>& threads,
                             const std::function<bool(std::uint32_t, const factor_state&)>& go_on);

}  // namespace artel::training
