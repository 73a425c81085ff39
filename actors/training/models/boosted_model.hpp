// Gradient boosting (XGBoost) for classes, numbers and rankings.
#pragma once

#include "actors/training/data/features.hpp"
#include "actors/training/models/model.hpp"

namespace artel::training {

/// Throws data_mistake.
fitted fit_boosted(task what, const table& of, const row_parts& parts, const fit_settings& how,
                   training_watch& watch);
std::unique_ptr<model> load_boosted(task what, const nlohmann::json& description,
                                    const std::string& state);

class boosted_model : public model {
public:
  boosted_model(task what, feature_encoder encoder, std::vector<std::string> classes, double mean,
                bool exponential)
      : task_(what),
        encoder_(std::move(encoder)),
        classes_(std::move(classes)),
        mean_(mean),
        exponential_(exponential) {}

  task kind() const override { return task_; }
  headline_score headline() const override;
  outcome<predictions> predict(const table& of,
                               const std::vector<std::uint32_t>& rows) const override;
  outcome<scores> evaluate(const table& of, const std::vector<std::uint32_t>& rows) const override;
  outcome<scores> baseline(const table& of, const std::vector<std::uint32_t>& rows) const override;
  std::string state() const override { return bytes_; }
  nlohmann::json description() const override;

  const feature_encoder& encoder() const { return encoder_; }
  const std::vector<std::string>& classes() const { return classes_; }
  void set_bytes(std::string bytes) { bytes_ = std::move(bytes); }

private:
  scores score(const table& of, const std::vector<std::uint32_t>& rows,
               const predictions& said) const;

  task task_;
  feature_encoder encoder_;
  std::vector<std::string> classes_;  ///< the most frequent one of the training first in `mean_`
  double mean_;                       ///< of the training target, or the most frequent class
  bool exponential_;                  ///< gains of a ranking
  std::string bytes_;
};

}  // namespace artel::training
