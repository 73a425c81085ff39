// `${params.name}` and friends in pipeline texts. Plain substitution, no expressions; `$${` is a
// literal `${`.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::core {

using variables = std::map<std::string, std::string, std::less<>>;

/// Fills `${…}` from `known`. `${instance}` becomes instance_marker (messages/dispatch.hpp), which
/// the step host fills in. Trouble names the unknown variable and those that exist, or the unclosed
/// brace.
outcome<std::string> fill_template(std::string_view text, const variables& known);

}  // namespace artel::core
