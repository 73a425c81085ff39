#include "actors/core/template_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/core/run_values.hpp"
#include "messages/dispatch.hpp"

namespace artel::core {
namespace {

/// Where the expression that begins at `from` ends: at a '}' outside of quotes.
std::size_t end_of(std::string_view text, std::size_t from) {
  char quote = 0;
  for (auto i = from; i < text.size(); ++i) {
    if (quote != 0 && text[i] == '\\')
      ++i;
    else if (quote != 0)
      quote = text[i] == quote ? '\0' : quote;
    else if (text[i] == '\'' || text[i] == '"')
      quote = text[i];
    else if (text[i] == '}')
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

outcome<text_template> text_template::parse(std::string_view text,
                                            const std::vector<parameter_definition>& params) {
  text_template made;
  std::string literal;
  const auto keep = [&] {
    if (!literal.empty()) made.pieces_.push_back({std::exchange(literal, {}), std::nullopt});
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, 3) == "$${") {
      literal += "${";
      i += 3;
      continue;
    }
    if (text.substr(i, 2) != "${") {
      literal += text[i++];
      continue;
    }
    const auto end = end_of(text, i + 2);
    if (end == std::string_view::npos)
      return bad_input("'${' without '}' in \"" + std::string(text) +
                       "\"; write '$${' for a literal '${'");
    const auto inner = text.substr(i + 2, end - i - 2);
    i = end + 1;
    if (inner == "instance") {
      literal += instance_marker;
      continue;
    }
    const auto named = std::find_if(params.begin(), params.end(), [&](const auto& one) {
      return inner.starts_with("params.") && inner.substr(7) == one.name;
    });
    auto computed = named == params.end()
                        ? expression::parse(inner)
                        : outcome<expression>(expression::of({"params", named->name}));
    if (!computed) return bad_input("${…}: " + computed.error().text);
    keep();
    made.reads_.insert(made.reads_.end(), computed->reads().begin(), computed->reads().end());
    made.pieces_.push_back({std::string(inner), *std::move(computed)});
  }
  keep();
  return made;
}

outcome<std::string> text_template::fill(const lookup& from,
                                         std::vector<instance_value>& per_instance) const {
  std::string filled;
  for (const auto& one : pieces_) {
    if (!one.computed) {
      filled += one.text;
      continue;
    }
    const auto& reads = one.computed->reads();
    if (reads_instance(reads)) {
      filled += marker_sign + std::to_string(per_instance.size()) + marker_sign;
      per_instance.push_back({one.text, *one.computed});
      continue;
    }
    const bool parameter = one.computed->is_plain() && reads[0].root == "params";
    any_value made;
    const auto good = parameter ? from.find({std::string(params_as_given), reads[0].key}, made)
                                : one.computed->evaluate(from, made);
    if (!good) return trouble{good.error().code, "${" + one.text + "}: " + good.error().text};
    filled += text_of(made);
  }
  return filled;
}

}  // namespace artel::core
