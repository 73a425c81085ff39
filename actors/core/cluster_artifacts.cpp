// Where artifacts lie, and who gets them.
#include <algorithm>

#include "actors/core/cluster.hpp"

namespace artel::core {
namespace {
constexpr std::size_t nodes_named_max = 3;
}

/// What an attempt has made is a fact before its end is.
void cluster::keep_artifacts(run& of, const step_report& said, std::uint32_t node, moment now,
                             decision& out) {
  const auto& declared = of.definition_of(said.instance).artifacts;
  made_artifacts made{nodes_.at(node).announced.store, {}};
  for (const auto& one : said.artifacts)
    if (is_blob_hash(one.hash) && made.find(one.name) == nullptr &&
        std::any_of(declared.begin(), declared.end(),
                    [&](const auto& d) { return d.name == one.name; }))
      made.all.push_back(one);
  if (made.all.empty()) return;
  happen(of,
         {fact_kind::artifacts_kept, of.number(), said.instance, said.attempt, now.wall_ms, 0,
          to_text(made)},
         now, out);
}

std::vector<std::string> cluster::nodes_with(const std::string& hash,
                                             const std::string& store) const {
  std::vector<std::string> names;
  const auto& stores = places_.of(hash);
  for (std::uint32_t i = 0; i < nodes_.size() && names.size() < nodes_named_max; ++i) {
    const auto& one = nodes_.at(i);
    const auto& its = one.announced.store;
    const bool has =
        stores.contains(its) || (!its.empty() && its == store && !places_.is_gone(hash, store));
    if (one.state == node_state::alive && one.session != 0 && has) names.push_back(one.name);
  }
  return names;
}

bool cluster::has_artifacts(const made_artifacts& made) const {
  return std::all_of(made.all.begin(), made.all.end(), [&](const artifact& one) {
    return !nodes_with(one.hash, made.store).empty();
  });
}

namespace {

/// Calls `on_input(path, artifact, store in which it was put first)` for all that an attempt of the
/// instance would find.
template <class OnInput>
void each_input(const run& of, instance_no i, const OnInput& on_input) {
  const auto step = of.step_of(i);
  const auto number = i - of.instances_of(step).first;
  const auto add = [&](const graph_input& what, instance_no from, const std::string& path) {
    const auto* made = of.at(from).state == step_state::succeeded ? of.artifacts_of(from) : nullptr;
    if (const auto* one = made == nullptr ? nullptr : made->find(what.artifact))
      on_input(path, *one, made->store);
  };
  for (const auto& what : of.plan().nodes[step].takes) {
    const auto [first, count] = of.instances_of(what.step);
    if (what.own_instance) {
      if (number < count) add(what, first + number, what.name);
    } else if (!of.plan().definition.steps[what.step].has_instances()) {
      add(what, first, what.name);
    } else {
      for (std::uint32_t k = 0; k < count; ++k)
        add(what, first + k, what.name + "/" + std::to_string(k));
    }
  }
}

}  // namespace

std::vector<input_blob> cluster::inputs_of(const run& of, instance_no i) const {
  std::vector<input_blob> inputs;
  each_input(of, i, [&](const std::string& path, const artifact& one, const std::string& store) {
    inputs.push_back(
        {path, one.hash, one.size, one.folder, one.executable, nodes_with(one.hash, store)});
  });
  return inputs;
}

std::optional<trouble> cluster::refuse_inputs(const run& of, instance_no i) const {
  std::size_t count = 0;
  std::string lost;
  each_input(of, i, [&](const std::string& path, const artifact& one, const std::string& store) {
    ++count;
    if (lost.empty() && places_.is_lost(one.hash, store)) lost = path;
  });
  if (count > inputs_per_attempt_max)
    return trouble{trouble_code::limit,
                   "step '" + of.definition_of(i).name + "': " + std::to_string(count) +
                       " inputs, at most " + std::to_string(inputs_per_attempt_max) +
                       " are allowed; join them in steps between, or take those of [instance]"};
  if (lost.empty()) return std::nullopt;
  return trouble{trouble_code::not_found,
                 "its input '" + lost +
                     "' is gone: the nodes that had it have collected it; 'artel retry' makes "
                     "it anew"};
}

/// The node has what its attempt has found. Not so when its rule did not wait for all: what came
/// later was not among it.
void cluster::note_found(const run& of, instance_no i, std::uint32_t node) {
  if (!waits_for_all(of.definition_of(i).trigger)) return;
  each_input(of, i, [&](const std::string&, const artifact& one, const std::string&) {
    places_.note(one.hash, nodes_.at(node).announced.store);
  });
}

/// Nodes have said that they have not what they were believed to have.
void cluster::forget_gone(const step_report& said) {
  for (const auto& one : said.artifacts)
    if (const auto node = nodes_.find(one.name); node != node_table::no_such)
      places_.forget(one.hash, nodes_.at(node).announced.store);
}

std::uint32_t cluster::choose_node(const resource_request& asked, const std::string& use,
                                   const std::vector<input_blob>& inputs) const {
  if (inputs.empty()) return nodes_.place(asked, use);
  std::map<std::string, std::uint64_t> bytes;  // that lie in each store
  for (const auto& one : inputs)
    for (const auto& store : places_.of(one.hash)) bytes[store] += one.size;
  return nodes_.place(asked, use, &bytes);
}

}  // namespace artel::core
