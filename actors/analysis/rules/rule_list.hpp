// The table of all rules as Markdown: what `artel lint --list-rules` prints and docs/LINT.md holds.
#pragma once

#include <string>

#include "actors/analysis/rules/rule.hpp"

namespace artel::analysis {

std::string rule_list(language in);

}  // namespace artel::analysis
