#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "actors/training/metrics/metrics.hpp"

namespace artel::training {
namespace {

constexpr std::size_t top = 10;
constexpr auto all = std::numeric_limits<std::size_t>::max();

double discount(std::size_t place) { return 1 / std::log2(static_cast<double>(place) + 2); }

std::vector<std::size_t> by_score(const std::vector<double>& score) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return score[a] > score[b]; });
  return order;
}

/// Documents of one score share the mean gain of their places.
double gained(const std::vector<double>& gains, const std::vector<double>& score, std::size_t k) {
  const auto order = by_score(score);
  double sum = 0;
  for (std::size_t begin = 0; begin < order.size() && begin < k;) {
    auto end = begin;
    double gain = 0, weight = 0;
    for (; end < order.size() && score[order[end]] == score[order[begin]]; ++end) {
      gain += gains[order[end]];
      if (end < k) weight += discount(end);
    }
    sum += gain / static_cast<double>(end - begin) * weight;
    begin = end;
  }
  return sum;
}

}  // namespace

scores ranking_scores(const std::vector<ranked_query>& queries, bool exponential) {
  double ndcg = 0, ndcg_top = 0, precision = 0, reciprocal = 0, count = 0;
  for (const auto& query : queries) {
    auto gains = query.truth;
    if (exponential)
      for (auto& gain : gains) gain = std::exp2(gain) - 1;
    const double best = gained(gains, gains, all);
    if (!(best > 0)) continue;
    ++count;
    ndcg += gained(gains, query.score, all) / best;
    ndcg_top += gained(gains, query.score, top) / gained(gains, gains, top);
    double found = 0, sum = 0;
    const auto order = by_score(query.score);
    for (std::size_t place = 0; place < order.size(); ++place) {
      if (!(query.truth[order[place]] > 0)) continue;
      if (found == 0) reciprocal += 1 / static_cast<double>(place + 1);
      sum += ++found / static_cast<double>(place + 1);
    }
    precision += sum / found;
  }
  if (count == 0) return {{"queries", 0}};
  return {{"ndcg", ndcg / count},
          {"ndcg_at_10", ndcg_top / count},
          {"map", precision / count},
          {"mrr", reciprocal / count},
          {"queries", count}};
}

scores recommendation_scores(const std::vector<recommended_list>& lists, std::size_t items) {
  double ndcg = 0, recall = 0, precision = 0, count = 0;
  std::set<std::uint32_t> recommended;
  for (const auto& list : lists) {
    if (list.held_out.empty()) continue;
    const std::set<std::uint32_t> wanted(list.held_out.begin(), list.held_out.end());
    const auto possible = std::min(top, wanted.size());
    double best = 0, gain = 0, found = 0, sum = 0;
    for (std::size_t place = 0; place < possible; ++place) best += discount(place);
    for (std::size_t place = 0; place < std::min(top, list.items.size()); ++place) {
      recommended.insert(list.items[place]);
      if (!wanted.contains(list.items[place])) continue;
      gain += discount(place);
      sum += ++found / static_cast<double>(place + 1);
    }
    ++count;
    ndcg += gain / best;
    recall += found / static_cast<double>(possible);
    precision += sum / static_cast<double>(possible);
  }
  if (count == 0) return {};
  return {{"ndcg_at_10", ndcg / count},
          {"recall_at_10", recall / count},
          {"map_at_10", precision / count},
          {"coverage_at_10", static_cast<double>(recommended.size()) / static_cast<double>(items)}};
}

}  // namespace artel::training
