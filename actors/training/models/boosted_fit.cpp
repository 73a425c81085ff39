// The training loop is ours, an iteration at a time, so that progress is told, a cancel is heard
// and the training stops when the validation rows say so.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "actors/training/models/boosted_model.hpp"
#include "actors/training/models/booster.hpp"
#include "actors/training/models/settings.hpp"
#include "actors/training/models/targets.hpp"

namespace artel::training {
namespace {

struct boosting {
  std::uint32_t rounds, patience, text_width, categories_max;
  std::string class_weights;
  bool exponential;
  std::map<std::string, std::string> parameters;
  std::string metric;
  bool higher_is_better;
};

boosting read(task what, settings_reader& in, std::uint64_t seed, std::uint32_t threads) {
  boosting made;
  made.rounds = in.whole("rounds", 1'000, 1, 100'000);
  // The order of few queries is noise: rankings take smaller steps and wait longer.
  const bool ranks = what == task::ranking;
  made.patience = in.whole("early_stopping", ranks ? 200 : 50, 0, 100'000);
  made.text_width = in.whole("text_width", 512, 16, 65'536);
  made.categories_max = in.whole("categories_max", 1'000, 2, 100'000);
  const auto pass = [&](const char* name, double otherwise, double min, double max) {
    in.real(name, otherwise, min, max);
    made.parameters[name] = in.used().at(name);
  };
  pass("learning_rate", ranks ? 0.05 : 0.1, 1e-6, 1);
  pass("min_child_weight", 1, 0, 1e9);
  pass("subsample", 1, 0.01, 1);
  pass("colsample_bytree", 1, 0.01, 1);
  pass("reg_lambda", 1, 0, 1e9);
  pass("reg_alpha", 0, 0, 1e9);
  pass("gamma", 0, 0, 1e9);
  made.parameters["max_depth"] = std::to_string(in.whole("max_depth", ranks ? 4 : 6, 1, 64));
  made.parameters["max_bin"] = std::to_string(in.whole("max_bin", 256, 2, 65'536));
  made.class_weights = what == task::classification
                           ? in.choice("class_weights", "none", {"none", "balanced"})
                           : "none";
  made.exponential = what == task::ranking &&
                     in.choice("gain", "exponential", {"exponential", "linear"}) == "exponential";
  in.finish();
  made.parameters["tree_method"] = "hist";
  made.parameters["seed"] = std::to_string(seed % 2'147'483'647);
  made.parameters["nthread"] = std::to_string(threads);
  made.parameters["verbosity"] = "0";
  made.higher_is_better = what == task::ranking;
  made.metric = what == task::regression ? "rmse" : what == task::ranking ? "ndcg@10" : "logloss";
  made.parameters["objective"] = what == task::regression ? "reg:squarederror"
                                 : what == task::ranking  ? "rank:ndcg"
                                                          : "binary:logistic";
  return made;
}

/// A part of the rows as XGBoost takes it, with what it is to say of them.
class boost_part {
public:
  boost_part(task what, const table& of, const std::vector<std::uint32_t>& in_rows,
             const boosted_model& by, const std::string& class_weights) {
    auto rows = in_rows;
    std::vector<std::uint32_t> sizes;
    if (what == task::ranking) {
      auto queries = by_query(of, in_rows);
      rows = std::move(queries.rows), sizes = std::move(queries.sizes);
    }
    matrix = std::make_unique<boost_matrix>(by.encoder().encode(of, rows), by.encoder());
    auto weights = what == task::ranking ? std::vector<float>() : weights_of(of, rows);
    std::vector<float> labels;
    if (what == task::classification) {
      const auto numbers = class_numbers(of, rows, by.classes());
      labels.assign(numbers.begin(), numbers.end());
      // Of a class that the training rows have not nothing can be said while training.
      if (weights.empty()) weights.assign(labels.size(), 1.0F);
      std::vector<double> counts(by.classes().size() + 1);
      for (const auto each : numbers) ++counts[each];
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] == by.classes().size())
          weights[i] = 0, labels[i] = 0;
        else if (class_weights == "balanced")
          weights[i] *=
              static_cast<float>(static_cast<double>(rows.size()) /
                                 (static_cast<double>(by.classes().size()) * counts[numbers[i]]));
      }
    } else {
      const auto numbers = numeric_target(of, rows);
      labels.assign(numbers.begin(), numbers.end());
    }
    matrix->labels(labels);
    if (!weights.empty()) matrix->weights(weights);
    if (!sizes.empty()) matrix->groups(sizes);
  }
  std::unique_ptr<boost_matrix> matrix;
};

void check_gains(const table& of, const std::vector<std::uint32_t>& rows,
                 std::vector<std::string>& notes) {
  const auto values = relevances(of, rows);
  const auto queries = by_query(of, rows);
  std::map<std::uint32_t, double> value;
  for (std::size_t i = 0; i < rows.size(); ++i) value[rows[i]] = values[i];
  std::size_t at = 0, telling = 0, alone = 0;
  for (const auto size : queries.sizes) {
    const auto first = queries.rows.begin() + static_cast<std::ptrdiff_t>(at);
    telling +=
        std::any_of(first, first + size, [&](auto row) { return value[row] != value[*first]; });
    alone += size == 1;
    at += size;
  }
  if (telling == 0)
    throw data_mistake{of.path + ": in none of the " + std::to_string(queries.sizes.size()) +
                       " queries for training two rows differ in relevance: there is no order to "
                       "learn"};
  if (alone != 0)
    notes.push_back(std::to_string(alone) + " of " + std::to_string(queries.sizes.size()) +
                    " queries have a single row: there is no order to learn from them");
}

double middle_of(task what, const table& of, const std::vector<std::uint32_t>& rows,
                 const std::vector<std::string>& classes) {
  if (what == task::ranking) return 0;
  if (what == task::regression) {
    const auto values = numeric_target(of, rows);
    if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); }))
      throw data_mistake{of.path + ": the target '" + target_of(of).spec.name + "' is " +
                         target_of(of).text_of(rows.front()) +
                         " in all training rows: there is nothing to learn"};
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(rows.size());
  }
  std::vector<std::size_t> counts(classes.size());
  for (const auto each : class_numbers(of, rows, classes)) ++counts[each];
  return static_cast<double>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

/// XGBoost 1.7 draws the pairs of a ranking thread by thread: one thread, or the model would hang
/// on how many there are.
std::uint32_t threads_for(task what, const training_watch& watch) {
  return what == task::ranking ? 1 : watch.threads();
}

/// Updates until the validation has not become better for `patience` rounds; returns the best
/// one's.
std::uint32_t learn(task what, booster& made, const boosting& by, const boost_matrix& train,
                    const boost_matrix* validation, training_watch& watch) {
  std::uint32_t best_round = by.rounds, threads = 0;
  double best = 0;
  for (std::uint32_t i = 0; i < by.rounds; ++i) {
    if (watch.cancelled()) throw trouble{trouble_code::cancelled, "the training was cancelled"};
    if (const auto now = threads_for(what, watch); now != threads) made.threads(threads = now);
    made.update(i, train);
    std::vector<const boost_matrix*> seen{&train};
    if (validation != nullptr) seen.push_back(validation);
    const auto values = made.evaluate(i, seen);
    scores told{{"train_loss", values.front()}};
    if (validation != nullptr) told["validation_loss"] = values.back();
    watch.iteration(i + 1, by.rounds, told);
    if (validation == nullptr || by.patience == 0) continue;
    const double value = by.higher_is_better ? -values.back() : values.back();
    if (i == 0 || value < best) best = value, best_round = i + 1;
    if (i + 1 - best_round >= by.patience && best_round <= i + 1) break;
  }
  return best_round;
}

}  // namespace

