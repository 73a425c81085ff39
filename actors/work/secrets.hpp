// Secrets of a node: known here only, given to steps as variables, and masked in all that they say.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::work {

constexpr std::size_t secret_bytes_min = 4;  ///< what is shorter can not be masked
constexpr std::size_t secret_bytes_max = 64U << 10;

class secret_store {
public:
  secret_store() = default;
  /// Files of `folder`, each named as its secret; else variables ARTEL_SECRET_NAME of this process.
  explicit secret_store(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Read anew each time, so that a changed one counts at once. Without the line break at its end.
  outcome<std::string> find(const std::string& name) const;

private:
  std::filesystem::path folder_;
};

/// Replaces secrets by *** in a stream, also where they lie across two pieces of it.
class masker {
public:
  /// Of a secret with several lines each is masked by itself, too, and as JSON would write it.
  void add(const std::string& secret);
  bool empty() const { return patterns_.empty(); }

  /// What may be told so far; the rest is kept until it is known what it is.
  std::string pass(std::string_view data);
  std::string finish();
  /// A whole text.
  std::string mask(std::string_view text) const;

private:
  std::size_t found_at(std::string_view text, std::size_t at, bool all_there) const;
  std::string mask_some(std::string_view text, bool all_there, std::size_t& done) const;

  std::vector<std::string> patterns_;
  std::string held_;
};

}  // namespace artel::work
