#include "actors/analysis/steps/unused_methods.hpp"

#include <set>
#include <unordered_set>

#include "actors/analysis/bsl/lexer.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t name_literal_max =
    400;  // bytes; longer texts are messages and queries, not names

/// Last words of literals that look like names: "Method", "Module.Method".
std::unordered_set<std::string> names_in_texts(const model_index& index) {
  std::unordered_set<std::string> found;
  for (const auto& module : index.contents().modules) {
    const auto text = index.text(module);
    bsl::module_syntax ignored;
    bsl::lexer lexer(text, ignored);
    for (auto token = lexer.next(); token.what != bsl::lexeme::end_of_text; token = lexer.next()) {
      if (token.what != bsl::lexeme::string || token.length < 3 || token.length > name_literal_max)
        continue;
      auto word = text.substr(token.offset + 1, token.length - 2);
      if (word.find_first_of(" \t\r\n\"=;,") != std::string_view::npos) continue;
      if (const auto dot = word.rfind('.'); dot != std::string_view::npos)
        word.remove_prefix(dot + 1);
      found.insert(fold(word));
    }
  }
  return found;
}

}  // namespace

std::vector<method_place> unused_methods(const model_index& index, const dependency_graph& graph) {
  const auto& all = index.contents();
  std::set<method_place> used;
  for (const auto& each : graph.methods)
    if (each.source != each.target) used.insert(each.target);
  for (const auto& object : all.objects)
    for (const auto& each : object.links.handlers)
      if (const auto target = index.handler_target(each.method)) used.insert(*target);
  for (std::uint32_t i = 0; i < all.modules.size(); ++i)
    for (const auto& each : all.modules[i].syntax.body.calls)
      if (const auto target = index.target(i, each)) used.insert(*target);
  const auto named = names_in_texts(index);
  std::vector<method_place> found;
  for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
    if (all.modules[i].module_type != "CommonModule") continue;
    for (std::uint32_t m = 0; m < all.modules[i].syntax.methods.size(); ++m) {
      const method_place place{i, m};
      // Annotated methods of an extension replace or accompany methods of the configuration under
      // other names.
      if (used.contains(place) || named.contains(fold(index.method_name(place)))) continue;
      bool extends = false;
      for (const auto& each : index.method(place).annotations) extends |= !each.argument.empty();
      if (!extends) found.push_back(place);
    }
  }
  return found;
}

}  // namespace artel::analysis