fitted fit_boosted(task what, const table& of, const row_parts& parts, const fit_settings& how,
                   training_watch& watch) {
  settings_reader in(how.parameters);
  auto by = read(what, in, how.seed, threads_for(what, watch));
  fitted result;
  result.used = in.used();
  if (what == task::ranking) {
    check_gains(of, parts.train, result.notes);
    static_cast<void>(relevances(of, parts.validation));
    if (of.of_role(column_role::weight) != nullptr)
      result.notes.emplace_back("weights are not taken by rankings");
  }
  std::vector<std::string> classes;
  if (what == task::classification) classes = classes_of(of, parts.train);
  if (classes.size() > 2) {
    by.parameters["objective"] = "multi:softprob";
    by.parameters["num_class"] = std::to_string(classes.size());
    by.metric = "mlogloss";
  }
  by.parameters["eval_metric"] = by.metric;
  if (what == task::ranking && !by.exponential)
    result.notes.push_back(
        "gain: linear counts for the scores told; XGBoost learns with 2^relevance − 1");
  auto encoder = feature_encoder::learn(of, parts.train, {by.categories_max, by.text_width, false},
                                        result.notes);
  if (!encoder) throw data_mistake{encoder.error().text};
  auto made =
      std::make_unique<boosted_model>(what, *std::move(encoder), classes,
                                      middle_of(what, of, parts.train, classes), by.exponential);
  const boost_part train(what, of, parts.train, *made, by.class_weights);
  std::optional<boost_part> validation;
  if (!parts.validation.empty())
    validation.emplace(what, of, parts.validation, *made, by.class_weights);
  booster learnt(*train.matrix, by.parameters);
  const auto best = learn(what, learnt, by, *train.matrix,
                          validation ? validation->matrix.get() : nullptr, watch);
  auto kept = learnt.first(best);
  kept.attribute("best_iteration", std::to_string(best - 1));
  made->set_bytes(kept.bytes());
  result.used["rounds_used"] = std::to_string(best);
  result.made = std::move(made);
  return result;
}

}  // namespace artel::training
