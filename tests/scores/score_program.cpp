// Reads a case in each line of stdin and prints its scores: the other half of
// compare_with_sklearn.py.
#include <iostream>
#include <nlohmann/json.hpp>

#include "actors/training/metrics/metrics.hpp"

using namespace artel::training;
using nlohmann::json;

namespace {

scores scores_of(const json& given) {
  const auto kind = given.at("kind").get<std::string>();
  const auto numbers = [&](const char* key) { return given.at(key).get<std::vector<double>>(); };
  const auto classes = [&](const char* key) {
    return given.at(key).get<std::vector<std::uint32_t>>();
  };
  if (kind == "classification")
    return classification_scores(classes("truth"), numbers("probabilities"),
                                 given.at("classes").get<std::uint32_t>());
  if (kind == "regression") return regression_scores(numbers("truth"), numbers("said"));
  if (kind == "clustering") {
    auto made = clustering_scores(classes("truth"), classes("said"));
    made["silhouette"] =
        silhouette(numbers("points"), given.at("width").get<std::size_t>(), classes("said"));
    return made;
  }
  if (kind == "ranking") {
    std::vector<ranked_query> queries;
    for (const auto& each : given.at("queries"))
      queries.push_back({each.at("truth").get<std::vector<double>>(),
                         each.at("score").get<std::vector<double>>()});
    return ranking_scores(queries, given.at("exponential").get<bool>());
  }
  std::vector<recommended_list> lists;
  for (const auto& each : given.at("lists"))
    lists.push_back({each.at("items").get<std::vector<std::uint32_t>>(),
                     each.at("held_out").get<std::vector<std::uint32_t>>()});
  return recommendation_scores(lists, given.at("items").get<std::size_t>());
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << json(scores_of(json::parse(line))).dump() << '\n';
}
