#include "actors/training/models/cluster_model.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "actors/training/data/random.hpp"
#include "actors/training/models/settings.hpp"
#include "actors/training/models/targets.hpp"

namespace artel::training {
namespace {

constexpr std::size_t silhouette_rows = 2'000;  // of a sample; the score is quadratic in rows
constexpr Eigen::Index mixture_width_max = 128;

template <class Matrix>
nlohmann::json json_of(const Matrix& of) {
  auto rows = nlohmann::json::array();
  for (Eigen::Index i = 0; i < of.rows(); ++i) {
    auto row = nlohmann::json::array();
    for (Eigen::Index k = 0; k < of.cols(); ++k) row.push_back(of(i, k));
    rows.push_back(std::move(row));
  }
  return rows;
}

matrix matrix_of(const nlohmann::json& saved) {
  const auto rows = saved.get<std::vector<std::vector<double>>>();
  if (rows.empty()) throw data_mistake{"a saved model has an empty matrix"};
  matrix made(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].size() != rows[0].size()) throw data_mistake{"a saved model has a ragged matrix"};
    for (std::size_t k = 0; k < rows[i].size(); ++k)
      made(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) = rows[i][k];
  }
  return made;
}

std::vector<std::size_t> sample_of(std::size_t rows, std::size_t most) {
  std::vector<std::size_t> made;
  const auto step = std::max<std::size_t>(1, (rows + most - 1) / most);
  for (std::size_t i = 0; i < rows; i += step) made.push_back(i);
  return made;
}

double silhouette_of(const matrix& points, const std::vector<std::uint32_t>& clusters) {
  std::vector<double> values;
  std::vector<std::uint32_t> of;
  for (const auto i : sample_of(clusters.size(), silhouette_rows)) {
    const auto row = static_cast<Eigen::Index>(i);
    for (Eigen::Index k = 0; k < points.cols(); ++k) values.push_back(points(row, k));
    of.push_back(clusters[i]);
  }
  return silhouette(values, static_cast<std::size_t>(points.cols()), of);
}

class cluster_model : public model {
public:
  cluster_model(feature_encoder encoder, point_scale scale)
      : encoder_(std::move(encoder)), scale_(std::move(scale)) {}

  task kind() const override { return task::clustering; }
  headline_score headline() const override { return {"silhouette", true}; }

  outcome<predictions> predict(const table& of,
                               const std::vector<std::uint32_t>& rows) const override {
    predictions made;
    try {
      if (!rows.empty()) made.clusters = clusters_of(points_of(of, rows));
    } catch (const data_mistake& e) {
      return bad_input(e.text);
    }
    return made;
  }

  outcome<scores> evaluate(const table& of, const std::vector<std::uint32_t>& rows) const override {
    if (rows.empty()) return scores{};
    const auto points = points_of(of, rows);
    return score(of, rows, points, clusters_of(points));
  }

  /// A division by chance into as many clusters.
  outcome<scores> baseline(const table& of, const std::vector<std::uint32_t>& rows) const override {
    if (rows.empty()) return scores{};
    random_numbers chance(1);
    std::vector<std::uint32_t> clusters;
    for (std::size_t i = 0; i < rows.size(); ++i)
      clusters.push_back(
          static_cast<std::uint32_t>(chance.below(static_cast<std::uint64_t>(centers.rows()))));
    return score(of, rows, points_of(of, rows), clusters);
  }

  std::string state() const override {
    nlohmann::json made{{"centers", json_of(centers)}};
    if (of_mixture) {
      made["weights"] = json_of(of_mixture->weights);
      for (const auto& each : of_mixture->covariances) made["covariances"].push_back(json_of(each));
    }
    return made.dump();
  }
  nlohmann::json description() const override {
    return {{"encoder", encoder_.to_json()},
            {"mean", json_of(scale_.mean)},
            {"deviation", json_of(scale_.deviation)}};
  }

  matrix centers;
  std::optional<mixture_result> of_mixture;

private:
  matrix points_of(const table& of, const std::vector<std::uint32_t>& rows) const {
    return scale_.points(encoder_.encode(of, rows));
  }
  std::vector<std::uint32_t> clusters_of(const matrix& points) const {
    return of_mixture ? components(points, *of_mixture) : nearest(points, centers);
  }
  outcome<scores> score(const table& of, const std::vector<std::uint32_t>& rows,
                        const matrix& points, const std::vector<std::uint32_t>& clusters) const {
    scores made;
    // With a target, which the training never sees, how well the clusters are its values.
    if (of.of_role(column_role::target) != nullptr) {
      try {
        made = clustering_scores(class_numbers(of, rows, classes_of(of, rows)), clusters);
      } catch (const data_mistake&) {  // one value only: nothing to compare with
      }
    }
    made["silhouette"] = silhouette_of(points, clusters);
    return made;
  }

  feature_encoder encoder_;
  point_scale scale_;
};

struct tried {
  kmeans_result by_means;
  std::optional<mixture_result> by_mixture;
  double worse = 0;  ///< lower is better
};

/// Every k from 2 on is tried; by silhouette, or by BIC for mixtures.
tried choose(const matrix& points, bool with_mixture, std::uint32_t k, std::uint32_t k_max,
             std::uint32_t beginnings, std::uint64_t seed, training_watch& watch) {
  const auto stop = [&] { return watch.cancelled(); };
  std::optional<tried> best;
  const auto first = k != 0 ? k : 2, last = k != 0 ? k : k_max;
  for (auto each = first; each <= last; ++each) {
    tried now{kmeans(points, each, beginnings, seed, watch), std::nullopt, 0};
    scores told{{"clusters", each}};
    if (with_mixture) {
      now.by_mixture = mixture(points, now.by_means, stop);
      told["bic"] = now.worse = now.by_mixture->bic;
    } else {
      told["silhouette"] = silhouette_of(points, now.by_means.clusters);
      now.worse = -told["silhouette"];
    }
    watch.iteration(each - first + 1, last - first + 1, told);
    if (!best || now.worse < best->worse) best = std::move(now);
  }
  return *std::move(best);
}

}  // namespace

