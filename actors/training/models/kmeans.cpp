#include <cmath>
#include <limits>

#include "actors/training/data/random.hpp"
#include "actors/training/models/cluster_model.hpp"
#include "actors/training/models/parallel.hpp"

namespace artel::training {
namespace {

constexpr int iterations_max = 300;
constexpr double tolerance = 1e-8;  // of the centers' squared movement, per feature

/// k-means++: each next center is drawn by the squared distance to the nearest one so far, the best
/// of several draws.
matrix begin_centers(const matrix& points, std::uint32_t k, random_numbers& chance) {
  const auto rows = points.rows();
  matrix centers(k, points.cols());
  centers.row(0) =
      points.row(static_cast<Eigen::Index>(chance.below(static_cast<std::uint64_t>(rows))));
  Eigen::VectorXd distance = (points.rowwise() - centers.row(0)).rowwise().squaredNorm();
  const int draws = 2 + static_cast<int>(std::log(k));
  for (std::uint32_t c = 1; c < k; ++c) {
    double best_sum = std::numeric_limits<double>::infinity();
    Eigen::VectorXd best;
    for (int draw = 0; draw < draws; ++draw) {
      double left = chance.fraction() * distance.sum();
      Eigen::Index chosen = 0;
      while (chosen + 1 < rows && left >= distance[chosen]) left -= distance[chosen++];
      Eigen::VectorXd closer =
          (points.rowwise() - points.row(chosen)).rowwise().squaredNorm().cwiseMin(distance);
      if (const double sum = closer.sum(); sum < best_sum) {
        best_sum = sum, best = std::move(closer);
        centers.row(c) = points.row(chosen);
      }
    }
    distance = best;
  }
  return centers;
}

/// Squared distances less the points' own squares, which do not matter for who is nearest.
void assign(const matrix& points, const matrix& centers, std::uint32_t threads,
            std::vector<std::uint32_t>& clusters, Eigen::VectorXd& distance) {
  const Eigen::VectorXd half = centers.rowwise().squaredNorm() / 2;
  clusters.resize(static_cast<std::size_t>(points.rows()));
  distance.resize(points.rows());
  constexpr Eigen::Index block = 1'024;
  const auto blocks = (points.rows() + block - 1) / block;
  const auto assign_block = [&](Eigen::Index number) {
    const auto from = number * block, size = std::min(block, points.rows() - from);
    const matrix closeness =
        (points.middleRows(from, size) * centers.transpose()).rowwise() - half.transpose();
    for (Eigen::Index i = 0; i < size; ++i) {
      Eigen::Index best = 0;
      closeness.row(i).maxCoeff(&best);
      clusters[static_cast<std::size_t>(from + i)] = static_cast<std::uint32_t>(best);
      distance[from + i] = (points.row(from + i) - centers.row(best)).squaredNorm();
    }
  };
  in_pieces<Eigen::Index>(threads, blocks, 8, [&](auto from, auto to) {
    for (auto each = from; each < to; ++each) assign_block(each);
  });
}

kmeans_result once(const matrix& points, std::uint32_t k, random_numbers& chance,
                   const training_watch& watch) {
  kmeans_result made;
  made.centers = begin_centers(points, k, chance);
  Eigen::VectorXd distance;
  for (int i = 0; i < iterations_max; ++i) {
    if (watch.cancelled()) throw trouble{trouble_code::cancelled, "the training was cancelled"};
    assign(points, made.centers, watch.threads(), made.clusters, distance);
    matrix sums = matrix::Zero(k, points.cols());
    Eigen::VectorXd counts = Eigen::VectorXd::Zero(k);
    for (Eigen::Index row = 0; row < points.rows(); ++row) {
      const auto own = made.clusters[static_cast<std::size_t>(row)];
      sums.row(own) += points.row(row);
      counts[own] += 1;
    }
    for (std::uint32_t c = 0; c < k; ++c) {
      if (counts[c] > 0) {
        sums.row(c) /= counts[c];
        continue;
      }
      // Nobody is left: the point that is farthest from its center begins anew.
      Eigen::Index far = 0;
      distance.maxCoeff(&far);
      sums.row(c) = points.row(far);
      distance[far] = 0;
    }
    const double moved = (sums - made.centers).squaredNorm();
    made.centers = std::move(sums);
    if (moved <= tolerance * static_cast<double>(points.cols())) break;
  }
  assign(points, made.centers, watch.threads(), made.clusters, distance);
  made.squares = distance.sum();
  return made;
}

}  // namespace

kmeans_result kmeans(const matrix& points, std::uint32_t k, std::uint32_t beginnings,
                     std::uint64_t seed, const training_watch& watch) {
  kmeans_result best;
  best.squares = std::numeric_limits<double>::infinity();
  random_numbers chance(seed);
  for (std::uint32_t i = 0; i < beginnings; ++i)
    if (auto made = once(points, k, chance, watch); made.squares < best.squares)
      best = std::move(made);
  return best;
}

std::vector<std::uint32_t> nearest(const matrix& points, const matrix& centers) {
  std::vector<std::uint32_t> made;
  Eigen::VectorXd distance;
  assign(points, centers, 1, made, distance);
  return made;
}

}  // namespace artel::training
