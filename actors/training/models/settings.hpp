// Parameters of a training: texts with defaults and bounds; what no trainer asks for is a mistake.
#pragma once

#include <set>

#include "actors/training/models/model.hpp"

namespace artel::training {

/// Throws data_mistake.
class settings_reader {
public:
  explicit settings_reader(const std::map<std::string, std::string>& given) : given_(given) {}
  double real(const std::string& name, double otherwise, double min, double max);
  std::uint32_t whole(const std::string& name, std::uint32_t otherwise, std::uint32_t min,
                      std::uint32_t max);
  std::string choice(const std::string& name, const std::string& otherwise,
                     const std::vector<std::string>& among);
  bool given(const std::string& name) const { return given_.contains(name); }
  /// Refuses what was not asked for.
  void finish() const;
  const std::map<std::string, std::string>& used() const { return used_; }

private:
  const std::string* find(const std::string& name);
  const std::map<std::string, std::string>& given_;
  std::set<std::string> known_;
  std::map<std::string, std::string> used_;
};

}  // namespace artel::training
