#include "actors/training/models/model.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/training/models/boosted_model.hpp"
#include "actors/training/models/cluster_model.hpp"
#include "actors/training/models/factor_model.hpp"

namespace artel::training {

outcome<task> task_from(const std::string& text) {
  const auto found = std::find(std::begin(task_names), std::end(task_names), text);
  if (found == std::end(task_names))
    return bad_input("task '" + text +
                     "': expected classification, regression, clustering, ranking or "
                     "recommendation");
  return static_cast<task>(found - std::begin(task_names));
}

outcome<fitted> fit(task what, const table& of, const row_parts& parts, const fit_settings& how,
                    training_watch& watch) {
  try {
    switch (what) {
      case task::clustering:
        return fit_clusters(of, parts, how, watch);
      case task::recommendation:
        return fit_factors(of, parts, how, watch);
      default:
        return fit_boosted(what, of, parts, how, watch);
    }
  } catch (const data_mistake& e) {
    return bad_input(e.text);
  } catch (const trouble& e) {
    return e;
  }
}

outcome<std::unique_ptr<model>> load(task what, const nlohmann::json& description,
                                     const std::string& state) {
  try {
    switch (what) {
      case task::clustering:
        return load_clusters(description, state);
      case task::recommendation:
        return load_factors(description, state);
      default:
        return load_boosted(what, description, state);
    }
  } catch (const data_mistake& e) {
    return trouble{trouble_code::corrupt, e.text};
  } catch (const nlohmann::json::exception& e) {
    return trouble{trouble_code::corrupt,
                   "a saved model can not be read: " + std::string(e.what())};
  }
}

}  // namespace artel::training
