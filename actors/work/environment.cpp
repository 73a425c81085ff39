#include "actors/work/environment.hpp"

#include <algorithm>
#include <string_view>

namespace artel::work {
namespace {

constexpr std::string_view handed_down[] = {"PATH", "HOME", "USER",     "LOGNAME", "SHELL",
                                            "LANG", "TZ",   "LANGUAGE", "LC_*",    "TMPDIR"};

bool fits(std::string_view name, std::string_view pattern) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

}  // namespace

std::vector<std::string> limited_environment(char** all, const std::vector<std::string>& more) {
  std::vector<std::string> kept;
  for (char** each = all; *each != nullptr; ++each) {
    const std::string_view entry(*each);
    const auto name = entry.substr(0, entry.find('='));
    if (name.starts_with("ARTEL_SECRET_")) continue;  // to those that ask for them, masked
    const auto wanted = [name](std::string_view pattern) { return fits(name, pattern); };
    if (std::any_of(std::begin(handed_down), std::end(handed_down), wanted) ||
        std::any_of(more.begin(), more.end(), wanted))
      kept.emplace_back(entry);
  }
  return kept;
}

}  // namespace artel::work
