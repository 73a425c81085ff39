#include "actors/training/drift/reference.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace artel::training {
namespace {

constexpr std::size_t bins = 10, quantile_count = 100, words_max = 50;
constexpr double share_min = 1e-4;

/// Values of a column, or of what a model says, without those that are missing.
struct values {
  std::string name;
  bool is_number = true;
  std::vector<double> numbers;
  std::map<std::string, std::uint64_t> words;
  std::uint64_t count = 0, missing = 0;
};

values values_of(const column& of, const std::vector<std::uint32_t>& rows) {
  values made{of.spec.name, of.is_number(), {}, {}, rows.size(), 0};
  for (const auto row : rows) {
    if (of.missing(row))
      ++made.missing;
    else if (of.is_number())
      made.numbers.push_back(of.numbers[row]);
    else
      ++made.words[of.text_of(row)];
  }
  std::sort(made.numbers.begin(), made.numbers.end());
  return made;
}

values values_of(const predictions& said, std::size_t rows) {
  values made{"(prediction)", true, said.values, {}, rows, 0};
  if (!said.labels.empty()) {
    made.is_number = false;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto* row = &said.probabilities[i * said.labels.size()];
      ++made.words[said.labels[static_cast<std::size_t>(
          std::max_element(row, row + said.labels.size()) - row)]];
    }
  } else if (!said.clusters.empty()) {
    made.is_number = false;
    for (const auto each : said.clusters) ++made.words[std::to_string(each)];
  }
  std::sort(made.numbers.begin(), made.numbers.end());
  return made;
}

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Counts of each bin of `by`, the last for missing values, as shares.
std::vector<double> shares_in(const reference_column& by, const values& of) {
  std::vector<double> made((by.is_number ? by.edges.size() : by.words.size()) + 2);
  for (const auto each : of.numbers)
    ++made[static_cast<std::size_t>(std::lower_bound(by.edges.begin(), by.edges.end(), each) -
                                    by.edges.begin())];
  for (const auto& [word, count] : of.words)
    made[static_cast<std::size_t>(std::find(by.words.begin(), by.words.end(), word) -
                                  by.words.begin())] += static_cast<double>(count);
  made.back() = static_cast<double>(of.missing);
  for (auto& each : made) each /= static_cast<double>(std::max<std::uint64_t>(of.count, 1));
  return made;
}

reference_column summary(const values& of) {
  reference_column made{of.name, of.is_number, {}, {}, {}, {}};
  if (of.is_number && !of.numbers.empty()) {
    for (std::size_t i = 1; i < bins; ++i) {
      const double edge = quantile(of.numbers, static_cast<double>(i) / bins);
      if (made.edges.empty() || edge > made.edges.back()) made.edges.push_back(edge);
    }
    for (std::size_t i = 0; i <= quantile_count; ++i)
      made.quantiles.push_back(quantile(of.numbers, static_cast<double>(i) / quantile_count));
  }
  std::vector<std::pair<std::string, std::uint64_t>> words(of.words.begin(), of.words.end());
  std::stable_sort(words.begin(), words.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (std::size_t i = 0; i < std::min(words.size(), words_max); ++i)
    made.words.push_back(words[i].first);
  made.shares = shares_in(made, of);
  return made;
}

double psi(const std::vector<double>& before, const std::vector<double>& now) {
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double a = std::max(before[i], share_min), b = std::max(now[i], share_min);
    if (before[i] > 0 || now[i] > 0) sum += (b - a) * std::log(b / a);
  }
  return sum;
}

double jensen_shannon(const std::vector<double>& before, const std::vector<double>& now) {
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double middle = (before[i] + now[i]) / 2;
    if (before[i] > 0) sum += before[i] / 2 * std::log2(before[i] / middle);
    if (now[i] > 0) sum += now[i] / 2 * std::log2(now[i] / middle);
  }
  return std::sqrt(std::max(sum, 0.0));
}

/// The share of the reference's values up to `value`, by its quantiles.
double share_up_to(const std::vector<double>& quantiles, double value) {
  const auto above = std::upper_bound(quantiles.begin(), quantiles.end(), value);
  if (above == quantiles.begin()) return 0;
  if (above == quantiles.end()) return 1;
  const auto low = *(above - 1), high = *above;
  const double part = high > low ? (value - low) / (high - low) : 0;
  return (static_cast<double>(above - quantiles.begin() - 1) + part) / quantile_count;
}

