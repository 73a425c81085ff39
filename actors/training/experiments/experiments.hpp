// Experiments: every training that is kept in a folder of models. A record is read from the
// version's artel.json; nothing else is kept of it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "messages/outcome.hpp"

namespace artel::training {

struct experiment {
  std::string name, version;
  std::filesystem::path folder;
  std::int64_t made_ms = 0;  ///< when it was saved, since 1970
  bool in_service = false;
  nlohmann::json about;  ///< artel.json
  nlohmann::json run;    ///< run.json

  /// The headline score of a part (train, validation, test, baseline); null when there is none.
  nlohmann::json score(const char* part) const;
};

/// Newest first. What can not be read is passed over and named in `damaged`.
outcome<std::vector<experiment>> list_experiments(const std::filesystem::path& models,
                                                  std::vector<std::string>& damaged);
/// The version, or the one in service when it is empty, or the newest when none is. An unambiguous
/// beginning of a version will do.
outcome<experiment> find_experiment(const std::filesystem::path& models, const std::string& name,
                                    const std::string& version);

/// As MLflow has them: final scores as train_…, test_… at step 0, and the scores of each iteration.
/// Keys hold letters, digits, '_', '.' and '-' only.
struct metric_point {
  std::string key;
  double value = 0;
  std::int64_t step = 0;
};
std::vector<metric_point> metrics_of(const experiment& of);
std::vector<std::pair<std::string, std::string>> parameters_of(const experiment& of);
std::vector<std::pair<std::string, std::string>> tags_of(const experiment& of);
/// When its training began, milliseconds since 1970.
std::int64_t began_ms(const experiment& of);

/// MLflow's file store: an experiment per model, a run per version, with parameters, metrics (by
/// step), tags and artifacts. Runs that are there already are left as they are. Returns how many
/// were written.
outcome<std::size_t> export_to_mlflow(const std::vector<experiment>& all,
                                      const std::filesystem::path& mlruns);

/// To an MLflow server, over its REST interface. A run counts as there when the server says that it
/// is finished; one that was cut in its middle is deleted and logged anew, since metrics sent twice
/// would be there twice. `server` is http://HOST:PORT or https://…; MLFLOW_TRACKING_TOKEN, or
/// _USERNAME and _PASSWORD, of the environment are sent along. Returns how many were logged.
outcome<std::size_t> log_to_mlflow(const std::vector<experiment>& all, const std::string& server);

}  // namespace artel::training
