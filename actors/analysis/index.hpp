// Look-up over a snapshot: objects by name in any case, modules by owner, methods by name, and what
// a word in code or in a query means in this configuration. A name that the configuration does not
// have resolves to nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/analysis/kinds.hpp"
#include "actors/analysis/snapshot.hpp"

namespace artel::analysis {

/// A method of a module of the snapshot.
struct method_place {
  std::uint32_t module = 0;
  std::uint32_t method = 0;
  friend auto operator<=>(const method_place&, const method_place&) = default;
};

class model_index {
public:
  explicit model_index(const snapshot& from);

  const model& contents() const { return from_.contents(); }
  std::string_view text(const module_entry& entry) const { return from_.text(entry); }

  /// By id in any case; also ids that go deeper ("Catalog.Goods.Form.List" gives the catalog).
  std::optional<std::uint32_t> object(std::string_view id) const;
  std::optional<std::uint32_t> object(kind_index kind, std::string_view name) const;
  /// What a type names: "CatalogRef.Goods", "DefinedType.Owner"; nothing for "String".
  std::optional<std::uint32_t> object_of_type(std::string_view type) const;
  std::optional<std::uint32_t> object_of(const bsl::reference& reference,
                                         std::string_view text) const;

  std::optional<std::uint32_t> owner_of(const module_entry& entry) const {
    return object(entry.owner);
  }
  /// The vendor's support of the object that the module belongs to.
  const std::string& support_of(const module_entry& entry) const {
    const auto owner = owner_of(entry);
    return owner ? contents().objects[*owner].support : contents().configuration.support;
  }
  std::optional<std::uint32_t> module(std::string_view id) const;
  std::optional<std::uint32_t> common_module(std::string_view name) const;
  std::optional<std::uint32_t> method(std::uint32_t module, std::string_view name) const;
  /// Where a call goes; nothing when that is outside of the configuration or not known from the
  /// text alone.
  std::optional<method_place> target(std::uint32_t module, const bsl::call& call) const;
  /// "CommonModule.Goods.Method" of a handler.
  std::optional<method_place> handler_target(std::string_view method) const;
  /// The same, or a method of the module of the form or service that binds it.
  std::optional<method_place> handler_target(const metadata_object& object,
                                             const handler& bound) const;

  /// "Module.Method" as it would stand in one line: blanks and comments between the names are left
  /// out.
  static std::string call_name(const bsl::call& call, std::string_view text);
  /// The names of all calls, each once, sorted.
  static std::vector<std::string> call_names(std::span<const bsl::call> calls,
                                             std::string_view text);

  std::string method_id(const method_place& place) const;
  std::string_view method_name(const method_place& place) const;
  const bsl::method& method(const method_place& place) const {
    return contents().modules[place.module].syntax.methods[place.method];
  }

private:
  using name_map = std::unordered_map<std::string, std::uint32_t>;
  const snapshot& from_;
  name_map objects_;
  name_map modules_;
  name_map common_modules_;
  std::vector<name_map> methods_;
  name_map global_methods_;  ///< export methods of global common modules → index into globals_
  std::vector<method_place> globals_;
};

}  // namespace artel::analysis