double kolmogorov_smirnov(const std::vector<double>& quantiles, const std::vector<double>& sorted) {
  double most = 0;
  const auto count = static_cast<double>(sorted.size());
  for (std::size_t i = 0; i < sorted.size();) {
    auto end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    // Where many values are the same, the reference jumps as well: its place just below and at the
    // value.
    const double at = share_up_to(quantiles, sorted[i]);
    const double below =
        share_up_to(quantiles, std::nextafter(sorted[i], -std::numeric_limits<double>::infinity()));
    most = std::max({most, std::abs(static_cast<double>(end) / count - at),
                     std::abs(static_cast<double>(i) / count - below)});
    i = end;
  }
  return most;
}

/// The chance of a statistic that large when nothing has changed.
double ks_chance(double statistic, double before, double now) {
  const double n = std::sqrt(before * now / (before + now));
  const double x = (n + 0.12 + 0.11 / n) * statistic;
  if (x < 0.2) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

drift_score compare(const reference_column& before, const values& now, std::uint64_t rows_before) {
  const auto shares = shares_in(before, now);
  drift_score made;
  made.column = before.name;
  made.psi = psi(before.shares, shares);
  made.js = jensen_shannon(before.shares, shares);
  made.missing = shares.back(), made.missing_before = before.shares.back();
  if (before.is_number && !before.quantiles.empty() && !now.numbers.empty()) {
    made.ks = kolmogorov_smirnov(before.quantiles, now.numbers);
    made.ks_p = ks_chance(made.ks, static_cast<double>(rows_before),
                          static_cast<double>(now.numbers.size()));
  }
  return made;
}

bool is_watched(const column& of) {
  return of.spec.role == column_role::feature && (of.is_number() || of.is_coded());
}

nlohmann::json json_of(const reference_column& of) {
  return {{"name", of.name},           {"is_number", of.is_number}, {"edges", of.edges},
          {"quantiles", of.quantiles}, {"words", of.words},         {"shares", of.shares}};
}

reference_column column_from(const nlohmann::json& saved) {
  reference_column made{saved.at("name").get<std::string>(),
                        saved.at("is_number").get<bool>(),
                        saved.at("edges").get<std::vector<double>>(),
                        saved.at("quantiles").get<std::vector<double>>(),
                        saved.at("words").get<std::vector<std::string>>(),
                        saved.at("shares").get<std::vector<double>>()};
  if (made.shares.size() != (made.is_number ? made.edges.size() : made.words.size()) + 2)
    throw data_mistake{"the reference of column '" + made.name + "' is damaged"};
  return made;
}

}  // namespace

reference reference_of(const table& of, const std::vector<std::uint32_t>& rows, const model& by) {
  reference made;
  made.rows = rows.size();
  for (const auto& each : of.columns)
    if (is_watched(each)) made.columns.push_back(summary(values_of(each, rows)));
  if (const auto said = by.predict(of, rows))
    made.predictions = summary(values_of(*said, rows.size()));
  return made;
}

nlohmann::json to_json(const reference& of) {
  auto columns = nlohmann::json::array();
  for (const auto& each : of.columns) columns.push_back(json_of(each));
  return {{"rows", of.rows}, {"columns", columns}, {"predictions", json_of(of.predictions)}};
}

outcome<reference> reference_from(const nlohmann::json& saved) {
  try {
    reference made;
    made.rows = saved.at("rows").get<std::uint64_t>();
    for (const auto& each : saved.at("columns")) made.columns.push_back(column_from(each));
    made.predictions = column_from(saved.at("predictions"));
    return made;
  } catch (const nlohmann::json::exception& e) {
    return trouble{trouble_code::corrupt,
                   "a model's reference can not be read: " + std::string(e.what())};
  } catch (const data_mistake& e) {
    return trouble{trouble_code::corrupt, e.text};
  }
}

std::vector<drift_score> drift_of(const reference& before, const table& now, const model& by) {
  std::vector<std::uint32_t> rows(now.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  std::vector<drift_score> made;
  for (const auto& each : before.columns)
    if (const auto* found = now.find(each.name))
      made.push_back(compare(each, values_of(*found, rows), before.rows));
  if (const auto said = by.predict(now, rows))
    made.push_back(compare(before.predictions, values_of(*said, rows.size()), before.rows));
  return made;
}

}  // namespace artel::training
