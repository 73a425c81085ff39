#include "actors/analysis/metadata/xml.hpp"

#include "actors/analysis/text/content_hash.hpp"
#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

outcome<xml_file> xml_file::load(const std::filesystem::path& file) {
  auto bytes = read_file(file, xml_bytes_max);
  if (!bytes) return bytes.error();
  return parse(*std::move(bytes));
}

outcome<xml_file> xml_file::parse(std::string bytes) {
  xml_file made;
  made.hash_ = content_hash(bytes);
  made.bytes_ = std::make_unique<std::string>(std::move(bytes));
  made.document_ = std::make_unique<pugi::xml_document>();
  const auto parsed = made.document_->load_buffer_inplace(made.bytes_->data(), made.bytes_->size(),
                                                          pugi::parse_default, pugi::encoding_utf8);
  if (!parsed)
    return trouble{trouble_code::corrupt, "broken XML at byte " + std::to_string(parsed.offset) +
                                              ": " + parsed.description() +
                                              "; write the configuration to files again"};
  return made;
}

std::string_view local_name(std::string_view qualified) {
  const auto colon = qualified.find(':');
  return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

std::string_view local_name(pugi::xml_node node) {
  return local_name(std::string_view(node.name()));
}

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (auto node = parent.first_child(); node; node = node.next_sibling())
    if (node.type() == pugi::node_element && local_name(node) == name) return node;
  return {};
}

std::string text_of(pugi::xml_node node) { return std::string(trimmed(node.child_value())); }

std::string child_text(pugi::xml_node parent, std::string_view name) {
  return text_of(child(parent, name));
}

std::string_view namespace_of(pugi::xml_node where, std::string_view qualified) {
  const auto colon = qualified.find(':');
  const auto declared = colon == std::string_view::npos
                            ? std::string("xmlns")
                            : "xmlns:" + std::string(qualified.substr(0, colon));
  for (auto node = where; node; node = node.parent())
    if (const auto found = node.attribute(declared.c_str())) return found.value();
  return {};
}

}  // namespace artel::analysis
