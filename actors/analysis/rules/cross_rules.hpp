// Rules that need several modules: calls against the methods they reach, flags of common modules,
// and handlers that only metadata names.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "actors/analysis/rules/findings.hpp"

namespace artel::analysis {

class cross_rules {
public:
  explicit cross_rules(const model_index& index);
  /// Adds what it finds in one module; places are without columns and fingerprints.
  void look(std::uint32_t module, std::vector<finding>& to) const;
  /// A method that its module does not call may be bound by metadata or by the platform.
  bool is_handler(std::uint32_t module, std::uint32_t method) const;

private:
  struct flags {
    bool client = false, server = false, server_call = false, global = false, privileged = false,
         cached = false, known = false;
  };
  flags flags_of(std::uint32_t module) const;
  bool on_client(std::uint32_t module, const bsl::method& method) const;
  bool is_server_method(const method_place& target, std::uint32_t from) const;
  void calls(std::uint32_t module, std::uint32_t number, const bsl::method& method,
             std::vector<finding>& to) const;
  void arguments(const finding& at, const method_place& target, const bsl::call& call,
                 std::vector<finding>& to) const;
  bool is_own_data(std::uint32_t module, std::string_view name, std::string_view method) const;
  void missing(const finding& at, const bsl::call& call, const bsl::method& caller,
               std::vector<finding>& to) const;
  void module_name(std::uint32_t module, std::vector<finding>& to) const;

  const model_index& index_;
  const model& all_;
  std::vector<std::vector<bool>> deprecated_;
  std::vector<std::vector<bool>> ambiguous_;  ///< the name is declared more than once
  std::vector<flags> flags_;
  std::unordered_set<std::string> handlers_;  ///< owner|method, folded
};

}  // namespace artel::analysis
