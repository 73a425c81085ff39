// The small language of `${…}` and `when:`: values in, a value out. It has no loops, no names of
// its own and no effects, so that it always ends, and quickly. docs/PIPELINES.md describes it.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "messages/outcome.hpp"

namespace artel::core {

constexpr std::size_t expression_bytes_max = 4'096;
constexpr std::size_t expression_depth_max = 64;
constexpr std::size_t expression_text_bytes_max = 1U << 20;  ///< of a text that it makes
constexpr std::size_t expression_items_max = 1'000'000;      ///< of a list that it makes

/// What an expression reads: `params.day` is {"params", "day"}, `instance` is {"instance", ""}.
struct reference {
  std::string root;
  std::string key;  ///< empty when nothing constant follows
  friend bool operator==(const reference&, const reference&) = default;
};

/// A value of an expression: nlohmann::json, which this header leaves incomplete.
using any_value = nlohmann::json;

/// Gives what references stand for.
class lookup {
public:
  virtual ~lookup() = default;
  /// Writes to `into`; trouble completes the sentence in the user's error.
  virtual outcome<done> find(const reference& what, any_value& into) const = 0;
  /// The same without a copy, where the value is kept for as long as this lookup; else nullptr.
  virtual const any_value* refer(const reference&) const { return nullptr; }
};

struct expression_part;  ///< of the parsed tree; known to expression*.cpp only

class expression {
public:
  /// Trouble tells the column (from 1) within `text` and what was expected.
  static outcome<expression> parse(std::string_view text);
  /// One reference and nothing else.
  static expression of(reference what);

  /// Trouble tells what could not be computed and from which values.
  outcome<done> evaluate(const lookup& from, any_value& into) const;

  const std::vector<reference>& reads() const { return reads_; }
  /// The whole expression is one reference and nothing else.
  bool is_plain() const;

private:
  std::shared_ptr<const expression_part> root_;
  std::vector<reference> reads_;
};

/// A value as it stands in a text: texts as they are, the rest as JSON.
std::string text_of(const any_value& one);

/// false, null, 0, "" and empty lists and maps are false.
bool is_true(const any_value& one);

}  // namespace artel::core
