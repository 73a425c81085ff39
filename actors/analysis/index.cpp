#include "actors/analysis/index.hpp"

#include <algorithm>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

template <class Map>
std::optional<std::uint32_t> find(const Map& in, const std::string& key) {
  const auto found = in.find(key);
  if (found == in.end()) return std::nullopt;
  return found->second;
}

}  // namespace

model_index::model_index(const snapshot& from) : from_(from) {
  const auto& all = contents();
  for (std::uint32_t i = 0; i < all.objects.size(); ++i)
    objects_.emplace(fold(all.objects[i].id), i);
  methods_.resize(all.modules.size());
  for (std::uint32_t i = 0; i < all.modules.size(); ++i) {
    const auto& each = all.modules[i];
    modules_.emplace(fold(each.id), i);
    const auto text_of_module = text(each);
    const auto owner = owner_of(each);
    const bool common = each.module_type == "CommonModule" && owner;
    if (common) common_modules_.emplace(fold(all.objects[*owner].name), i);
    bool global = false;
    if (common) {
      const auto found = all.objects[*owner].properties.find("Global");
      global = found != all.objects[*owner].properties.end() && found->second == "true";
    }
    for (std::uint32_t m = 0; m < each.syntax.methods.size(); ++m) {
      const auto& method = each.syntax.methods[m];
      auto name = fold(method.name.in(text_of_module));
      if (global && method.exported) {
        global_methods_.emplace(name, static_cast<std::uint32_t>(globals_.size()));
        globals_.push_back({i, m});
      }
      methods_[i].emplace(std::move(name), m);
    }
  }
}

