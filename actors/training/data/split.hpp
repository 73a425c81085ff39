// Which rows a model learns from, which tell it when to stop, and which it is judged by.
#pragma once

#include "actors/training/data/table.hpp"

namespace artel::training {

enum class part : std::uint8_t { train, validation, test, excluded };

struct split_request {
  double test = 0.2;
  double validation = 0.1;
  /// "hash": by the content of each row, so that equal rows are in one part and a row stays where
  /// it is when others come; "group": all rows with one value of `column`; "time": the last ones of
  /// `column` are the test, those before them the validation.
  std::string by = "hash";
  std::string column;
  std::uint64_t seed = 1;
  bool test_elsewhere = false;  ///< the test rows are in a file of their own
};

struct row_parts {
  std::vector<std::uint32_t> train, validation, test;  ///< row numbers, ascending
};

/// A column of the role split decides (when it names no validation rows, a share of the training
/// rows becomes that), else a column of the role query or group (by its values), else the request.
/// bad_input when a part that was asked for has no row.
outcome<row_parts> split_rows(const table& of, const split_request& how);

}  // namespace artel::training
