// Secrets of a node: known here only, and given to steps as variables.
#pragma once

#include <filesystem>
#include <string>

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

}  // namespace artel::work
