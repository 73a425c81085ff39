#include "actors/analysis/metadata/object_reader.hpp"

#include <algorithm>
#include <optional>

#include "actors/analysis/metadata/object_parts.hpp"
#include "actors/analysis/metadata/properties.hpp"
#include "actors/analysis/text/content_hash.hpp"
#include "actors/analysis/text/files.hpp"

namespace artel::analysis {
namespace {

namespace fs = std::filesystem;

/// One reading: where, and what came of it.
struct reading {
  const configuration_place& place;
  object_read& to;
  std::vector<source_file>* sources;

  std::string relative(const fs::path& file) const {
    return path_text(file.lexically_relative(place.root));
  }
  void problem(const fs::path& file, const std::string& message) const {
    to.problems.push_back({relative(file), message});
  }
  /// The document, or nothing after noting why.
  std::optional<xml_file> load(const fs::path& file, bool must_exist) const {
    auto loaded = xml_file::load(file);
    sources->push_back({relative(file), loaded ? loaded->hash() : 0});
    if (loaded) return std::move(*loaded);
    if (must_exist || loaded.error().code != trouble_code::not_found)
      problem(file, loaded.error().text);
    return std::nullopt;
  }
};

void take_value_type(metadata_object& to, const element& from) {
  for (const auto* property : {"Type", "ValueType", "Source", "CommandParameterType"}) {
    if (!from.has(property)) continue;
    to.type = from.type(property);
    return;
  }
}

// An adopted object writes only what the extension controls, so nothing may be filled in for the
// rest; except for these, which the Designer writes of every object and EDT leaves out when they
// have their default.
bool known_of_adopted(std::string_view property) {
  for (const std::string_view each :
       {"Global", "ClientManagedApplication", "Server", "ExternalConnection",
        "ClientOrdinaryApplication", "ServerCall", "RegisterType", "InformationRegisterPeriodicity",
        "WriteMode", "Category", "FormType", "Namespace"})
    if (property == each) return true;
  return false;
}

void take_properties(metadata_object& to, const element& from) {
  for (const auto& each : properties_of(to.kind)) {
    if (to.belonging == "Adopted" && !known_of_adopted(each.name) && !from.controls(each.name))
      continue;
    auto value = from.text(each.name);
    if (value.empty() && (to.belonging != "Adopted" || known_of_adopted(each.name)))
      value = each.default_value;
    if (!value.empty()) to.properties.emplace(each.name, std::move(value));
  }
}

void take_forms(const reading& run, metadata_object& to, const fs::path& folder) {
  const bool designer = run.place.written_as == layout::designer;
  const auto handlers_of = [&](const fs::path& file, const std::string& place_name) {
    const auto form = run.load(file, false);
    if (!form) return;
    auto found = read_form_handlers(form->document(), run.place.written_as, place_name);
    to.links.handlers.insert(to.links.handlers.end(), found.begin(), found.end());
  };
  for (auto& each : to.parts.forms) {
    const auto base = folder / "Forms" / each.name;
    if (designer) {
      if (const auto descriptor = run.load(base.string() + ".xml", false)) {
        const element form(child(descriptor->top(), "Form"), layout::designer);
        if (form) each = read_part(form);
      }
    }
    handlers_of(designer ? base / "Ext" / "Form.xml" : base / "Form.form", "Form." + each.name);
  }
  if (to.kind == "CommonForm")
    handlers_of(designer ? folder / "Ext" / "Form.xml" : folder / "Form.form", "");
}

// Templates and recalculations of the Designer keep their descriptors beside their folders, as
// forms do.
void take_part_descriptors(const reading& run, std::vector<part>& parts, const fs::path& folder,
                           const char* tag) {
  if (run.place.written_as != layout::designer) return;
  for (auto& each : parts) {
    const auto descriptor = run.load(folder / (each.name + ".xml"), false);
    if (!descriptor) continue;
    const element found(child(descriptor->top(), tag), layout::designer);
    if (found) each = read_part(found);
  }
}

void take_side_files(const reading& run, metadata_object& to, const element& object,
                     const fs::path& folder) {
  const bool designer = run.place.written_as == layout::designer;
  take_forms(run, to, folder);
  take_part_descriptors(run, to.parts.templates, folder / "Templates", "Template");
  take_part_descriptors(run, to.parts.recalculations, folder / "Recalculations", "Recalculation");
  if (!designer) {
    to.parts.predefined = read_predefined(child(object.node(), "predefined"), layout::edt);
  } else if (const auto items = run.load(folder / "Ext" / "Predefined.xml", false)) {
    to.parts.predefined = read_predefined(items->document(), layout::designer);
  }
  if (to.kind == "Role") {
    if (const auto rights =
            run.load(designer ? folder / "Ext" / "Rights.xml" : folder / "Rights.rights", false))
      to.links.rights = read_rights(rights->top());
  }
  if (to.kind == "ExchangePlan" && designer) {
    if (const auto content = run.load(folder / "Ext" / "Content.xml", false))
      for_each_child(content->top(), "Item", [&](pugi::xml_node item) {
        to.links.content.push_back(child_text(item, "Metadata"));
      });
    std::sort(to.links.content.begin(), to.links.content.end());
  }
}

/// Where an object's descriptor and folder are, below the folder of its kind.
struct object_files {
  fs::path descriptor;
  fs::path folder;
};

object_files files_of(const configuration_place& place, const fs::path& parent,
                      const std::string& name) {
  const auto folder = parent / name;
  if (place.written_as == layout::designer) return {parent / (name + ".xml"), folder};
  return {folder / (name + ".mdo"), folder};
}

metadata_object named(std::string_view kind, const std::string& name, const std::string& parent) {
  metadata_object made;
  made.kind = kind;
  made.name = name;
  made.id = (parent.empty() ? "" : parent + ".") + made.kind + "." + name;
  made.parent = parent;
  made.belonging = "Own";
  return made;
}

// Nested subsystems lie in folders inside; a list of work instead of recursion, and a depth that no
// folder link exceeds.
struct pending {
  fs::path folder;
  std::string name;
  std::string parent;
  std::size_t depth;
};

// Names come from XML and become parts of paths: one that climbs out of the configuration is not
// followed.
bool fits_in_path(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

void read_descriptor(const configuration_place& place, object_read& to, std::string_view kind,
                     const pending& next, std::vector<pending>& more) {
  const auto files = files_of(place, next.folder, next.name);
  auto made = named(kind, next.name, next.parent);
  const reading run{place, to, &made.sources};
  if (!fits_in_path(next.name)) {
    run.problem(next.folder,
                "the name '" + next.name + "' can not be a file's; the object is kept by its name");
    made.complete = false;
    run.to.objects.push_back(std::move(made));
    return;
  }
  made.path = run.relative(files.descriptor);
  const auto document = run.load(files.descriptor, true);
  auto top = document ? document->top() : pugi::xml_node{};
  if (run.place.written_as == layout::designer) top = child(top, kind);
  if (document && (!top || local_name(top) != kind))
    run.problem(files.descriptor, "expected a descriptor of " + std::string(kind) + ", found " +
                                      document->top().name() + "; the object is kept by its name");
  made.complete = top && local_name(top) == kind;
  if (made.complete) {
    const element object(top, run.place.written_as);
    made.uuid = object.uuid();
    made.synonym = object.synonym();
    made.comment = object.text("Comment");
    if (auto belonging = object.text("ObjectBelonging"); !belonging.empty())
      made.belonging = belonging;
    take_properties(made, object);
    take_value_type(made, object);
    made.parts = read_parts(object);
    made.links = read_links(object, kind);
    take_side_files(run, made, object, files.folder);
    for (const auto& inner :
         kind == "Subsystem" ? object.children("Subsystem") : std::vector<element>{}) {
      auto name = inner.name().empty() ? text_of(inner.node()) : inner.name();
      if (next.depth < subsystem_depth_max)
        more.push_back({files.folder / "Subsystems", std::move(name), made.id, next.depth + 1});
    }
  }
  run.to.objects.push_back(std::move(made));
}

}  // namespace

object_read read_object(const configuration_place& place, const listed_object& listed) {
  object_read found;
  const auto& names = all_kinds()[listed.kind];
  auto folder = place.root / names.plural;
  for (const auto& each : place.externals)
    if (each.kind == names.singular && each.name == listed.name) folder = each.folder;
  std::vector<pending> work{{folder, listed.name, "", 0}};
  while (!work.empty() && found.objects.size() < subsystems_max) {
    const auto next = std::move(work.back());
    work.pop_back();
    read_descriptor(place, found, names.singular, next, work);
  }
  return found;
}

bool unchanged(const configuration_place& place, std::span<const metadata_object> objects) {
  for (const auto& object : objects) {
    if (!object.complete) return false;
    for (const auto& each : object.sources) {
      const auto bytes = read_file(place.root / each.path, xml_bytes_max);
      if (bytes ? content_hash(*bytes) != each.hash
                : each.hash != 0 || bytes.error().code != trouble_code::not_found)
        return false;
    }
  }
  return true;
}

}  // namespace artel::analysis
