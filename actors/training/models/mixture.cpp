#include <Eigen/Cholesky>
#include <cmath>
#include <numbers>

#include "actors/training/models/cluster_model.hpp"

namespace artel::training {
namespace {

constexpr int iterations_max = 200;
constexpr double tolerance = 1e-5;       // of the mean log likelihood
constexpr double covariance_min = 1e-6;  // added to the diagonal, so that no component collapses

/// Log of weight × density of each point in each component.
matrix log_densities(const matrix& points, const mixture_result& of) {
  const auto width = points.cols();
  matrix made(points.rows(), of.centers.rows());
  for (Eigen::Index c = 0; c < of.centers.rows(); ++c) {
    const Eigen::LLT<Eigen::MatrixXd> root(of.covariances[static_cast<std::size_t>(c)]);
    if (root.info() != Eigen::Success)
      throw data_mistake{
          "the mixture does not converge: features depend on each other too closely; "
          "take fewer columns, scale: standard, or kmeans"};
    const Eigen::MatrixXd away = (points.rowwise() - of.centers.row(c)).transpose();
    const Eigen::MatrixXd scaled = root.matrixL().solve(away);
    const double determinant = root.matrixLLT().diagonal().array().log().sum();
    made.col(c) = (scaled.colwise().squaredNorm().transpose().array() * -0.5) - determinant -
                  static_cast<double>(width) / 2 * std::log(2 * std::numbers::pi) +
                  std::log(of.weights[c]);
  }
  return made;
}

/// Makes shares of log densities; returns the sum of the points' log likelihoods.
double to_shares(matrix& densities) {
  double sum = 0;
  for (Eigen::Index i = 0; i < densities.rows(); ++i) {
    const double most = densities.row(i).maxCoeff();
    const double all = most + std::log((densities.row(i).array() - most).exp().sum());
    densities.row(i) = (densities.row(i).array() - all).exp();
    sum += all;
  }
  return sum;
}

void maximise(const matrix& points, const matrix& shares, mixture_result& into) {
  for (Eigen::Index c = 0; c < shares.cols(); ++c) {
    const double weight = shares.col(c).sum() + 1e-12;
    into.weights[c] = weight / static_cast<double>(points.rows());
    into.centers.row(c) = shares.col(c).transpose() * points / weight;
    const matrix away = points.rowwise() - into.centers.row(c);
    matrix covariance = away.transpose() * shares.col(c).asDiagonal() * away / weight;
    covariance.diagonal().array() += covariance_min;
    into.covariances[static_cast<std::size_t>(c)] = covariance;
  }
}

}  // namespace

mixture_result mixture(const matrix& points, const kmeans_result& from,
                       const std::function<bool()>& cancelled) {
  const auto k = from.centers.rows();
  mixture_result made;
  made.centers = from.centers;
  made.covariances.resize(static_cast<std::size_t>(k));
  made.weights = Eigen::VectorXd::Zero(k);
  matrix shares = matrix::Zero(points.rows(), k);
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    shares(i, from.clusters[static_cast<std::size_t>(i)]) = 1;
  double before = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < iterations_max; ++i) {
    if (cancelled()) throw trouble{trouble_code::cancelled, "the training was cancelled"};
    maximise(points, shares, made);
    shares = log_densities(points, made);
    made.log_likelihood = to_shares(shares);
    const double mean = made.log_likelihood / static_cast<double>(points.rows());
    if (std::abs(mean - before) < tolerance) break;
    before = mean;
  }
  const auto width = static_cast<double>(points.cols());
  const double free = static_cast<double>(k) * (width + width * (width + 1) / 2 + 1) - 1;
  made.bic = free * std::log(static_cast<double>(points.rows())) - 2 * made.log_likelihood;
  return made;
}

std::vector<std::uint32_t> components(const matrix& points, const mixture_result& of) {
  const auto densities = log_densities(points, of);
  std::vector<std::uint32_t> made;
  for (Eigen::Index i = 0; i < densities.rows(); ++i) {
    Eigen::Index best = 0;
    densities.row(i).maxCoeff(&best);
    made.push_back(static_cast<std::uint32_t>(best));
  }
  return made;
}

}  // namespace artel::training
