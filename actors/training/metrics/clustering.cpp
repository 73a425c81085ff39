#include <cmath>
#include <numeric>

#include "actors/training/metrics/metrics.hpp"

namespace artel::training {
namespace {

double pairs(double n) { return n * (n - 1) / 2; }

double entropy(const std::map<std::uint32_t, double>& counts, double rows) {
  double sum = 0;
  for (const auto& [key, count] : counts) sum -= count / rows * std::log(count / rows);
  return sum;
}

}  // namespace

scores clustering_scores(const std::vector<std::uint32_t>& truth,
                         const std::vector<std::uint32_t>& said) {
  if (truth.empty()) return {};
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> both;
  std::map<std::uint32_t, double> of_truth, of_said;
  for (std::size_t i = 0; i < truth.size(); ++i)
    ++both[{truth[i], said[i]}], ++of_truth[truth[i]], ++of_said[said[i]];
  const auto rows = static_cast<double>(truth.size());
  double together = 0, truth_pairs = 0, said_pairs = 0, information = 0;
  for (const auto& [key, count] : both) {
    together += pairs(count);
    information +=
        count / rows * std::log(count * rows / (of_truth[key.first] * of_said[key.second]));
  }
  for (const auto& [key, count] : of_truth) truth_pairs += pairs(count);
  for (const auto& [key, count] : of_said) said_pairs += pairs(count);
  const double expected = rows > 1 ? truth_pairs * said_pairs / pairs(rows) : 0;
  const double most = (truth_pairs + said_pairs) / 2;
  const double mean = (entropy(of_truth, rows) + entropy(of_said, rows)) / 2;
  return {{"ari", most == expected ? 1.0 : (together - expected) / (most - expected)},
          {"nmi", mean > 0 ? information / mean : 1.0}};
}

double silhouette(const std::vector<double>& points, std::size_t width,
                  const std::vector<std::uint32_t>& clusters) {
  const auto rows = clusters.size();
  std::uint32_t count = 0;
  for (const auto each : clusters) count = std::max(count, each + 1);
  std::vector<double> sizes(count);
  for (const auto each : clusters) ++sizes[each];
  double sum = 0;
  std::vector<double> distance(count);
  for (std::size_t i = 0; i < rows; ++i) {
    if (sizes[clusters[i]] < 2) continue;
    std::fill(distance.begin(), distance.end(), 0.0);
    for (std::size_t j = 0; j < rows; ++j) {
      double squares = 0;
      for (std::size_t k = 0; k < width; ++k) {
        const double difference = points[i * width + k] - points[j * width + k];
        squares += difference * difference;
      }
      distance[clusters[j]] += std::sqrt(squares);
    }
    const auto own = clusters[i];
    const double inside = distance[own] / (sizes[own] - 1);
    double outside = std::numeric_limits<double>::infinity();
    for (std::uint32_t c = 0; c < count; ++c)
      if (c != own && sizes[c] > 0) outside = std::min(outside, distance[c] / sizes[c]);
    if (std::isinf(outside)) return 0;  // one cluster
    const double larger = std::max(inside, outside);
    sum += larger > 0 ? (outside - inside) / larger : 0;
  }
  return rows == 0 ? 0 : sum / static_cast<double>(rows);
}

}  // namespace artel::training
