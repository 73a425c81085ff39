// What steps see of the node's environment: little. A node's environment may hold its secrets, and
// a step that needs a variable says so.
#pragma once

#include <string>
#include <vector>

namespace artel::work {

/// "NAME=value" of those variables of `all` that steps get: PATH, HOME, USER, LOGNAME, SHELL, LANG,
/// LANGUAGE, LC_*, TZ, TMPDIR, and those that `more` names (a * at the end stands for anything).
std::vector<std::string> limited_environment(char** all, const std::vector<std::string>& more);

}  // namespace artel::work
