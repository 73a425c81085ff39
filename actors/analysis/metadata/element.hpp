// One element of a descriptor, read the same way in both layouts: the caller names things as the
// Designer does
// ("CodeLength", "Attribute") and this knows where each layout keeps them. The Designer puts values
// under Properties and parts under ChildObjects; EDT keeps both flat, beginning with a small
// letter, repeating an element for a list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/metadata/xml.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

class element {
public:
  element(pugi::xml_node node, layout written_as) : node_(node), layout_(written_as) {}
  explicit operator bool() const { return static_cast<bool>(node_); }
  pugi::xml_node node() const { return node_; }

  std::string name() const;
  std::string uuid() const { return node_.attribute("uuid").value(); }
  /// Trimmed value; empty when it is absent.
  std::string text(std::string_view property) const;
  /// EDT writes of an adopted object also what the extension leaves alone; this tells what it
  /// controls. The Designer writes nothing else.
  bool controls(std::string_view property) const;
  bool has(std::string_view property) const { return static_cast<bool>(value_node(property)); }
  localized synonym() const { return localized_text("Synonym"); }
  localized localized_text(std::string_view property) const;
  /// A list of full names: owners, content, register records.
  std::vector<std::string> list(std::string_view property) const;
  value_type type(std::string_view property) const;
  /// Parts of the object: attributes, forms, operations …
  std::vector<element> children(std::string_view tag) const;

private:
  pugi::xml_node value_node(std::string_view property) const;

  pugi::xml_node node_;
  layout layout_;
};

/// "CodeLength" → "codeLength", "URLTemplate" → "urlTemplate"
std::string edt_name(std::string_view designer_name);

}  // namespace artel::analysis
