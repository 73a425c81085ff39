// Results that may be taken again: by a key of all that went into them. Kept as facts of no run, so
// that they outlive the run and a restart; the oldest make way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "actors/core/render.hpp"

namespace artel::core {

constexpr std::size_t results_kept_max = 100'000;
constexpr std::size_t result_bytes_kept_max = 256U << 20;

struct kept_result {
  std::string run;     ///< that it comes from
  std::string result;  ///< as the step told it
  std::int64_t at_ms = 0;
};

class result_cache {
public:
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
  std::unordered_map<std::string, entry> by_key_;
  std::map<std::uint64_t, std::string> by_age_;
  std::uint64_t last_ = 0;
  std::size_t bytes_ = 0;
};

/// Of one instance: pipeline, step, version, everything that it is told, and its declared inputs.
/// Trouble when an input can not be computed.
outcome<std::string> cache_key(const graph& plan, std::uint32_t step, const rendered_step& told,
                               const std::vector<std::string>& values, const lookup& from);

}  // namespace artel::core
