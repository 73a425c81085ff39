// Results that may be taken again: by a key of all that went into them. Kept as facts of no run, so
// that they outlive the run and a restart; the oldest make way.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/core/artifacts.hpp"
#include "actors/core/render.hpp"

namespace artel::core {

constexpr std::size_t results_kept_max = 100'000;
constexpr std::size_t result_bytes_kept_max = 256U << 20;

struct kept_result {
  std::string run;     ///< that it comes from
  std::string output;  ///< folder that it was published to; "" when to none
  std::string result;  ///< as the step told it
  std::int64_t at_ms = 0;
  made_artifacts artifacts = {};
};

/// As in the journal: key, run, output, artifacts ("" when there are none) and result, a line each.
struct kept_result_text {
  std::string key;
  kept_result what;  ///< without a time; without a run when the text can not be read
};
std::string to_text(const kept_result_text& what);
kept_result_text read_kept_result(const std::string& text);

class result_cache {
public:
  /// What other runs have published to the same folder is no more: it may have been overwritten.
  void keep(const std::string& key, kept_result what);
  /// Younger than `expires_ms` (0: however old); nullptr: none.
  const kept_result* find(const std::string& key, std::uint64_t expires_ms,
                          std::int64_t now_ms) const;
  std::size_t size() const { return by_key_.size(); }

private:
  struct entry {
    kept_result what;
    std::uint64_t number = 0;
  };
  using entries = std::unordered_map<std::string, entry>;
  void drop(entries::iterator which);

  entries by_key_;
  std::unordered_map<std::string, std::set<std::string>> by_output_;  ///< keys
  std::map<std::uint64_t, std::string> by_age_;
  std::uint64_t last_ = 0;
  std::size_t bytes_ = 0;
};

/// Of the `number`th instance: pipeline, step, version, everything that it is told, its number
/// among it, what it finds (`files`) and its declared inputs. Trouble when an input can not be
/// computed.
outcome<std::string> cache_key(const graph& plan, std::uint32_t step, const rendered_step& told,
                               std::uint32_t number, const std::vector<std::string>& values,
                               const std::vector<input_blob>& files, const lookup& from);

}  // namespace artel::core
