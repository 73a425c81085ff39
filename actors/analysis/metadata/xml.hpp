// XML of descriptors: loads a file within bounds and finds children by local name. Prefixes are not
// fixed in real dumps
// (`d5p1:` is declared on single elements), so values that are qualified names are resolved by
// namespace here and nobody compares prefixes. Nothing walks a document recursively, so nesting
// costs no stack.
#pragma once

#include <filesystem>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::analysis {

inline constexpr std::uintmax_t xml_bytes_max =
    40U << 20U;  // a descriptor; larger ones are refused: in memory one takes ten times as much

/// A document and the bytes that it points into.
class xml_file {
public:
  static outcome<xml_file> load(const std::filesystem::path& file);
  static outcome<xml_file> parse(std::string bytes);
  pugi::xml_node top() const { return document_->document_element(); }
  pugi::xml_node document() const { return *document_; }
  /// Of the file's bytes.
  std::uint64_t hash() const { return hash_; }

private:
  std::unique_ptr<std::string> bytes_;
  std::unique_ptr<pugi::xml_document> document_;
  std::uint64_t hash_ = 0;
};

std::string_view local_name(pugi::xml_node node);
std::string_view local_name(std::string_view qualified);
/// First child element of that local name; null node when there is none.
pugi::xml_node child(pugi::xml_node parent, std::string_view name);
/// Trimmed text of the node itself.
std::string text_of(pugi::xml_node node);
std::string child_text(pugi::xml_node parent, std::string_view name);

/// Namespace of the prefix of a qualified name as it stands at `where`; empty when it has no prefix
/// or none is declared.
std::string_view namespace_of(pugi::xml_node where, std::string_view qualified);

template <class Visitor>
void for_each_child(pugi::xml_node parent, std::string_view name, Visitor&& visit) {
  for (auto node = parent.first_child(); node; node = node.next_sibling())
    if (node.type() == pugi::node_element && local_name(node) == name) visit(node);
}

/// Every element below `top`, in document order, without recursion.
template <class Visitor>
void for_each_descendant(pugi::xml_node top, Visitor&& visit) {
  for (auto node = top.first_child(); node;) {
    if (node.type() == pugi::node_element) visit(node);
    if (node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && node != top && !node.next_sibling()) node = node.parent();
    if (!node || node == top) return;
    node = node.next_sibling();
  }
}

}  // namespace artel::analysis
