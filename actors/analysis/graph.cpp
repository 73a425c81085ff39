#include "actors/analysis/graph.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

edge_via via_of(bsl::reference_via via) {
  switch (via) {
    case bsl::reference_via::code:
      return edge_via::code;
    case bsl::reference_via::query:
      return edge_via::query;
    case bsl::reference_via::text:
      return edge_via::text;
    case bsl::reference_via::dynamic:
      return edge_via::dynamic;
  }
  return edge_via::code;
}

class builder {
public:
  explicit builder(const model_index& index) : index_(index), all_(index.contents()) {}

  dependency_graph build() {
    for (const auto& each : all_.objects) made_.nodes.push_back(each.id);
    made_.nodes.push_back("Configuration");
    for (std::uint32_t i = 0; i < all_.objects.size(); ++i) declared(i);
    for (std::uint32_t i = 0; i < all_.modules.size(); ++i) {
      const auto& syntax = all_.modules[i].syntax;
      for (std::uint32_t m = 0; m < syntax.methods.size(); ++m) code(i, syntax.methods[m], &m);
      code(i, syntax.body, nullptr);
    }
    join_uses();
    join_calls();
    return std::move(made_);
  }

private:
  void add(std::uint32_t source, std::uint32_t target, edge_via via, const code_line* where,
           bool calls = false) {
    if (source == target) return;
    uses_.push_back(
        {source, target, via, calls, where == nullptr ? code_line{nowhere, 0} : *where});
  }

  // Uses of one object by another in one way become an edge; its places stay in the order of the
  // text.
  void join_uses() {
    std::stable_sort(uses_.begin(), uses_.end(), [](const use& a, const use& b) {
      return std::tie(a.source, a.target, a.via) < std::tie(b.source, b.target, b.via);
    });
    for (const auto& each : uses_) {
      const bool same = !made_.edges.empty() && made_.edges.back().source == each.source &&
                        made_.edges.back().target == each.target &&
                        made_.edges.back().via == each.via;
      auto& edge = same ? made_.edges.back() : made_.edges.emplace_back();
      edge.source = each.source, edge.target = each.target, edge.via = each.via;
      edge.calls |= each.calls;
      ++edge.weight;
      if (each.where.module != nowhere && edge.locations.size() < edge_locations_max)
        edge.locations.push_back(each.where);
    }
    uses_.clear();
  }

  void join_calls() {
    std::sort(calls_.begin(), calls_.end());
    for (const auto& [source, target, line] : calls_) {
      const bool same = !made_.methods.empty() && made_.methods.back().source == source &&
                        made_.methods.back().target == target;
      auto& edge = same ? made_.methods.back() : made_.methods.emplace_back();
      if (!same) edge.source = source, edge.target = target, edge.line = line;
      ++edge.weight;
    }
    calls_.clear();
  }

  void add_named(std::uint32_t source, const std::string& id, edge_via via) {
    if (const auto target = index_.object(id)) add(source, *target, via, nullptr);
  }

  void type(std::uint32_t source, const value_type& type) {
    for (const auto& each : type.types)
      if (const auto target = index_.object_of_type(each))
        add(source, *target, edge_via::metadata, nullptr);
  }

  void types(std::uint32_t source, const std::vector<attribute>& attributes) {
    for (const auto& each : attributes) type(source, each.type);
  }

  // What the metadata itself says.
  void declared(std::uint32_t i) {
    const auto& object = all_.objects[i];
    type(i, object.type);
    types(i, object.parts.attributes);
    types(i, object.parts.dimensions);
    types(i, object.parts.resources);
    types(i, object.parts.other_attributes);
    for (const auto& each : object.parts.tabular_sections) types(i, each.columns);
    for (const auto* list :
         {&object.links.owners, &object.links.based_on, &object.links.register_records})
      for (const auto& each : *list) add_named(i, each, edge_via::metadata);
    const auto content = object.kind == "Subsystem" ? edge_via::subsystem : edge_via::metadata;
    for (const auto& each : object.links.content) add_named(i, each, content);
    for (const auto* property :
         {"Location", "ChartOfAccounts", "ChartOfCalculationTypes", "Numerator", "Task",
          "Addressing", "Schedule", "ExtDimensionTypes", "CharacteristicExtValues"})
      if (const auto found = object.properties.find(property); found != object.properties.end())
        add_named(i, found->second, edge_via::metadata);
    for (const auto& each : object.links.handlers)
      if (const auto target = index_.handler_target(each.method))
        add(i, index_.owner_of(all_.modules[target->module]).value_or(i), edge_via::handler,
            nullptr);
    for (const auto& each : object.links.rights) add_named(i, each.object, edge_via::rights);
  }

  void code(std::uint32_t module, const bsl::method& method, const std::uint32_t* number) {
    const auto& entry = all_.modules[module];
    const auto text = index_.text(entry);
    auto source = index_.owner_of(entry);
    if (!source && entry.owner == "Configuration")
      source = static_cast<std::uint32_t>(all_.objects.size());
    for (const auto& each : entry.syntax.calls_of(method)) call(module, each, source, number, text);
    if (!source) return;  // a stray file: its calls are known, but it belongs to no object
    for (const auto& each : entry.syntax.references_of(method)) {
      const code_line where{module, each.line};
      if (const auto target = index_.object_of(each, text))
        add(*source, *target, via_of(each.via), &where);
    }
  }

