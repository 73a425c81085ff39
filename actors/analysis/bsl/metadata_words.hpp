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

/// Calls found(offset, piece) for the lines of a literal: without the comments, preprocessor and
/// empty lines that may lie between the parts of one.
template <class Found>
void for_each_piece(std::string_view literal, Found&& found) {
  std::size_t at = 0;
  for (bool first = true; at < literal.size(); first = false) {
    auto end = at;
    while (end < literal.size() && literal[end] != '\n' && literal[end] != '\r') ++end;
    auto from = at;
    if (!first)
      while (from < end && literal[from] != '|' && literal[from] != '/' && literal[from] != '#')
        ++from;
    if (first || (from < end && literal[from] == '|'))
      found(from, literal.substr(from, end - from));
    at = end + 1;
  }
}

/// True when a literal holds the word SELECT in either language.
bool holds_query(std::string_view literal);

/// Calls found(word offset, word size, name offset, name size) for each `Word.Name` in a text.
void for_each_metadata_name(
    std::string_view text,
    const std::function<void(std::size_t, std::size_t, std::size_t, std::size_t)>& found);

}  // namespace artel::analysis::bsl
