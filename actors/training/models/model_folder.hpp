// A trained model on disk: `model.json` (the learnt state; for boosted models XGBoost's own format)
// and `artel.json` (all else: schema, split, seed, parameters, scores, encodings, library versions,
// reference).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "actors/training/models/model.hpp"

namespace artel::training {

constexpr int model_format = 1;

struct saved_model {
  task what = task::classification;
  std::string name, version;
  table_schema schema;
  nlohmann::json about;  ///< all of artel.json
  std::unique_ptr<model> made;
};

/// What artel.json says of itself and of the model; the caller adds the rest.
nlohmann::json describe(const model& of, const std::string& name, const std::string& version,
                        const table_schema& schema);
outcome<done> save_model(const std::filesystem::path& folder, const model& of,
                         const nlohmann::json& about);
outcome<saved_model> open_model(const std::filesystem::path& folder);

/// The version that <folder of a model>/in_service.json names; empty when none is in service. A
/// file that can not be read or is damaged is a trouble, and never taken for none.
outcome<std::string> version_in_service(const std::filesystem::path& folder);

outcome<std::string> read_whole(const std::filesystem::path& path);
outcome<done> write_whole(const std::filesystem::path& path, const std::string& text);

}  // namespace artel::training
