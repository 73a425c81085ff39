#include "actors/analysis/steps/unused_methods.hpp"

#include <set>
#include <unordered_set>

#include "actors/analysis/shapes.hpp"

namespace artel::analysis {
namespace {

/// Hashes of names that stand in texts anywhere.
std::unordered_set<std::uint64_t> names_in_texts(const model_index& index) {
  std::unordered_set<std::uint64_t> found;
  for (const auto& module : index.contents().modules)
    found.insert(module.shapes.named.begin(), module.shapes.named.end());
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
    for (const auto& each : all.modules[i].syntax.calls_of(all.modules[i].syntax.body))
      if (const auto target = index.target(i, each)) used.insert(*target);
  const auto named = names_in_texts(index);
  std::vector<method_place> found;
  for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
    if (all.modules[i].module_type != "CommonModule") continue;
    for (std::uint32_t m = 0; m < all.modules[i].syntax.methods.size(); ++m) {
      const method_place place{i, m};
      // Annotated methods of an extension replace or accompany methods of the configuration under
      // other names.
      if (used.contains(place) || named.contains(text_name_hash(index.method_name(place))))
        continue;
      bool extends = false;
      for (const auto& each : all.modules[i].syntax.annotations_of(index.method(place)))
        extends |= !each.argument.empty();
      if (!extends) found.push_back(place);
    }
  }
  return found;
}

}  // namespace artel::analysis
