// The kinds of metadata objects of a 1C:Enterprise configuration and their names: in full names
// (`Catalog`), as folders and collections (`Catalogs`), and in Russian code and queries. The one
// table that the BSL parser and the readers of both layouts share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace artel::analysis {

struct kind_names {
  std::string_view singular;  ///< Catalog: first part of ids, tag of a Designer descriptor
  std::string_view plural;    ///< Catalogs: folder, key of by_kind, collection in English code
  std::string_view russian_singular;  ///< Справочник
  std::string_view russian_plural;  ///< Справочники; empty when code has no such collection
};

/// Index into `all_kinds()`.
using kind_index = std::uint32_t;

std::span<const kind_names> all_kinds();

/// By tag or first part of an id, exact ("Catalog").
std::optional<kind_index> kind_of_singular(std::string_view singular);
/// By folder or list tag, case-insensitive ("Catalogs", "catalogs").
std::optional<kind_index> kind_of_plural(std::string_view plural);
/// By a collection word in code ("Справочники", "Catalogs"), any case.
std::optional<kind_index> kind_of_collection(std::string_view word);
/// By a word of a full name or a type in a text ("Справочник", "CatalogRef", "ДокументОбъект"), any
/// case.
std::optional<kind_index> kind_of_word(std::string_view word);

/// "Catalog.Goods"
std::string object_id(kind_index kind, std::string_view name);

}  // namespace artel::analysis
