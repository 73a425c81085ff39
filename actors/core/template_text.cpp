#include "actors/core/template_text.hpp"

#include <vector>

#include "messages/dispatch.hpp"
#include "messages/spelling.hpp"

namespace artel::core {

outcome<std::string> fill_template(std::string_view text, const variables& known) {
  std::string filled;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, 3) == "$${") {
      filled += "${";
      i += 3;
      continue;
    }
    if (text.substr(i, 2) != "${") {
      filled += text[i++];
      continue;
    }
    const auto end = text.find('}', i);
    if (end == std::string_view::npos)
      return bad_input("'${' without '}' in \"" + std::string(text) +
                       "\"; write '$${' for a literal '${'");
    const auto name = text.substr(i + 2, end - i - 2);
    if (const auto found = known.find(name); found != known.end()) {
      filled += found->second;
    } else if (name == "instance") {
      filled += instance_marker;
    } else {
      std::vector<std::string> names;
      for (const auto& [each, value] : known) names.push_back(each);
      return bad_input("unknown variable '${" + std::string(name) + "}'" +
                       did_you_mean(name, names));
    }
    i = end + 1;
  }
  return filled;
}

}  // namespace artel::core