point_scale point_scale::learn(const feature_matrix& training) {
  const auto width = static_cast<Eigen::Index>(training.width);
  point_scale made{Eigen::VectorXd::Zero(width), Eigen::VectorXd::Zero(width)};
  Eigen::VectorXd counts = Eigen::VectorXd::Zero(width);
  for (std::size_t i = 0; i < training.values.size(); ++i) {
    made.mean[training.places[i]] += training.values[i];
    counts[training.places[i]] += 1;
  }
  made.mean.array() /= counts.array().max(1);
  for (std::size_t i = 0; i < training.values.size(); ++i) {
    const double away = training.values[i] - made.mean[training.places[i]];
    made.deviation[training.places[i]] += away * away;
  }
  made.deviation = (made.deviation.array() / counts.array().max(1)).sqrt();
  for (auto& each : made.deviation)
    if (!(each > 0)) each = 1;
  return made;
}

matrix point_scale::points(const feature_matrix& of) const {
  matrix made = matrix::Zero(static_cast<Eigen::Index>(of.rows()), mean.size());
  for (std::size_t row = 0; row < of.rows(); ++row)
    for (auto i = of.begins[row]; i < of.begins[row + 1]; ++i)
      made(static_cast<Eigen::Index>(row), of.places[i]) =
          (of.values[i] - mean[of.places[i]]) / deviation[of.places[i]];
  return made;
}

fitted fit_clusters(const table& of, const row_parts& parts, const fit_settings& how,
                    training_watch& watch) {
  settings_reader in(how.parameters);
  const bool with_mixture = in.choice("method", "kmeans", {"kmeans", "mixture"}) == "mixture";
  const auto k = in.whole("clusters", 0, 0, 1'000);
  const auto k_max = in.whole("clusters_max", 10, 2, 1'000);
  const auto beginnings = in.whole("beginnings", 10, 1, 1'000);
  const bool standard = in.choice("scale", "standard", {"standard", "none"}) == "standard";
  const auto text_width = in.whole("text_width", 64, 8, 4'096);
  const auto categories_max = in.whole("categories_max", 50, 2, 10'000);
  in.finish();
  fitted result;
  if (of.of_role(column_role::weight) != nullptr)
    result.notes.emplace_back("weights are not taken by clusterings");
  auto encoder =
      feature_encoder::learn(of, parts.train, {categories_max, text_width, true}, result.notes);
  if (!encoder) throw data_mistake{encoder.error().text};
  const auto training = encoder->encode(of, parts.train);
  auto scale = point_scale::learn(training);
  if (!standard) scale.mean.setZero(), scale.deviation.setOnes();
  const auto points = scale.points(training);
  const auto rows = static_cast<std::uint32_t>(points.rows());
  const auto most = std::min(k_max, rows - 1);
  if (rows < 3 || k == 1 || k >= rows)
    throw data_mistake{of.path + ": " + std::to_string(rows) +
                       " training rows can not be divided into " +
                       (k == 0 ? std::string("clusters") : std::to_string(k) + " clusters")};
  if (with_mixture && points.cols() > mixture_width_max)
    throw data_mistake{of.path + ": a mixture of " + std::to_string(points.cols()) +
                       " features; at most " + std::to_string(mixture_width_max) +
                       ": take fewer columns, or kmeans"};
  auto best = choose(points, with_mixture, k, most, beginnings, how.seed, watch);
  auto made = std::make_unique<cluster_model>(*std::move(encoder), scale);
  made->centers = best.by_mixture ? best.by_mixture->centers : best.by_means.centers;
  made->of_mixture = std::move(best.by_mixture);
  result.used = in.used();
  result.used["clusters_used"] = std::to_string(made->centers.rows());
  result.made = std::move(made);
  return result;
}

std::unique_ptr<model> load_clusters(const nlohmann::json& description, const std::string& state) {
  auto encoder = feature_encoder::from(description.at("encoder"));
  if (!encoder) throw data_mistake{encoder.error().text};
  const point_scale scale{matrix_of(description.at("mean")).col(0),
                          matrix_of(description.at("deviation")).col(0)};
  const auto width = static_cast<Eigen::Index>(encoder->width());
  if (scale.mean.size() != width || scale.deviation.size() != width)
    throw data_mistake{"a saved model has another width than its features"};
  auto made = std::make_unique<cluster_model>(*std::move(encoder), scale);
  const auto saved = nlohmann::json::parse(state);
  made->centers = matrix_of(saved.at("centers"));
  if (saved.contains("covariances")) {
    made->of_mixture.emplace();
    made->of_mixture->centers = made->centers;
    made->of_mixture->weights = matrix_of(saved.at("weights")).col(0);
    for (const auto& each : saved.at("covariances"))
      made->of_mixture->covariances.push_back(matrix_of(each));
  }
  const auto count = made->centers.rows();
  bool fits = made->centers.cols() == width;
  if (made->of_mixture) {
    const auto& one = *made->of_mixture;
    fits = fits && one.weights.size() == count &&
           static_cast<Eigen::Index>(one.covariances.size()) == count;
    for (const auto& each : one.covariances)
      fits = fits && each.rows() == width && each.cols() == width;
  }
  if (!fits) throw data_mistake{"a saved model has another width than its features"};
  return made;
}

}  // namespace artel::training
