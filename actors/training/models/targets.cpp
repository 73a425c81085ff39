#include "actors/training/models/targets.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace artel::training {
namespace {

[[noreturn]] void lacks_target(const table& of, std::size_t row, const column& target) {
  throw data_mistake{of.place(row, target) +
                     "the target has no value; take such rows out, or mend them"};
}

}  // namespace

const column& target_of(const table& of) {
  if (const auto* found = of.of_role(column_role::target)) return *found;
  throw data_mistake{of.path +
                     ": no column is the target; name it with 'target', or in the schema"};
}

std::vector<double> numeric_target(const table& of, const std::vector<std::uint32_t>& rows) {
  const auto& target = target_of(of);
  std::vector<double> made;
  for (const auto row : rows)
    if (double value = 0;
        !target.is_number() && !target.missing(row) && !read_number(target.text_of(row), value))
      throw data_mistake{of.place(row, target) + "'" + target.text_of(row) +
                         "' is no number, but the target of this training must be one"};
  if (!target.is_number())
    throw data_mistake{of.path + ": the target '" + target.spec.name +
                       "' is declared as words; declare it numeric"};
  for (const auto row : rows) {
    if (target.missing(row)) lacks_target(of, row, target);
    made.push_back(target.numbers[row]);
  }
  return made;
}

std::vector<double> relevances(const table& of, const std::vector<std::uint32_t>& rows) {
  constexpr double gain_max = 31;
  auto made = numeric_target(of, rows);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (made[i] < 0 || made[i] > gain_max || made[i] != static_cast<int>(made[i]))
      throw data_mistake{of.place(rows[i], target_of(of)) + target_of(of).text_of(rows[i]) +
                         ": a relevance is a whole number from 0 to 31"};
  return made;
}

std::vector<std::string> classes_of(const table& of, const std::vector<std::uint32_t>& rows) {
  const auto& target = target_of(of);
  std::unordered_map<std::string, double> found;
  bool numbers = true;
  for (const auto row : rows) {
    if (target.missing(row)) lacks_target(of, row, target);
    const auto text = target.text_of(row);
    if (found.contains(text)) continue;
    if (found.size() == classes_max)
      throw data_mistake{of.path + ": the target '" + target.spec.name + "' has more than " +
                         std::to_string(classes_max) +
                         " different values; is it a number to be forecast (regression)?"};
    numbers = read_number(text, found[text]) && numbers;
  }
  std::vector<std::string> made;
  for (const auto& [text, value] : found) made.push_back(text);
  std::sort(made.begin(), made.end(), [&](const auto& a, const auto& b) {
    return numbers && found[a] != found[b] ? found[a] < found[b] : a < b;
  });
  if (made.size() < 2)
    throw data_mistake{of.path + ": the target '" + target.spec.name +
                       "' has one class only among the training rows, '" + made.front() +
                       "': there is nothing to tell apart"};
  return made;
}

std::vector<std::uint32_t> class_numbers(const table& of, const std::vector<std::uint32_t>& rows,
                                         const std::vector<std::string>& classes) {
  const auto& target = target_of(of);
  std::unordered_map<std::string, std::uint32_t> places;
  for (std::uint32_t i = 0; i < classes.size(); ++i) places[classes[i]] = i;
  std::vector<std::uint32_t> made;
  for (const auto row : rows) {
    if (target.missing(row)) lacks_target(of, row, target);
    const auto found = places.find(target.text_of(row));
    made.push_back(found == places.end() ? static_cast<std::uint32_t>(classes.size())
                                         : found->second);
  }
  return made;
}

std::vector<float> weights_of(const table& of, const std::vector<std::uint32_t>& rows) {
  const auto* weights = of.of_role(column_role::weight);
  std::vector<float> made;
  if (weights == nullptr) return made;
  for (const auto row : rows) {
    if (weights->missing(row))
      throw data_mistake{of.place(row, *weights) + "the weight has no value"};
    made.push_back(static_cast<float>(weights->numbers[row]));
  }
  return made;
}

query_rows by_query(const table& of, const std::vector<std::uint32_t>& rows) {
  const auto* query = of.of_role(column_role::query);
  if (query == nullptr)
    throw data_mistake{of.path +
                       ": a ranking needs the column that tells which rows belong to one query; "
                       "name it with 'query', or in the schema"};
  std::unordered_map<std::uint32_t, std::size_t> places;
  std::vector<std::vector<std::uint32_t>> groups;
  for (const auto row : rows) {
    if (query->missing(row)) throw data_mistake{of.place(row, *query) + "the query has no value"};
    const auto [place, fresh] = places.try_emplace(query->codes[row], groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(row);
  }
  query_rows made;
  for (const auto& group : groups) {
    made.rows.insert(made.rows.end(), group.begin(), group.end());
    made.sizes.push_back(static_cast<std::uint32_t>(group.size()));
  }
  return made;
}

}  // namespace artel::training
