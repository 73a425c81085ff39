// Which rules are switched on: the table's defaults, changed by a list such as
// "-line-too-long,+magic-number". A list that begins with a name without a sign means these only.
#pragma once

#include <string_view>
#include <vector>

#include "actors/analysis/rules/rule.hpp"
#include "messages/outcome.hpp"

namespace artel::analysis {

class rule_selection {
public:
  rule_selection();
  /// One sentence that names the entry when it is no rule: ids, keys of the BSL Language Server,
  /// checks of EDT, and `all`.
  static outcome<rule_selection> read(std::string_view list);
  bool has(rule_id which) const { return on_[static_cast<std::size_t>(which)]; }

private:
  std::vector<bool> on_;
};

/// Rules that a key of any style means: our id, a BSL Language Server key, an EDT check, an АПК
/// number. Case does not matter for foreign keys.
std::vector<rule_id> rules_of_key(std::string_view key);

}  // namespace artel::analysis
