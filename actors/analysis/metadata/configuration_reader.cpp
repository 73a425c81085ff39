#include "actors/analysis/metadata/configuration_reader.hpp"

#include <algorithm>

#include "actors/analysis/metadata/element.hpp"
#include "actors/analysis/text/content_hash.hpp"
#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

// "Version8_3_10" → "8.3.10", as EDT writes it.
std::string version_number(std::string text) {
  if (text.starts_with("Version")) text.erase(0, 7);
  std::replace(text.begin(), text.end(), '_', '.');
  return text;
}

configuration_info info_of(const element& from, const configuration_place& place) {
  configuration_info made;
  made.name = from.name();
  made.synonym = from.synonym();
  made.comment = from.text("Comment");
  made.version = from.text("Version");
  made.vendor = from.text("Vendor");
  made.script_variant = from.text("ScriptVariant");
  made.compatibility = version_number(from.text("CompatibilityMode"));
  if (made.compatibility.empty())
    made.compatibility = version_number(from.text("ConfigurationExtensionCompatibilityMode"));
  made.uuid = from.uuid();
  made.extension_purpose = from.text("ConfigurationExtensionPurpose");
  made.name_prefix = from.text("NamePrefix");
  made.is_extension = !made.extension_purpose.empty() || from.text("ObjectBelonging") == "Adopted";
  if (made.is_extension && made.extension_purpose.empty()) made.extension_purpose = "Customization";
  made.layout = place.written_as == layout::designer ? "designer" : "edt";
  return made;
}

// DT-INF/PROJECT.PMF: "Runtime-Version: 8.3.24"
std::string runtime_version(const configuration_place& place) {
  const auto manifest = read_file(place.project / "DT-INF" / "PROJECT.PMF", 1U << 20U);
  if (!manifest) return "";
  constexpr std::string_view key = "Runtime-Version:";
  const auto at = manifest->find(key);
  if (at == std::string::npos) return "";
  const auto end = manifest->find_first_of("\r\n", at);
  return std::string(
      trimmed(std::string_view(*manifest).substr(at + key.size(), end - at - key.size())));
}

void take_language(pugi::xml_node node, const configuration_place& place, configuration_read& to) {
  const element language(node, layout::edt);
  metadata_object made;
  made.kind = "Language";
  made.name = language.name();
  made.id = "Language." + made.name;
  made.uuid = language.uuid();
  made.synonym = language.synonym();
  made.comment = language.text("Comment");
  made.belonging = language.text("ObjectBelonging") == "Adopted" ? "Adopted" : "Own";
  made.path = path_text(place.descriptor.lexically_relative(place.root));
  if (auto code = language.text("LanguageCode"); !code.empty())
    made.properties["LanguageCode"] = code;
  to.languages.push_back(std::move(made));
}

void list_edt(pugi::xml_node top, const configuration_place& place, configuration_read& to) {
  for (auto node = top.first_child(); node; node = node.next_sibling()) {
    const auto kind = kind_of_plural(local_name(node));
    if (!kind) continue;
    const auto singular = all_kinds()[*kind].singular;
    const auto text = text_of(node);
    if (singular == "Language" && child(node, "name"))
      take_language(node, place, to);
    else if (text.starts_with(std::string(singular) + "."))
      to.listed.push_back({*kind, text.substr(singular.size() + 1)});
  }
}

void list_designer(pugi::xml_node top, configuration_read& to) {
  const auto list = child(top, "ChildObjects");
  for (auto node = list.first_child(); node; node = node.next_sibling()) {
    if (node.type() != pugi::node_element) continue;
    const auto kind = kind_of_singular(local_name(node));
    if (kind)
      to.listed.push_back({*kind, text_of(node)});
    else
      to.problems.push_back({"Configuration.xml", "unknown kind of object " +
                                                      std::string(local_name(node)) + " (" +
                                                      text_of(node) + ") is left out"});
  }
}

// External objects have no configuration around them: they are called by their folder.
configuration_read read_externals(const configuration_place& place) {
  configuration_read made;
  const auto& named = place.root.filename() == "src" ? place.root.parent_path() : place.root;
  made.info.name = path_text(named.filename());
  made.info.is_external = true;
  made.info.layout = place.written_as == layout::designer ? "designer" : "edt";
  made.info.format_version = place.written_as == layout::edt ? runtime_version(place) : "";
  std::string all;
  for (const auto& each : place.externals) {
    made.listed.push_back({*kind_of_singular(each.kind), each.name});
    all += each.kind + "." + each.name + "\n";
  }
  made.tree = content_hash(all);
  return made;
}

}  // namespace

outcome<configuration_read> read_configuration(const configuration_place& place) {
  if (!place.externals.empty()) return read_externals(place);
  const auto loaded = xml_file::load(place.descriptor);
  if (!loaded)
    return trouble{loaded.error().code, path_text(place.descriptor) + ": " + loaded.error().text};
  const auto document = loaded->top();
  const bool designer = place.written_as == layout::designer;
  const auto top = designer ? child(document, "Configuration") : document;
  if (!top || local_name(top) != "Configuration")
    return bad_input(path_text(place.descriptor) +
                     ": expected the descriptor of a configuration, found <" + document.name() +
                     ">; write the configuration to files again");
  configuration_read made;
  made.tree = loaded->hash();
  made.info = info_of(element(top, place.written_as), place);
  made.info.format_version =
      designer ? document.attribute("version").value() : runtime_version(place);
  if (designer)
    list_designer(top, made);
  else
    list_edt(top, place, made);
  const auto order = [](const listed_object& each) { return object_id(each.kind, each.name); };
  std::sort(made.listed.begin(), made.listed.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  const auto same = [](const auto& a, const auto& b) {
    return a.kind == b.kind && a.name == b.name;
  };
  made.listed.erase(std::unique(made.listed.begin(), made.listed.end(), same), made.listed.end());
  return made;
}

}  // namespace artel::analysis
