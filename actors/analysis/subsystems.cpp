#include "actors/analysis/subsystems.hpp"

#include <algorithm>

namespace artel::analysis {
namespace {

bool shares_one(const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right) {
  return std::find_first_of(left.begin(), left.end(), right.begin(), right.end()) != left.end();
}

}  // namespace

std::vector<subsystem_facts> subsystems_of(const model_index& index,
                                           const dependency_graph& graph) {
  const auto& all = index.contents();
  std::vector<subsystem_facts> made;
  std::vector<std::vector<std::uint32_t>> of(graph.nodes.size());  // subsystems of each object
  for (std::uint32_t i = 0; i < all.objects.size(); ++i) {
    if (all.objects[i].kind != "Subsystem") continue;
    auto& facts = made.emplace_back();
    facts.object = i;
    for (const auto& each : all.objects[i].links.content)
      if (const auto object = index.object(each)) facts.objects.push_back(*object);
    std::sort(facts.objects.begin(), facts.objects.end());
    facts.objects.erase(std::unique(facts.objects.begin(), facts.objects.end()),
                        facts.objects.end());
    for (const auto each : facts.objects)
      of[each].push_back(static_cast<std::uint32_t>(made.size() - 1));
  }
  for (const auto& each : all.modules)
    if (const auto owner = index.owner_of(each))
      for (const auto subsystem : of[*owner]) {
        made[subsystem].methods += each.syntax.methods.size();
        made[subsystem].code_lines += each.syntax.counts.code_lines;
      }
  for (const auto& edge : graph.edges) {
    if (edge.via == edge_via::subsystem || edge.via == edge_via::rights) continue;
    const auto& from = of[edge.source];
    const auto& to = of[edge.target];
    for (const auto each : from)
      made[each].fan_out += std::find(to.begin(), to.end(), each) == to.end();
    for (const auto each : to)
      made[each].fan_in += std::find(from.begin(), from.end(), each) == from.end();
    if (shares_one(from, to)) continue;  // inside of one subsystem: no need between two
    for (const auto source : from)
      for (const auto target : to) ++made[source].needs[target];
  }
  return made;
}

}  // namespace artel::analysis
