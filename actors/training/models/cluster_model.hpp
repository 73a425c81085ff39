// Groups of similar rows: k-means++ and Gaussian mixtures, on standardised features.
#pragma once

#include <Eigen/Core>

#include "actors/training/data/features.hpp"
#include "actors/training/models/model.hpp"

namespace artel::training {

fitted fit_clusters(const table& of, const row_parts& parts, const fit_settings& how,
                    training_watch& watch);
std::unique_ptr<model> load_clusters(const nlohmann::json& description, const std::string& state);

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows as points: all features have mean 0 and deviation 1 among the training rows; what is
/// missing is 0.
struct point_scale {
  Eigen::VectorXd mean, deviation;
  static point_scale learn(const feature_matrix& training);
  matrix points(const feature_matrix& of) const;
};

/// Lloyd's algorithm from several k-means++ beginnings; the best by the sum of squared distances.
struct kmeans_result {
  matrix centers;
  std::vector<std::uint32_t> clusters;
  double squares = 0;
};
kmeans_result kmeans(const matrix& points, std::uint32_t k, std::uint32_t beginnings,
                     std::uint64_t seed, const training_watch& watch);

/// Expectation-maximisation from a k-means result, full covariances.
struct mixture_result {
  matrix centers;
  std::vector<matrix> covariances;
  Eigen::VectorXd weights;
  double log_likelihood = 0;  ///< of all points
  double bic = 0;             ///< lower is better
};
mixture_result mixture(const matrix& points, const kmeans_result& from,
                       const std::function<bool()>& cancelled);
/// The most likely component of each point.
std::vector<std::uint32_t> components(const matrix& points, const mixture_result& of);
std::vector<std::uint32_t> nearest(const matrix& points, const matrix& centers);

}  // namespace artel::training
