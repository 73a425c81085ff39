// XGBoost behind RAII: a matrix, and a booster. A booster belongs to the thread that made it
// (XGBoost 1.7 keeps a cache per thread), so nobody keeps one: models keep its bytes.
#pragma once

#include <xgboost/c_api.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/training/data/features.hpp"

namespace artel::training {

/// Throws data_mistake with XGBoost's words.
class boost_matrix {
public:
  boost_matrix(const feature_matrix& of, const feature_encoder& by);
  void labels(const std::vector<float>& values);
  void weights(const std::vector<float>& values);
  void groups(const std::vector<std::uint32_t>& sizes);
  DMatrixHandle handle() const { return handle_.get(); }

private:
  std::shared_ptr<void> handle_;
};

class booster {
public:
  /// An empty one that is to learn from `data`.
  booster(const boost_matrix& data, const std::map<std::string, std::string>& parameters);
  booster(const std::string& bytes, std::uint32_t threads);

  void threads(std::uint32_t count);
  void update(std::uint32_t iteration, const boost_matrix& data);
  /// The metric of each matrix.
  std::vector<double> evaluate(std::uint32_t iteration,
                               const std::vector<const boost_matrix*>& data);
  /// Without the rounds behind `rounds`.
  booster first(std::uint32_t rounds) const;
  void attribute(const std::string& name, const std::string& value);
  std::string bytes() const;  ///< XGBoost's JSON
  std::vector<float> predict(const boost_matrix& data) const;

private:
  explicit booster(BoosterHandle handle);
  std::shared_ptr<void> handle_;
};

std::string xgboost_version();

}  // namespace artel::training
