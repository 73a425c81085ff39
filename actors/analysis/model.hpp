// What the parse step knows of a configuration, as it publishes it for the later steps: the
// configuration, its objects with everything that belongs to them, and its modules. The same
// whichever layout it was read from, except for paths. Full names ("Catalog.Goods") are ids; kinds
// are named in English singular everywhere.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "actors/analysis/bsl/module_syntax.hpp"
#include "actors/analysis/shapes.hpp"
#include "messages/fields.hpp"

namespace artel::analysis {

/// Language code → text, as {"ru": "Товары"}.
using localized = std::map<std::string, std::string>;

struct value_type {
  std::vector<std::string> types;  ///< String, Number, CatalogRef.Goods, DefinedType.Owner …
  std::uint32_t length = 0;
  bool variable_length = true;
  std::uint32_t precision = 0;
  std::uint32_t scale = 0;
  bool allow_negative = true;
  std::string date_fractions;  ///< Date, Time, DateTime; empty when no date is among the types
  ARTEL_FIELDS(value_type, types, length, variable_length, precision, scale, allow_negative,
               date_fractions);
};

struct attribute {
  std::string name;
  std::string uuid;
  localized synonym;
  std::string comment;
  value_type type;
  std::string fill_checking;
  std::string indexing;
  std::string use;
  ARTEL_FIELDS(attribute, name, uuid, synonym, comment, type, fill_checking, indexing, use);
};

struct tabular_section {
  std::string name;
  std::string uuid;
  localized synonym;
  std::string comment;
  std::vector<attribute> columns;
  ARTEL_FIELDS(tabular_section, name, uuid, synonym, comment, columns);
};

/// A form, template, command, enum value, recalculation: a part that has little but its name.
struct part {
  std::string name;
  std::string uuid;
  localized synonym;
  std::string comment;
  ARTEL_FIELDS(part, name, uuid, synonym, comment);
};

/// Code bound from metadata: an event's or an action's method.
struct handler {
  std::string
      place;  ///< the form, operation or template that binds it; empty for the object itself
  std::string event;
  std::string
      method;  ///< "CommonModule.Module.Method", or the name of a method of the place's own module
  std::string element;  ///< of a form the field or command, empty for its own events; of an HTTP
                        ///< service the address that the method answers
  ARTEL_FIELDS(handler, place, event, method, element);
};

/// What a role may do with an object.
struct right {
  std::string object;
  std::vector<std::string> allowed;
  bool restricted = false;  ///< a condition limits the records
  ARTEL_FIELDS(right, object, allowed, restricted);
};

/// Everything an object is made of.
struct object_parts {
  std::vector<attribute> attributes;
  std::vector<attribute> dimensions;
  std::vector<attribute> resources;
  std::vector<attribute> other_attributes;  ///< accounting flags, addressing attributes
  std::vector<attribute> standard_attributes;
  std::vector<tabular_section> tabular_sections;
  std::vector<part> enum_values;
  std::vector<part> predefined;
  std::vector<part> forms;
  std::vector<part> commands;
  std::vector<part> templates;
  std::vector<part> recalculations;
  ARTEL_FIELDS(object_parts, attributes, dimensions, resources, other_attributes,
               standard_attributes, tabular_sections, enum_values, predefined, forms, commands,
               templates, recalculations);
};

/// Full names of other objects, sorted, or types.
struct object_links {
  std::vector<std::string> owners;
  std::vector<std::string> based_on;
  std::vector<std::string> register_records;
  std::vector<std::string> content;  ///< of a subsystem, exchange plan, functional option …
  std::vector<handler> handlers;
  std::vector<right> rights;
  ARTEL_FIELDS(object_links, owners, based_on, register_records, content, handlers, rights);
};

/// A file that an object was read from, or would have been if it were there.
struct source_file {
  std::string path;        ///< below the configuration's folder
  std::uint64_t hash = 0;  ///< of its bytes; 0: there is no such file
  ARTEL_FIELDS(source_file, path, hash);
};

struct metadata_object {
  std::string id;    ///< Catalog.Goods, Subsystem.Sales.Subsystem.Prices
  std::string kind;  ///< Catalog
  std::string name;
  std::string uuid;
  localized synonym;
  std::string comment;
  std::string belonging;  ///< "Own", or "Adopted" in an extension
  std::string parent;     ///< id of the subsystem around it; empty for top-level objects
  std::string path;       ///< its descriptor below the configuration's folder
  bool complete = true;   ///< false: its descriptor could not be read
  std::map<std::string, std::string> properties;  ///< those of `properties_of`, defaults filled in
  value_type type;  ///< of constants, defined types, session parameters, characteristics
  object_parts parts;
  object_links links;
  std::string support;  ///< by the vendor: "locked", "editable", "removed"; "" when there is none
  std::vector<source_file> sources;     ///< the files that it was read from
  std::vector<std::string> subsystems;  ///< ids of the subsystems whose content it is
  ARTEL_FIELDS(metadata_object, id, kind, name, uuid, synonym, comment, belonging, parent, path,
               complete, properties, type, parts, links, support, sources);
};

/// A configuration of a vendor that this one is built upon.
struct vendor_configuration {
  std::string vendor;
  std::string name;
  std::string version;
  ARTEL_FIELDS(vendor_configuration, vendor, name, version);
};

struct configuration_info {
  std::string name;
  localized synonym;
  std::string comment;
  std::string version;
  std::string vendor;
  std::string script_variant;
  std::string compatibility;
  std::string uuid;
  bool is_extension = false;
  bool is_external = false;  ///< no configuration: external data processors and reports
  std::string extension_purpose;
  std::string name_prefix;
  std::string layout;          ///< "designer" or "edt"
  std::string format_version;  ///< Designer: version of the dump; EDT: runtime version
  std::string root;            ///< folder of the configuration as it was given, for people
  std::vector<vendor_configuration> vendors;  ///< whose support it is on
  std::string support;                        ///< of the configuration itself, as of an object
  ARTEL_FIELDS(configuration_info, name, synonym, comment, version, vendor, script_variant,
               compatibility, uuid, is_extension, is_external, extension_purpose, name_prefix,
               layout, format_version, root, vendors, support);
};

inline constexpr std::uint32_t no_method = ~0U;

/// A rule broken in one module, as the rules that need nothing but the module see it.
struct module_finding {
  std::uint16_t rule = 0;            ///< its number in `all_rules()`
  std::uint32_t method = no_method;  ///< index into the module's methods
  bsl::span where;                   ///< in the module's text
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  std::string detail;  ///< a name or a number, the same in every language
  ARTEL_FIELDS(module_finding, rule, method, where, line_start, line_end, detail);
};

/// Lines in which a comment switches a rule off.
struct module_suppression {
  std::string rule;  ///< the rule's id; empty for all rules
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;
  ARTEL_FIELDS(module_suppression, rule, line_start, line_end);
};

/// One .bsl file. Its text is UTF-8 in the snapshot whatever the file held: bytes that are not are
/// U+FFFD there, and a problem says so.
struct module_entry {
  std::string id;           ///< Catalog.Goods.ObjectModule, Catalog.Goods.Form.List.FormModule
  std::string owner;        ///< id of the top-level object; the configuration's is "Configuration"
  std::string place;        ///< "" or "Form.List", "Command.Print" inside the owner
  std::string module_type;  ///< ObjectModule, FormModule, CommonModule …
  std::string path;
  std::uint64_t bytes = 0;        ///< of the file
  std::uint64_t hash = 0;         ///< of the file's bytes; 0 when it could not be read
  std::uint64_t text_offset = 0;  ///< of its text in the texts of its part
  std::uint64_t text_size = 0;    ///< without byte order mark; 0 when protected
  bool byte_order_mark = false;
  bool is_protected = false;
  std::string line_ends;  ///< "crlf", "lf", "cr", "mixed", "none"
  bsl::module_syntax syntax;
  std::vector<module_finding> findings;        ///< of the rules that need only the module
  std::vector<module_suppression> suppressed;  ///< where its comments switch rules off
  module_shapes shapes;
  std::uint32_t part = 0;  ///< which part of the snapshot it lies in
  /// What is not an array of plain numbers; those are visited by `each_array_of`.
  ARTEL_FIELDS(module_entry, id, owner, place, module_type, path, bytes, hash, text_offset,
               text_size, byte_order_mark, is_protected, line_ends, syntax, findings, suppressed);
};

template <class Entry, class Visit>
void each_array_of(Entry& entry, Visit&& visit) {
  bsl::each_array(entry.syntax, visit);
  visit(entry.shapes.shapes), visit(entry.shapes.marks), visit(entry.shapes.named);
}

/// Something that could not be read; the run went on without it.
struct read_problem {
  std::string path;
  std::string message;
  ARTEL_FIELDS(read_problem, path, message);
};

struct model {
  configuration_info configuration;
  std::vector<metadata_object> objects;  ///< sorted by id
  std::vector<module_entry> modules;     ///< sorted by id
  std::vector<read_problem> problems;    ///< sorted by path
};

}  // namespace artel::analysis
