#include "actors/core/graph_groups.hpp"

#include <algorithm>
#include <set>

#include "messages/spelling.hpp"

namespace artel::core {
namespace {

using index_by_name = std::map<std::string, std::uint32_t, std::less<>>;

/// A group's name may stand for thousands of steps.
constexpr std::size_t needs_per_pipeline_max = 1'000'000;

trouble refuse(const graph& built, const file_place& place, const std::string& why) {
  return bad_input(built.definition.file + ':' + std::to_string(place.line) + ':' +
                   std::to_string(place.column) + ": " + why);
}

std::optional<trouble> find_members(graph& built, const index_by_name& groups) {
  const auto& definition = built.definition;
  std::vector<std::string> names;
  for (const auto& group : definition.groups) names.push_back(group.name);
  for (std::uint32_t i = 0; i < definition.steps.size(); ++i) {
    const auto& step = definition.steps[i];
    if (groups.contains(step.name))
      return refuse(built, step.place,
                    "step '" + step.name + "' has the name of a group; 'needs' could mean both");
    if (step.group.empty()) continue;
    const auto found = groups.find(step.group);
    if (found == groups.end())
      return refuse(built, step.group_place,
                    "step '" + step.name + "': group: there is no '" + step.group +
                        "' under 'groups'" + did_you_mean(step.group, names));
    if (step.section != step_section::steps)
      return refuse(built, step.group_place,
                    "step '" + step.name + "': group: handlers are in no group");
    built.nodes[i].group = found->second;
    built.groups[found->second].members.push_back(i);
  }
  for (std::size_t i = 0; i < built.groups.size(); ++i)
    if (built.groups[i].members.empty())
      return refuse(built, definition.groups[i].place,
                    "group '" + definition.groups[i].name + "' has no steps; give them 'group: " +
                        definition.groups[i].name + "', or remove it");
  return std::nullopt;
}

/// Puts the members of a group in the place of its name.
struct needs_list {
  std::vector<std::string> names;
  std::vector<file_place> places;
  std::set<std::string, std::less<>> known;

  void add(const std::string& name, const file_place& place) {
    known.insert(name);
    names.push_back(name);
    places.push_back(place);
  }
  void add_new(const std::string& name, const file_place& place) {
    if (!known.contains(name)) add(name, place);
  }
};

needs_list expanded(const graph& built, const index_by_name& groups,
                    const std::vector<std::string>& needs, const std::vector<file_place>& places) {
  needs_list made;
  const auto place = [&](std::size_t n) { return n < places.size() ? places[n] : file_place{}; };
  for (std::size_t n = 0; n < needs.size(); ++n)
    if (!groups.contains(needs[n])) made.add(needs[n], place(n));
  for (std::size_t n = 0; n < needs.size(); ++n)
    if (const auto found = groups.find(needs[n]); found != groups.end())
      for (const auto member : built.groups[found->second].members)
        made.add_new(built.definition.steps[member].name, place(n));
  return made;
}

/// Kahn's order again, with each group that is restarted as a whole as one node; gives for each
/// step whether it lies on or behind a cycle.
std::vector<bool> stuck_steps(const graph& built) {
  const auto& nodes = built.nodes;
  const auto lead_of = [&](std::uint32_t step) {
    const auto group = built.whole_group_of(step);
    return group == no_group ? step : built.groups[group].members.front();
  };
  std::vector<std::uint32_t> open(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    for (const auto need : nodes[i].needs) open[lead_of(i)] += lead_of(need) != lead_of(i) ? 1 : 0;
  std::vector<std::uint32_t> free;
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if (lead_of(i) == i && open[i] == 0) free.push_back(i);
  std::vector<bool> stuck(nodes.size(), true);
  const auto end = [&](std::uint32_t step) {
    stuck[step] = false;
    for (const auto next : nodes[step].dependents)
      if (lead_of(next) != lead_of(step) && --open[lead_of(next)] == 0)
        free.push_back(lead_of(next));
  };
  for (std::size_t at = 0; at < free.size(); ++at) {
    const auto group = built.whole_group_of(free[at]);
    if (group == no_group)
      end(free[at]);
    else
      for (const auto member : built.groups[group].members) end(member);
  }
  return stuck;
}

}  // namespace

std::optional<trouble> put_in_groups(graph& built) {
  auto& definition = built.definition;
  if (definition.groups.empty()) return find_members(built, {});
  index_by_name groups;
  for (const auto& group : definition.groups) {
    groups[group.name] = static_cast<std::uint32_t>(built.groups.size());
    built.groups.push_back({{}, group.strategy != group_strategy::one_for_one});
  }
  if (auto why = find_members(built, groups)) return why;
  std::map<std::string, std::uint32_t, std::less<>> group_of;
  for (std::uint32_t i = 0; i < definition.steps.size(); ++i)
    group_of[definition.steps[i].name] = built.nodes[i].group;
  std::size_t all = 0;
  for (std::uint32_t i = 0; i < definition.steps.size(); ++i) {
    auto& step = definition.steps[i];
    auto needs = expanded(built, groups, step.needs, step.needs_places);
    if (const auto own = built.nodes[i].group; own != no_group) {
      const auto& group = definition.groups[own];
      if (std::find(step.needs.begin(), step.needs.end(), group.name) != step.needs.end())
        return refuse(built, step.place,
                      "step '" + step.name + "' needs its own group '" + group.name + "'");
      const auto is_member = [&](const std::string& name) {
        const auto found = group_of.find(name);
        return found != group_of.end() && found->second == own;
      };
      if (std::none_of(needs.names.begin(), needs.names.end(), is_member)) {
        const auto more = expanded(built, groups, group.needs, group.needs_places);
        for (std::size_t n = 0; n < more.names.size(); ++n)
          needs.add_new(more.names[n], more.places[n]);
      }
      if (!step.own_backoff) step.backoff = group.backoff;
    }
    if ((all += needs.names.size()) > needs_per_pipeline_max)
      return refuse(built, step.place,
                    "more than " + std::to_string(needs_per_pipeline_max) +
                        " needs in one pipeline; put a step between the groups that all of one "
                        "needs and all of the other need");
    step.needs = std::move(needs.names);
    step.needs_places = std::move(needs.places);
  }
  return std::nullopt;
}

std::optional<trouble> order_groups(graph& built) {
  if (built.groups.empty()) return std::nullopt;
  for (auto& group : built.groups) group.members.clear();
  for (const auto step : built.order)
    if (const auto group = built.nodes[step].group; group != no_group) {
      built.nodes[step].place = static_cast<std::uint32_t>(built.groups[group].members.size());
      built.groups[group].members.push_back(step);
    }
  const auto stuck = stuck_steps(built);
  // Of what is stuck, a step that needs a member and is needed by what the group waits for.
  for (const auto step : built.order) {
    const auto own = built.whole_group_of(step);
    if (!stuck[step]) continue;
    for (const auto need : built.nodes[step].needs)
      if (const auto group = built.whole_group_of(need); group != no_group && group != own) {
        const auto& name = built.definition.groups[group].name;
        return refuse(
            built, built.definition.steps[step].place,
            "step '" + built.definition.steps[step].name + "' waits until group '" + name +
                "' has ended, and the group waits for what comes after this step; a group with "
                "strategy " +
                std::string(to_text(built.definition.groups[group].strategy)) +
                " is restarted as a whole: make this step a member, too, or part the group");
      }
  }
  return std::nullopt;
}

}  // namespace artel::core