  void call(std::uint32_t module, const bsl::call& each, std::optional<std::uint32_t> source,
            const std::uint32_t* number, std::string_view text) {
    const code_line where{module, each.line};
    const auto target = index_.target(module, each);
    if (!target) {
      if (each.qualifier.empty() || each.qualifier.in(text).find('.') != std::string_view::npos)
        return;
      if (index_.common_module(each.qualifier.in(text)))
        made_.unresolved.push_back(
            {where, std::string(each.qualifier.in(text)) + "." + std::string(each.name.in(text))});
      return;
    }
    if (number != nullptr) calls_.push_back({{module, *number}, *target, each.line});
    const auto owner = index_.owner_of(all_.modules[target->module]);
    if (!each.qualifier.empty() && !each.dynamic &&
        all_.modules[target->module].module_type == "CommonModule")
      ++made_.resolved_call_sites;
    if (!source || !owner) return;
    // Calls of a manager's method name the object already: only calls of modules add an edge here.
    if (all_.modules[target->module].module_type == "CommonModule")
      add(*source, *owner, each.dynamic ? edge_via::dynamic : edge_via::code, &where, true);
  }

  const model_index& index_;
  const model& all_;
  dependency_graph made_;
  struct use {
    std::uint32_t source, target;
    edge_via via;
    bool calls;
    code_line where;
  };
  static constexpr std::uint32_t nowhere = ~0U;
  std::vector<use> uses_;
  std::vector<std::tuple<method_place, method_place, std::uint32_t>> calls_;
};

/// Tarjan's strongly connected components, with its own stack: graphs of thousands of nodes may be
/// one chain.
class components {
public:
  explicit components(std::vector<std::vector<std::uint32_t>> next)
      : next_(std::move(next)), order_(next_.size()), low_(next_.size()), on_stack_(next_.size()) {}

  std::vector<std::vector<std::uint32_t>> find() {
    for (std::uint32_t i = 0; i < next_.size(); ++i)
      if (order_[i] == 0) walk(i);
    return std::move(found_);
  }

private:
  struct visit {
    std::uint32_t node;
    std::size_t edge;
  };

  void enter(std::uint32_t node) {
    order_[node] = low_[node] = ++counter_;
    on_stack_[node] = true;
    stack_.push_back(node);
    visits_.push_back({node, 0});
  }

  void walk(std::uint32_t start) {
    enter(start);
    while (!visits_.empty()) {
      const auto node = visits_.back().node;
      if (visits_.back().edge < next_[node].size()) {
        const auto target = next_[node][visits_.back().edge++];
        if (order_[target] == 0)
          enter(target);
        else if (on_stack_[target])
          low_[node] = std::min(low_[node], order_[target]);
        continue;
      }
      visits_.pop_back();
      if (!visits_.empty())
        low_[visits_.back().node] = std::min(low_[visits_.back().node], low_[node]);
      if (low_[node] == order_[node]) close(node);
    }
  }

  void close(std::uint32_t root) {
    std::vector<std::uint32_t> group;
    for (std::uint32_t node = root + 1; node != root || group.empty();) {
      node = stack_.back();
      stack_.pop_back();
      on_stack_[node] = false;
      group.push_back(node);
    }
    std::sort(group.begin(), group.end());
    if (group.size() > 1) found_.push_back(std::move(group));
  }

  std::vector<std::vector<std::uint32_t>> next_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> low_;
  std::vector<bool> on_stack_;
  std::vector<std::uint32_t> stack_;
  std::vector<visit> visits_;
  std::uint32_t counter_ = 0;
  std::vector<std::vector<std::uint32_t>> found_;
};

}  // namespace

const char* name_of(edge_via via) {
  switch (via) {
    case edge_via::code:
      return "code";
    case edge_via::query:
      return "query";
    case edge_via::text:
      return "text";
    case edge_via::dynamic:
      return "dynamic";
    case edge_via::metadata:
      return "metadata";
    case edge_via::handler:
      return "handler";
    case edge_via::rights:
      return "rights";
    case edge_via::subsystem:
      return "subsystem";
  }
  return "code";
}

double confidence_of(edge_via via) {
  switch (via) {
    case edge_via::text:
      return 0.7;  // a name in a message may be nothing but a name
    case edge_via::dynamic:
      return 0.9;  // the module is asked for by a literal
    case edge_via::code:
      return 0.95;  // a local variable may have a module's name
    default:
      return 1;
  }
}

dependency_graph build_graph(const model_index& index) { return builder(index).build(); }

std::vector<std::vector<std::uint32_t>> cycles_of(
    std::size_t nodes, const std::vector<object_edge>& edges,
    const std::function<bool(const object_edge&)>& counts) {
  std::vector<std::vector<std::uint32_t>> next(nodes);
  for (const auto& each : edges)
    if (counts(each)) next[each.source].push_back(each.target);
  auto found = components(std::move(next)).find();
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace artel::analysis
