#include "actors/training/models/boosted_model.hpp"

#include <nlohmann/json.hpp>

#include "actors/training/data/random.hpp"
#include "actors/training/models/booster.hpp"
#include "actors/training/models/targets.hpp"

namespace artel::training {

headline_score boosted_model::headline() const {
  if (task_ == task::classification) return {"accuracy", true};
  if (task_ == task::regression) return {"rmse", false};
  return {"ndcg_at_10", true};
}

outcome<predictions> boosted_model::predict(const table& of,
                                            const std::vector<std::uint32_t>& rows) const {
  predictions made;
  if (rows.empty()) return made;
  try {
    const boost_matrix data(encoder_.encode(of, rows), encoder_);
    const auto said = booster(bytes_, 1).predict(data);
    const auto width = task_ == task::classification && classes_.size() > 2 ? classes_.size() : 1;
    if (said.size() != rows.size() * width)
      return trouble{trouble_code::corrupt, "a saved model says other than its description"};
    if (task_ != task::classification) {
      made.values.assign(said.begin(), said.end());
    } else if (classes_.size() == 2) {
      made.labels = classes_;
      for (const double each : said)
        made.probabilities.insert(made.probabilities.end(), {1 - each, each});
    } else {
      made.labels = classes_;
      made.probabilities.assign(said.begin(), said.end());
    }
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
  return made;
}

scores boosted_model::score(const table& of, const std::vector<std::uint32_t>& rows,
                            const predictions& said) const {
  if (task_ == task::regression) return regression_scores(numeric_target(of, rows), said.values);
  if (task_ == task::ranking) {
    const auto queries = by_query(of, rows);
    std::map<std::uint32_t, std::size_t> place;
    for (std::size_t i = 0; i < rows.size(); ++i) place[rows[i]] = i;
    const auto truth = relevances(of, rows);
    std::vector<ranked_query> all;
    std::size_t at = 0;
    for (const auto size : queries.sizes) {
      all.emplace_back();
      for (std::size_t end = at + size; at < end; ++at) {
        const auto i = place[queries.rows[at]];
        all.back().truth.push_back(truth[i]);
        all.back().score.push_back(said.values[i]);
      }
    }
    return ranking_scores(all, exponential_);
  }
  // A class that the training had not is a class more, which nobody says.
  const auto known = static_cast<std::uint32_t>(classes_.size());
  const auto truth = class_numbers(of, rows, classes_);
  const bool strange = std::find(truth.begin(), truth.end(), known) != truth.end();
  if (!strange) return classification_scores(truth, said.probabilities, known);
  std::vector<double> wider;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    wider.insert(wider.end(), &said.probabilities[i * known],
                 &said.probabilities[i * known] + known);
    wider.push_back(0);
  }
  return classification_scores(truth, wider, known + 1);
}

outcome<scores> boosted_model::evaluate(const table& of,
                                        const std::vector<std::uint32_t>& rows) const {
  const auto said = predict(of, rows);
  if (!said) return said.error();
  try {
    return score(of, rows, *said);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
}

outcome<scores> boosted_model::baseline(const table& of,
                                        const std::vector<std::uint32_t>& rows) const {
  predictions said;
  random_numbers chance(1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (task_ == task::regression) said.values.push_back(mean_);
    if (task_ == task::ranking) said.values.push_back(chance.fraction());
    for (std::size_t k = 0; k < classes_.size(); ++k)
      said.probabilities.push_back(k == static_cast<std::size_t>(mean_) ? 1 : 0);
  }
  try {
    return score(of, rows, said);
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  }
}

nlohmann::json boosted_model::description() const {
  return {{"encoder", encoder_.to_json()},
          {"classes", classes_},
          {"mean", mean_},
          {"exponential", exponential_}};
}

std::unique_ptr<model> load_boosted(task what, const nlohmann::json& description,
                                    const std::string& state) {
  auto encoder = feature_encoder::from(description.at("encoder"));
  if (!encoder) throw data_mistake{encoder.error().text};
  if (const auto classes = description.at("classes").size();
      what == task::classification &&
      (classes < 2 || !(description.at("mean").get<double>() >= 0) ||
       !(description.at("mean").get<double>() < static_cast<double>(classes))))
    throw data_mistake{"a saved model has impossible classes"};
  auto made = std::make_unique<boosted_model>(
      what, *std::move(encoder), description.at("classes").get<std::vector<std::string>>(),
      description.at("mean").get<double>(), description.at("exponential").get<bool>());
  made->set_bytes(state);
  return made;
}

}  // namespace artel::training
