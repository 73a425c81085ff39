#include "actors/analysis/metadata/element.hpp"

#include <algorithm>
#include <charconv>

#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

std::uint32_t number(const std::string& text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// xs:string and its like → the words that EDT and the language itself use.
std::string type_name(pugi::xml_node where, std::string_view qualified) {
  const auto local = local_name(qualified);
  const auto space = namespace_of(where, qualified);
  if (space == "http://www.w3.org/2001/XMLSchema") {
    if (local == "string") return "String";
    if (local == "decimal") return "Number";
    if (local == "boolean") return "Boolean";
    if (local == "dateTime") return "Date";
    if (local == "base64Binary" || local == "binary") return "BinaryData";
  }
  return std::string(local);
}

value_type designer_type(pugi::xml_node node) {
  value_type found;
  for (auto each = node.first_child(); each; each = each.next_sibling()) {
    const auto tag = local_name(each);
    if (tag == "Type" || tag == "TypeSet") {
      const auto name = text_of(each);
      found.types.push_back(type_name(each, name));
    } else if (tag == "StringQualifiers") {
      found.length = number(child_text(each, "Length"));
      found.variable_length = child_text(each, "AllowedLength") != "Fixed";
    } else if (tag == "NumberQualifiers") {
      found.precision = number(child_text(each, "Digits"));
      found.scale = number(child_text(each, "FractionDigits"));
      found.allow_negative = child_text(each, "AllowedSign") != "Nonnegative";
    } else if (tag == "DateQualifiers") {
      found.date_fractions = child_text(each, "DateFractions");
    }
  }
  return found;
}

value_type edt_type(pugi::xml_node node) {
  value_type found;
  for_each_child(node, "types", [&](pugi::xml_node each) {
    found.types.push_back(std::string(local_name(text_of(each))));
  });
  const auto strings = child(node, "stringQualifiers");
  found.length = number(child_text(strings, "length"));
  found.variable_length = child_text(strings, "fixed") != "true";
  const auto numbers = child(node, "numberQualifiers");
  found.precision = number(child_text(numbers, "precision"));
  found.scale = number(child_text(numbers, "scale"));
  found.allow_negative = child_text(numbers, "nonNegative") != "true";
  found.date_fractions = child_text(child(node, "dateQualifiers"), "dateFractions");
  return found;
}

// Lists hold names directly, or elements around them with more beside the name.
std::string listed_name(pugi::xml_node item) {
  for (const auto* inner : {"Metadata", "metadata", "mdObject"})
    if (const auto found = child(item, inner)) return text_of(found);
  return text_of(item);
}

}  // namespace

std::string edt_name(std::string_view name) {
  if (name == "URLTemplate") return "urlTemplate";
  if (name == "HTTPMethod") return "httpMethod";
  if (name == "RootURL") return "rootURL";
  std::string made(name);
  if (!made.empty() && made[0] >= 'A' && made[0] <= 'Z') made[0] = static_cast<char>(made[0] + 32);
  return made;
}

pugi::xml_node element::value_node(std::string_view property) const {
  if (layout_ == layout::designer) return child(child(node_, "Properties"), property);
  return child(node_, edt_name(property));
}

bool element::controls(std::string_view property) const {
  return layout_ == layout::designer ||
         static_cast<bool>(child(child(node_, "extension"), edt_name(property)));
}

std::string element::text(std::string_view property) const { return text_of(value_node(property)); }

std::string element::name() const {
  const auto named = text("Name");
  // Forms, templates and recalculations of a Designer descriptor are nothing but their names.
  return named.empty() && layout_ == layout::designer ? text_of(node_) : named;
}

localized element::localized_text(std::string_view property) const {
  localized found;
  if (layout_ == layout::designer) {
    for_each_child(value_node(property), "item", [&](pugi::xml_node item) {
      found[child_text(item, "lang")] = child(item, "content").child_value();
    });
  } else {
    for_each_child(node_, edt_name(property), [&](pugi::xml_node item) {
      if (const auto key = child(item, "key"))
        found[text_of(key)] = child(item, "value").child_value();
    });
  }
  std::erase_if(found, [](const auto& each) { return trimmed(each.second).empty(); });
  return found;
}

std::vector<std::string> element::list(std::string_view property) const {
  std::vector<std::string> found;
  const auto add = [&](pugi::xml_node item) {
    if (auto name = listed_name(item); !name.empty()) found.push_back(std::move(name));
  };
  if (layout_ == layout::designer) {
    const auto list = value_node(property);
    for (auto item = list.first_child(); item; item = item.next_sibling())
      if (item.type() == pugi::node_element) add(item);
  } else {
    for_each_child(node_, edt_name(property), add);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

value_type element::type(std::string_view property) const {
  const auto node = value_node(property);
  auto found = layout_ == layout::designer ? designer_type(node) : edt_type(node);
  const bool dates = std::find(found.types.begin(), found.types.end(), "Date") != found.types.end();
  if (dates && found.date_fractions.empty()) found.date_fractions = "DateTime";
  return found;
}

std::vector<element> element::children(std::string_view tag) const {
  std::vector<element> found;
  const auto add = [&](pugi::xml_node each) { found.emplace_back(each, layout_); };
  if (layout_ == layout::designer)
    for_each_child(child(node_, "ChildObjects"), tag, add);
  else
    for_each_child(node_, edt_name(tag) + "s", add);
  return found;
}

}  // namespace artel::analysis
