// `with:` keys of training steps as typed values. What is wrong is thrown as a data_mistake.
#pragma once

#include "actors/native_step.hpp"
#include "actors/training/models/model.hpp"

namespace artel::training {

class step_options {
public:
  explicit step_options(const step_input& from) : with_(from.with) {}
  std::string text(const std::string& key, const std::string& otherwise = {}) const;
  std::string required(const std::string& key) const;
  double real(const std::string& key, double otherwise, double min, double max) const;
  std::uint64_t whole(const std::string& key, std::uint64_t otherwise, std::uint64_t min,
                      std::uint64_t max) const;
  /// "a, b" → a and b.
  std::vector<std::string> list(const std::string& key) const;
  /// "rounds=100, max_depth=4"
  std::map<std::string, std::string> pairs(const std::string& key) const;

private:
  const std::map<std::string, std::string>& with_;
};

/// What is declared of a data file: the schema file that `schema` names, and the columns that
/// `target`, `query`, `user`, `item`, `weight`, `group`, `split_column`, `id` and `ignore` name.
declared_schema declared_in(const step_options& options);
split_request split_in(const step_options& options);
/// Infers and loads; the target is a number or a class as the task wants it.
table open_table(const std::string& path, task what, const step_options& options);
std::vector<std::uint32_t> all_rows(const table& of);

}  // namespace artel::training
