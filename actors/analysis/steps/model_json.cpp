#include "actors/analysis/steps/model_json.hpp"

namespace artel::analysis {
namespace {

void write_type(json_writer& out, const value_type& type) {
  out.key("type").object();
  out.texts("types", type.types);
  const auto has = [&](std::string_view name) {
    for (const auto& each : type.types)
      if (each == name) return true;
    return false;
  };
  if (has("String")) {
    out.key("string_qualifiers").object();
    out.field("length", type.length);
    out.field("allow_variable_length", type.variable_length);
    out.end();
  }
  if (has("Number")) {
    out.key("number_qualifiers").object();
    out.field("precision", type.precision);
    out.field("scale", type.scale);
    out.field("allow_negative", type.allow_negative);
    out.end();
  }
  if (has("Date")) {
    out.key("date_qualifiers").object();
    out.field("date_fractions", type.date_fractions);
    out.end();
  }
  out.end();
}

void write_attributes(json_writer& out, std::string_view name, const std::vector<attribute>& from,
                      const model_index& index) {
  out.key(name).array();
  for (const auto& each : from) write_attribute(out, each, index);
  out.end();
}

void write_parts(json_writer& out, std::string_view name, const std::vector<part>& from) {
  out.key(name).array();
  for (const auto& each : from) {
    out.object();
    out.field("name", each.name);
    out.field("uuid", each.uuid);
    write_localized(out, "synonym", each.synonym);
    out.field("comment", each.comment);
    out.end();
  }
  out.end();
}

void write_links(json_writer& out, const object_links& links) {
  out.texts("owners", links.owners);
  out.texts("based_on", links.based_on);
  out.texts("register_records", links.register_records);
  out.texts("content", links.content);
  out.key("handlers").array();
  for (const auto& each : links.handlers) {
    out.object();
    out.field("place", each.place);
    out.field("event", each.event);
    out.field("method", each.method);
    out.field("element", each.element);
    out.end();
  }
  out.end();
  if (links.rights.empty()) return;
  out.key("rights").array();
  for (const auto& each : links.rights) {
    out.object();
    out.field("object", each.object);
    out.texts("allowed", each.allowed);
    out.field("restricted", each.restricted);
    out.end();
  }
  out.end();
}

}  // namespace

void write_localized(json_writer& out, std::string_view name, const localized& texts) {
  out.map(name, texts);
}

void write_attribute(json_writer& out, const attribute& from, const model_index& index) {
  out.object();
  out.field("name", from.name);
  out.field("uuid", from.uuid);
  write_localized(out, "synonym", from.synonym);
  out.field("comment", from.comment);
  write_type(out, from.type);
  out.field("mandatory", from.fill_checking == "ShowError");
  out.field("fill_checking", from.fill_checking);
  out.field("use", from.use);
  out.field("indexing", from.indexing);
  out.key("refs").array();
  for (const auto& each : from.type.types)
    if (const auto object = index.object_of_type(each))
      out.text(index.contents().objects[*object].id);
  out.end();
  out.end();
}

void write_object_fields(json_writer& out, const metadata_object& from, const model_index& index) {
  out.field("id", from.id);
  out.field("kind", from.kind);
  out.field("support", from.support);
  out.field("name", from.name);
  out.field("uuid", from.uuid);
  write_localized(out, "synonym", from.synonym);
  out.field("comment", from.comment);
  out.field("belonging", from.belonging);
  out.field("parent", from.parent);
  out.field("path", from.path);
  out.field("complete", from.complete);
  out.texts("subsystems", from.subsystems);
  out.map("properties", from.properties);
  if (!from.type.types.empty()) write_type(out, from.type);
  const auto& parts = from.parts;
  write_attributes(out, "attributes", parts.attributes, index);
  write_attributes(out, "dimensions", parts.dimensions, index);
  write_attributes(out, "resources", parts.resources, index);
  write_attributes(out, "other_attributes", parts.other_attributes, index);
  out.key("tabular_sections").array();
  for (const auto& each : parts.tabular_sections) {
    out.object();
    out.field("name", each.name);
    out.field("uuid", each.uuid);
    write_localized(out, "synonym", each.synonym);
    out.field("comment", each.comment);
    write_attributes(out, "columns", each.columns, index);
    out.end();
  }
  out.end();
  write_parts(out, "enum_values", parts.enum_values);
  write_parts(out, "predefined", parts.predefined);
  write_parts(out, "forms", parts.forms);
  write_parts(out, "commands", parts.commands);
  write_parts(out, "templates", parts.templates);
  write_parts(out, "recalculations", parts.recalculations);
  write_links(out, from.links);
}

std::vector<std::vector<std::uint32_t>> modules_by_object(const model_index& index) {
  const auto& all = index.contents();
  std::vector<std::vector<std::uint32_t>> of(all.objects.size() + 1);
  for (std::uint32_t i = 0; i < all.modules.size(); ++i)
    of[index.owner_of(all.modules[i]).value_or(static_cast<std::uint32_t>(all.objects.size()))]
        .push_back(i);
  return of;
}

}  // namespace artel::analysis
