// Words under which metadata is named in code and in query texts, in both languages:
// `Catalogs.Goods`, `Catalog.Goods`, `CatalogRef.Goods`. Only finds the places; which object it is,
// is decided where the configuration's objects are known.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace artel::analysis::bsl {

/// `Catalogs`, `Справочники` … as the first word of a chain in code.
bool is_collection_word(std::string_view word);

/// `Catalog`, `Справочник`, `СправочникСсылка`, `CatalogObject`, `ОбщийМодуль` … in a text.
bool is_full_name_word(std::string_view word);

/// True when a literal holds the word SELECT in either language.
bool holds_query(std::string_view literal);

/// Calls found(word offset, word size, name offset, name size) for each `Word.Name` in a text.
void for_each_metadata_name(
    std::string_view text,
    const std::function<void(std::size_t, std::size_t, std::size_t, std::size_t)>& found);

}  // namespace artel::analysis::bsl
