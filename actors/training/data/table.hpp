// A data file in memory, column by column. Numbers are doubles (NaN: none); categorical values,
// ids and the like are numbers of words; texts are kept as they are.
#pragma once

#include <cmath>
#include <limits>

#include "actors/training/data/schema.hpp"

namespace artel::training {

constexpr std::uint32_t no_word = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t rows_max = 200'000'000;
constexpr std::size_t cells_max = 2'000'000'000;

struct column {
  column_spec spec;
  std::vector<double> numbers;       ///< numeric and timestamp
  std::vector<std::uint32_t> codes;  ///< into `words`; no_word: none
  std::vector<std::string> words;    ///< in the order in which they were met
  std::vector<std::string> texts;    ///< "" is none

  bool is_number() const {
    return spec.kind == column_kind::numeric || spec.kind == column_kind::timestamp;
  }
  bool is_coded() const { return spec.kind == column_kind::categorical; }
  /// As a text again, for messages and for predictions.
  std::string text_of(std::size_t row) const;
  bool missing(std::size_t row) const {
    return is_number()  ? std::isnan(numbers[row])
           : is_coded() ? codes[row] == no_word
                        : texts[row].empty();
  }
};

struct table {
  std::string path;
  table_schema schema;
  std::vector<column> columns;       ///< as in the schema, without those that are ignored
  std::vector<std::uint64_t> lines;  ///< of each row, in the file
  std::size_t rows() const { return lines.size(); }

  const column* find(const std::string& name) const;
  const column* of_role(column_role role) const;
  /// "path:line: column 'name': " for mistakes.
  std::string place(std::size_t row, const column& of) const;
};

/// Roles other than feature and target are coded as words whatever their values look like, but
/// weight (a number). Missing values are borne in features only. A column that the schema does not
/// know is refused unless `more_allowed`, one that it knows and the file has not is refused unless
/// it is no feature. Throws data_mistake.
table load_table(const std::string& path, const table_schema& schema, bool more_allowed = false);

}  // namespace artel::training
