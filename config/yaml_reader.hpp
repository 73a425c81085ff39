// Strict reading of YAML with the place of every mistake. yaml-cpp accepts duplicate keys, reads
// 012 as 10 and lets unknown keys pass; here each is an error that names file, line, column, what
// was expected and, if close, what was meant.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <string>
#include <vector>

#include "messages/outcome.hpp"
#include "messages/pipeline.hpp"

namespace artel::config {

/// Thrown inside the room only; read_… functions turn it into a trouble.
struct yaml_mistake {
  std::string text;
};

class yaml_reader {
public:
  explicit yaml_reader(std::string file) : file_(std::move(file)) {}

  /// The document's root; a syntax error becomes a mistake with its place.
  YAML::Node parse(const std::string& text) const;
  [[noreturn]] void mistake(const YAML::Node& at, const std::string& what) const;
  static file_place place_of(const YAML::Node& at);

  using key_handler = std::function<void(const std::string& key, const YAML::Node& key_node,
                                         const YAML::Node& value)>;
  /// Calls `on_key` for each key of a mapping, in the file's order; refuses other shapes and
  /// repeated keys.
  void each_key(const YAML::Node& map, const std::string& what, const key_handler& on_key) const;
  /// As each_key, but a key that is not in `allowed` is a mistake with "did you mean".
  void keys(const YAML::Node& map, const std::string& what, const std::vector<std::string>& allowed,
            const key_handler& on_key) const;

  std::string text(const YAML::Node& value, const std::string& what) const;
  bool boolean(const YAML::Node& value, const std::string& what) const;
  std::uint64_t whole(const YAML::Node& value, const std::string& what, std::uint64_t min,
                      std::uint64_t max) const;
  double real(const YAML::Node& value, const std::string& what, double min, double max) const;
  std::uint64_t duration(const YAML::Node& value, const std::string& what,
                         std::uint64_t max_ms) const;
  std::uint64_t size(const YAML::Node& value, const std::string& what) const;
  std::vector<std::string> texts(const YAML::Node& value, const std::string& what) const;
  std::map<std::string, std::string> text_map(const YAML::Node& value,
                                              const std::string& what) const;
  /// Letters, digits, '_', '-', '.'; begins with a letter.
  void check_name(const YAML::Node& at, const std::string& name, const std::string& what) const;

private:
  std::string file_;
  mutable std::size_t expanded_ = 0;  ///< bytes of text taken so far
};

}  // namespace artel::config
