#include <algorithm>
#include <cmath>
#include <numeric>

#include "actors/training/metrics/metrics.hpp"

namespace artel::training {
namespace {

constexpr double probability_min = 1e-15;

double macro_f1(const std::vector<std::uint32_t>& truth, const std::vector<std::uint32_t>& said,
                std::uint32_t classes) {
  std::vector<double> hits(classes), of_truth(classes), of_said(classes);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++of_truth[truth[i]], ++of_said[said[i]];
    hits[truth[i]] += truth[i] == said[i];
  }
  double sum = 0, count = 0;
  for (std::uint32_t k = 0; k < classes; ++k) {
    if (of_truth[k] + of_said[k] == 0) continue;
    sum += 2 * hits[k] / (of_truth[k] + of_said[k]);
    ++count;
  }
  return sum / count;
}

}  // namespace

double roc_auc(const std::vector<bool>& positive, const std::vector<double>& score) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return score[a] < score[b]; });
  double ranks = 0, positives = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin;
    while (end < order.size() && score[order[end]] == score[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2;  // from 1, ties share
    for (; begin < end; ++begin)
      if (positive[order[begin]]) ranks += rank, ++positives;
  }
  const double negatives = static_cast<double>(score.size()) - positives;
  return (ranks - positives * (positives + 1) / 2) / (positives * negatives);
}

scores classification_scores(const std::vector<std::uint32_t>& truth,
                             const std::vector<double>& probabilities, std::uint32_t classes) {
  scores made;
  if (truth.empty()) return made;
  std::vector<std::uint32_t> said(truth.size());
  std::vector<bool> seen(classes);
  double hits = 0, loss = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto* row = &probabilities[i * classes];
    said[i] = static_cast<std::uint32_t>(std::max_element(row, row + classes) - row);
    hits += said[i] == truth[i];
    seen[truth[i]] = true;
    loss -= std::log(std::clamp(row[truth[i]], probability_min, 1 - probability_min));
  }
  const auto rows = static_cast<double>(truth.size());
  made["accuracy"] = hits / rows;
  made["log_loss"] = loss / rows;
  made["macro_f1"] = macro_f1(truth, said, classes);
  if (classes < 2 || std::find(seen.begin(), seen.end(), false) != seen.end()) return made;
  double sum = 0;
  for (std::uint32_t k = classes == 2 ? 1 : 0; k < classes; ++k) {
    std::vector<bool> positive(truth.size());
    std::vector<double> score(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i)
      positive[i] = truth[i] == k, score[i] = probabilities[i * classes + k];
    sum += roc_auc(positive, score);
  }
  made["roc_auc"] = classes == 2 ? sum : sum / classes;
  return made;
}

scores regression_scores(const std::vector<double>& truth, const std::vector<double>& said) {
  if (truth.empty()) return {};
  const auto rows = static_cast<double>(truth.size());
  const double mean = std::accumulate(truth.begin(), truth.end(), 0.0) / rows;
  double squares = 0, absolute = 0, spread = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = truth[i] - said[i];
    squares += error * error;
    absolute += std::abs(error);
    spread += (truth[i] - mean) * (truth[i] - mean);
  }
  return {{"rmse", std::sqrt(squares / rows)},
          {"mae", absolute / rows},
          {"r2", spread > 0    ? 1 - squares / spread
                 : squares > 0 ? 0.0
                               : 1.0}};
}

}  // namespace artel::training
