// What a model is to say: the target column as classes or numbers, its weights, its queries.
// Mistakes name the row.
#pragma once

#include "actors/training/data/split.hpp"

namespace artel::training {

/// Throws data_mistake when there is none.
const column& target_of(const table& of);
/// Numbers of the target, all there. Throws data_mistake.
std::vector<double> numeric_target(const table& of, const std::vector<std::uint32_t>& rows);

/// The same for a ranking: whole numbers from 0 to 31, since 2^relevance − 1 is what XGBoost takes
/// a document for. Throws data_mistake.
std::vector<double> relevances(const table& of, const std::vector<std::uint32_t>& rows);

/// The classes of the rows: ascending as numbers when all are, else as texts. Throws data_mistake
/// when there are fewer than two, or more than classes_max.
constexpr std::size_t classes_max = 1'000;
std::vector<std::string> classes_of(const table& of, const std::vector<std::uint32_t>& rows);
/// Of each row the number of its class; classes.size() for one that is not among them.
std::vector<std::uint32_t> class_numbers(const table& of, const std::vector<std::uint32_t>& rows,
                                         const std::vector<std::string>& classes);
/// Empty when the table has no weights.
std::vector<float> weights_of(const table& of, const std::vector<std::uint32_t>& rows);

/// Rows of one query behind each other, queries in the order in which they are met.
struct query_rows {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> sizes;
};
query_rows by_query(const table& of, const std::vector<std::uint32_t>& rows);

}  // namespace artel::training
