// From columns to the numbers that models take. What has to be learnt (which categories there are)
// is learnt from the training rows alone, and saved with the model.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "actors/training/data/table.hpp"

namespace artel::training {

/// Rows of numbers; what is not there is missing.
struct feature_matrix {
  std::uint32_t width = 0;
  std::vector<std::size_t> begins{0};  ///< of each row, and behind the last
  std::vector<std::uint32_t> places;
  std::vector<float> values;
  std::size_t rows() const { return begins.size() - 1; }
};

struct feature_column {
  std::string name;
  column_kind kind = column_kind::numeric;
  std::vector<std::string> categories;  ///< of the training rows, most frequent first
  std::uint32_t first = 0, width = 1;   ///< places in a row
};

class feature_encoder {
public:
  struct settings {
    std::uint32_t categories_max = 1'000;  ///< of one column; the rarer ones count as missing
    std::uint32_t text_width = 512;        ///< places in which the words of a text are counted
    /// For models that measure distances: a category has a place of its own, and what a text or a
    /// category is not is said as 0.
    bool dense = false;
  };

  /// Refuses a table without a feature that differs between training rows. `notes` are words for
  /// people: columns that say nothing or twice the same, categories that were left out.
  static outcome<feature_encoder> learn(const table& of, const std::vector<std::uint32_t>& training,
                                        const settings& how, std::vector<std::string>& notes);

  feature_matrix encode(const table& of, const std::vector<std::uint32_t>& rows) const;
  std::uint32_t width() const { return width_; }
  const std::vector<feature_column>& columns() const { return columns_; }
  /// Name and "q" (a number) or "c" (a category) of each place.
  std::vector<std::string> place_names() const;
  std::vector<std::string> place_types() const;

  nlohmann::json to_json() const;
  static outcome<feature_encoder> from(const nlohmann::json& saved);

private:
  void encode_text(const std::string& text, const feature_column& into,
                   std::vector<float>& counts) const;
  void number_places();

  settings how_;
  std::vector<feature_column> columns_;
  std::uint32_t width_ = 0;
};

/// Words of a text, in small letters: runs of letters, digits and bytes beyond ASCII, parted where
/// a small letter meets a capital one.
void each_word(std::string_view text, const std::function<void(std::string_view)>& on_word);

}  // namespace artel::training