std::optional<std::uint32_t> model_index::object(std::string_view id) const {
  const auto folded = fold(id);
  if (const auto found = objects_.find(folded); found != objects_.end()) return found->second;
  // Deeper names: cut at the second dot.
  const auto first = folded.find('.');
  if (first == std::string::npos) return std::nullopt;
  const auto second = folded.find('.', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return find(objects_, folded.substr(0, second));
}

std::optional<std::uint32_t> model_index::object(kind_index kind, std::string_view name) const {
  return find(objects_, fold(all_kinds()[kind].singular) + "." + fold(name));
}

std::optional<std::uint32_t> model_index::object_of_type(std::string_view type) const {
  const auto dot = type.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  auto name = type.substr(dot + 1);
  name = name.substr(0, name.find('.'));
  if (type.substr(0, dot) == "Characteristic")
    return object(*kind_of_singular("ChartOfCharacteristicTypes"), name);
  const auto kind = kind_of_word(type.substr(0, dot));
  return kind ? object(*kind, name) : std::nullopt;
}

std::optional<std::uint32_t> model_index::object_of(const bsl::reference& reference,
                                                    std::string_view text) const {
  const auto name = reference.name.in(text);
  if (reference.via == bsl::reference_via::dynamic)
    return object(*kind_of_singular("CommonModule"), name);
  const auto word = reference.collection.in(text);
  const auto kind =
      reference.via == bsl::reference_via::code ? kind_of_collection(word) : kind_of_word(word);
  return kind ? object(*kind, name) : std::nullopt;
}

std::optional<std::uint32_t> model_index::module(std::string_view id) const {
  return find(modules_, fold(id));
}

std::optional<std::uint32_t> model_index::common_module(std::string_view name) const {
  return find(common_modules_, fold(name));
}

std::optional<std::uint32_t> model_index::method(std::uint32_t module,
                                                 std::string_view name) const {
  return find(methods_[module], fold(name));
}

std::optional<method_place> model_index::target(std::uint32_t module, const bsl::call& call) const {
  const auto source = text(contents().modules[module]);
  const auto name = call.name.in(source);
  if (call.qualifier.empty()) {
    if (const auto own = method(module, name)) return method_place{module, *own};
    if (const auto global = find(global_methods_, fold(name))) return globals_[*global];
    return std::nullopt;
  }
  const auto exported = [&](std::optional<std::uint32_t> in) -> std::optional<method_place> {
    if (!in) return std::nullopt;
    const auto found = method(*in, name);
    if (!found || !contents().modules[*in].syntax.methods[*found].exported) return std::nullopt;
    return method_place{*in, *found};
  };
  const auto qualifier = call.qualifier.in(source);
  const auto dot = qualifier.find('.');
  if (dot == std::string_view::npos) return exported(common_module(qualifier));
  const auto kind = kind_of_collection(trimmed(qualifier.substr(0, dot)));
  if (!kind) return std::nullopt;
  const auto owner = trimmed(qualifier.substr(dot + 1));
  return exported(this->module(std::string(all_kinds()[*kind].singular) + "." + std::string(owner) +
                               ".ManagerModule"));
}

std::optional<method_place> model_index::handler_target(std::string_view method_path) const {
  auto name = method_path;
  if (const auto first = name.find('.');
      first != std::string_view::npos && same_name(name.substr(0, first), "CommonModule"))
    name.remove_prefix(first + 1);
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto in = common_module(name.substr(0, dot));
  if (!in) return std::nullopt;
  const auto found = method(*in, name.substr(dot + 1));
  if (!found) return std::nullopt;
  return method_place{*in, *found};
}

std::optional<method_place> model_index::handler_target(const metadata_object& object,
                                                        const handler& bound) const {
  if (bound.method.find('.') != std::string::npos) return handler_target(bound.method);
  const auto own = [&](const std::string& id) -> std::optional<method_place> {
    const auto in = module(id);
    const auto found = in ? method(*in, bound.method) : std::nullopt;
    if (!found) return std::nullopt;
    return method_place{*in, *found};
  };
  if (bound.place.starts_with("Form.")) return own(object.id + "." + bound.place + ".FormModule");
  for (const auto* type : {".FormModule", ".WebServiceModule", ".HTTPServiceModule",
                           ".IntegrationServiceModule", ".BotModule", ".WebSocketClientModule"})
    if (const auto found = own(object.id + type)) return found;
  return std::nullopt;
}

std::string model_index::call_name(const bsl::call& call, std::string_view text) {
  auto qualifier = call.qualifier.in(text);
  if (qualifier.empty()) return std::string(call.name.in(text));
  const bool plain = call.qualifier.offset + call.qualifier.length + 1 == call.name.offset &&
                     std::none_of(qualifier.begin(), qualifier.end(), [](char each) {
                       return (each >= 0 && each <= ' ') || each == '/' || each == '\xC2' ||
                              each == '\xE2' || each == '\xEF';
                     });
  if (plain)
    return std::string(text.substr(call.qualifier.offset, qualifier.size() + 1 + call.name.length));
  std::string made;
  for (std::size_t at = 0; at < qualifier.size();) {
    if (qualifier.substr(at).starts_with("//")) {
      at = line_end_at(qualifier, at);
      continue;
    }
    const auto point = decode(qualifier, at);
    if (point.value != U'\n' && point.value != U'\r' && !is_blank(point.value))
      made += qualifier.substr(at, point.size);
    at += point.size;
  }
  if (!made.empty()) made += '.';
  return made += call.name.in(text);
}

std::vector<std::string> model_index::call_names(std::span<const bsl::call> calls,
                                                 std::string_view text) {
  std::vector<std::string> made;
  made.reserve(calls.size());
  for (const auto& each : calls) made.push_back(call_name(each, text));
  std::sort(made.begin(), made.end());
  made.erase(std::unique(made.begin(), made.end()), made.end());
  return made;
}

std::string_view model_index::method_name(const method_place& place) const {
  const auto& module = contents().modules[place.module];
  return module.syntax.methods[place.method].name.in(text(module));
}

std::string model_index::method_id(const method_place& place) const {
  const auto name = method_name(place);
  auto id = contents().modules[place.module].id + "." + std::string(name);
  // The same name again, in another branch of #If: told apart by the line.
  const auto first = method(place.module, name);
  if (first && *first != place.method) id += "#" + std::to_string(method(place).line_start);
  return id;
}

}  // namespace artel::analysis
