// One interface for all trainers: fit, evaluate, predict, save, load. Fitting is a function per
// task; what comes of it is a model that answers on any thread.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "actors/training/data/split.hpp"
#include "actors/training/metrics/metrics.hpp"

namespace artel::training {

enum class task { classification, regression, clustering, ranking, recommendation };
constexpr std::string_view task_names[] = {"classification", "regression", "clustering", "ranking",
                                           "recommendation"};
outcome<task> task_from(const std::string& text);

/// Hears of each iteration. Fitting ends with trouble_code::cancelled soon after cancelled() says
/// true.
class training_watch {
public:
  virtual ~training_watch() = default;
  virtual void iteration(std::uint32_t done, std::uint32_t total, const scores& told) = 0;
  virtual bool cancelled() const = 0;
  /// How many threads the next iteration may take. No model hangs on it.
  virtual std::uint32_t threads() const { return 1; }
};

struct fit_settings {
  std::uint64_t seed = 1;
  std::map<std::string, std::string> parameters;  ///< docs/TRAINING.md; unknown ones are refused
};

/// What a model says of rows. One of the three is filled; `probabilities` is rows × labels.
struct predictions {
  std::vector<std::string> labels;
  std::vector<double> probabilities;  ///< classification
  std::vector<double> values;         ///< regression, ranking (higher is better), ratings
  std::vector<std::uint32_t> clusters;
};

/// The score by which models of a task are compared.
struct headline_score {
  std::string name;
  bool higher_is_better = true;
};

class model {
public:
  virtual ~model() = default;
  virtual task kind() const = 0;
  virtual headline_score headline() const = 0;
  virtual outcome<predictions> predict(const table& of,
                                       const std::vector<std::uint32_t>& rows) const = 0;
  virtual outcome<scores> evaluate(const table& of,
                                   const std::vector<std::uint32_t>& rows) const = 0;
  /// Scores of what needs no training, learnt from the same rows: the most frequent class, the
  /// mean, a random division, a random order, the most popular items.
  virtual outcome<scores> baseline(const table& of,
                                   const std::vector<std::uint32_t>& rows) const = 0;
  /// Items for a user, best first, without those that the training had; recommendations only.
  virtual outcome<std::vector<std::string>> recommended(const std::string& user,
                                                        std::size_t count) const {
    return bad_input("a list for '" + user + "' of " + std::to_string(count) +
                     ": only recommendations have lists");
  }
  /// The learnt state, for load_state; XGBoost's own JSON where that made it.
  virtual std::string state() const = 0;
  /// What else load needs: labels, encodings.
  virtual nlohmann::json description() const = 0;
};

/// A model and what people should know of how it came about.
struct fitted {
  std::unique_ptr<model> made;
  std::vector<std::string> notes;
  std::map<std::string, std::string> used;  ///< all parameters, with defaults
};

outcome<fitted> fit(task what, const table& of, const row_parts& parts, const fit_settings& how,
                    training_watch& watch);
outcome<std::unique_ptr<model>> load(task what, const nlohmann::json& description,
                                     const std::string& state);

}  // namespace artel::training
