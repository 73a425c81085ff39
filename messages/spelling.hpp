// "did you mean": the closest known name, for error messages.
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace artel {

inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, change});
    }
  }
  return row.back();
}

/// "; did you mean 'x'?" when something known is close to `word`, else "".
template <class Names>
std::string did_you_mean(std::string_view word, const Names& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& each : known) {
    const auto distance = edit_distance(word, each);
    if (distance < best_distance) best_distance = distance, best = each;
  }
  return best.empty() ? std::string{} : "; did you mean '" + std::string(best) + "'?";
}

}  // namespace artel
