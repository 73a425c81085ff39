#include "actors/analysis/rules/module_rules.hpp"

namespace artel::analysis {

module_review look_at_module(const module_view&) { return {}; }

}  // namespace artel::analysis
