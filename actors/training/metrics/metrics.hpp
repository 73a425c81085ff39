// Scores as scikit-learn defines them (the definition is named at each), so that figures can be
// compared. All take one value per row; weights are not taken.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace artel::training {

/// Name → value. A score that is not defined for the data is absent.
using scores = std::map<std::string, double>;

/// accuracy, macro_f1 (classes that occur among `truth` or `said`; one never said has precision 0),
/// log_loss (probabilities cut at 1e-15) and roc_auc (two classes: of class 1; more: mean of one
/// against the rest, absent while a class lacks in `truth`). `probabilities` is rows × classes.
scores classification_scores(const std::vector<std::uint32_t>& truth,
                             const std::vector<double>& probabilities, std::uint32_t classes);
/// roc_auc_score for two classes: ties count half.
double roc_auc(const std::vector<bool>& positive, const std::vector<double>& score);

/// rmse, mae, r2 (0 when all of `truth` are the same and not met, 1 when met).
scores regression_scores(const std::vector<double>& truth, const std::vector<double>& said);

/// adjusted_rand_score and normalized_mutual_info_score (arithmetic mean).
scores clustering_scores(const std::vector<std::uint32_t>& truth,
                         const std::vector<std::uint32_t>& said);
/// silhouette_score by Euclidean distance; `points` is rows × width. 0 for clusters of one row.
/// Quadratic in rows: give a sample.
double silhouette(const std::vector<double>& points, std::size_t width,
                  const std::vector<std::uint32_t>& clusters);

/// Documents of one query: gains and scores.
struct ranked_query {
  std::vector<double> truth, score;
};
/// ndcg_at_10, ndcg (ndcg_score with gains as they are, or 2^gain − 1 as XGBoost has it when
/// `exponential`; ties share their place as there), map (average precision, relevant when truth >
/// 0; ties in the order given), mrr. Queries without a relevant document are left out; `queries`
/// counts the others.
scores ranking_scores(const std::vector<ranked_query>& queries, bool exponential);

/// Of each user: which recommended items, best first, were in the held-out set, and how many that
/// has.
struct recommended_list {
  std::vector<std::uint32_t> items;  ///< best first
  std::vector<std::uint32_t> held_out;
};
/// ndcg_at_10, recall_at_10 (found / min(10, held out)), map_at_10, coverage_at_10 (share of all
/// items that are recommended to somebody).
scores recommendation_scores(const std::vector<recommended_list>& lists, std::size_t items);

}  // namespace artel::training
