#include "actors/analysis/steps/parse_outputs.hpp"

#include "actors/analysis/steps/model_json.hpp"
#include "actors/analysis/steps/parallel.hpp"
#include "actors/analysis/steps/report.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

using owned_modules = std::vector<std::vector<std::uint32_t>>;

std::string property_of(const metadata_object& object, const char* name) {
  const auto found = object.properties.find(name);
  return found == object.properties.end() ? "" : found->second;
}

bool flag(const metadata_object& object, const char* name) {
  return property_of(object, name) == "true";
}

std::int64_t number(const metadata_object& object, const char* name) {
  const auto text = property_of(object, name);
  return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10);
}

void write_module_of_type(json_writer& out, const model_index& index,
                          const std::vector<std::uint32_t>& modules, const char* key,
                          std::string_view type) {
  out.key(key);
  for (const auto each : modules) {
    const auto& module = index.contents().modules[each];
    if (module.module_type != type || !module.place.empty()) continue;
    out.object();
    write_module_fields(out, index, each, code::with);
    out.end();
    return;
  }
  out.null();
}

void write_common_module(json_writer& out, const model_index& index, const metadata_object& object,
                         const std::vector<std::uint32_t>& modules) {
  out.object();
  out.field("name", object.name);
  out.field("object_type", "CommonModule");
  out.field("source_path", object.path);
  out.key("flags").object();
  out.field("server", flag(object, "Server"));
  out.field("client", flag(object, "ClientManagedApplication"));
  out.field("server_call", flag(object, "ServerCall"));
  out.field("global", flag(object, "Global"));
  out.field("privileged", flag(object, "Privileged"));
  out.field("external_connection", flag(object, "ExternalConnection"));
  const auto reuse = property_of(object, "ReturnValuesReuse");
  out.field("cached", !reuse.empty() && reuse != "DontUse");
  out.end();
  out.key("metadata").object();
  write_object_fields(out, object, index);
  out.end();
  if (!modules.empty()) {
    out.field("code_file", index.contents().modules[modules.front()].path);
    write_module_fields(out, index, modules.front(), code::with);
  } else {
    out.field("code_file", "");
    out.field("code", "");
    out.field("code_length", 0U);
    out.field("functions_count", 0U);
    out.field("procedures_count", 0U);
    out.key("functions").array();
    out.end();
    out.key("procedures").array();
    out.end();
  }
  out.end();
}

void write_legacy_metadata(json_writer& out, const model_index& index,
                           const metadata_object& object) {
  out.key("metadata").object();
  out.field("name", object.name);
  out.field("synonym", best_text(object.synonym));
  out.field("comment", object.comment);
  if (object.kind == "Catalog") {
    out.field("hierarchical", flag(object, "Hierarchical"));
    out.field("hierarchy_type", property_of(object, "HierarchyType"));
    out.field("code_length", number(object, "CodeLength"));
    out.field("description_length", number(object, "DescriptionLength"));
  } else {
    out.field("use_standard_commands", flag(object, "UseStandardCommands"));
    out.field("posting", property_of(object, "Posting") == "Allow");
    out.field("realtime_posting", property_of(object, "RealTimePosting") == "Allow");
    out.field("register_records_on_posting", property_of(object, "RegisterRecordsWritingOnPost"));
    out.texts("register_records", object.links.register_records);
  }
  out.key("attributes").array();
  for (const auto& each : object.parts.attributes) write_attribute(out, each, index);
  out.end();
  out.key("tabular_sections").array();
  for (const auto& each : object.parts.tabular_sections) {
    out.object();
    out.field("name", each.name);
    out.field("synonym", best_text(each.synonym));
    out.key("columns").array();
    for (const auto& column : each.columns) write_attribute(out, column, index);
    out.end();
    out.end();
  }
  out.end();
  out.key("standard_attributes").array();
  for (const auto& each : object.parts.standard_attributes) write_attribute(out, each, index);
  out.end();
  out.end();
}

void write_legacy_object(json_writer& out, const model_index& index, const metadata_object& object,
                         const std::vector<std::uint32_t>& modules) {
  out.object();
  out.field("name", object.name);
  out.field("object_type", object.kind);
  out.field("source_path", object.path);
  write_legacy_metadata(out, index, object);
  write_module_of_type(out, index, modules, "manager_module", "ManagerModule");
  write_module_of_type(out, index, modules, "object_module", "ObjectModule");
  out.end();
}

void write_object(json_writer& out, const model_index& index, const metadata_object& object,
                  const std::vector<std::uint32_t>& modules) {
  out.object();
  write_object_fields(out, object, index);
  out.key("modules").array();
  for (const auto each : modules) {
    out.object();
    write_module_fields(out, index, each, code::without);
    out.end();
  }
  out.end();
  out.end();
}

void write_configuration(json_writer& out, const configuration_info& from) {
  out.key("configuration").object();
  out.field("name", from.name);
  write_localized(out, "synonym", from.synonym);
  out.field("comment", from.comment);
  out.field("version", from.version);
  out.field("vendor", from.vendor);
  out.field("script_variant", from.script_variant);
  out.field("compatibility", from.compatibility);
  out.field("is_extension", from.is_extension);
  out.field("is_external", from.is_external);
  out.key("extension").object();
  if (from.is_extension) {
    out.field("purpose", from.extension_purpose);
    out.field("prefix", from.name_prefix);
  }
  out.end();
  out.end();
}

void write_errors(json_writer& out, const model& all) {
  out.key("errors").array();
  for (const auto& each : all.problems) {
    out.object();
    out.field("kind", "reading");
    out.field("path", each.path);
    out.field("message", each.message);
    out.end();
  }
  for (const auto& module : all.modules) {
    for (const auto& each : module.syntax.errors) {
      out.object();
      out.field("kind", "syntax");
      out.field("path", module.path);
      out.field("line", each.line);
      out.field("column", each.column);
      out.field("message", each.message);
      out.end();
    }
  }
  out.end();
}

/// Writes the three large files; stops between objects when it is cancelled.
struct writing {
  const model_index& index;
  const owned_modules& modules;
  step_monitor& monitor;
  std::uint64_t written = 0;
  std::uint64_t total = 0;  ///< bytes of module text, as often as they are walked

  std::uint64_t bytes_of(std::size_t object) const {
    std::uint64_t sum = 0;
    for (const auto each : modules[object]) sum += index.contents().modules[each].text_size;
    return sum;
  }

  void plan() {
    const auto& all = index.contents();
    for (const auto& each : all.modules) total += 2 * each.text_size;
    for (std::size_t i = 0; i < all.objects.size(); ++i)
      for (const auto* kind : {"CommonModule", "Catalog", "Document"})
        if (all.objects[i].kind == kind) total += bytes_of(i);
  }

  bool go_on(std::uint64_t bytes) {
    monitor.progress(written += bytes, total, "writing");
    return !monitor.cancelled();
  }

  template <class Write>
  bool section(json_writer& out, const char* key, std::string_view kind, Write write) {
    out.key(key).array();
    const auto& objects = index.contents().objects;
    for (std::uint32_t i = 0; i < objects.size(); ++i) {
      if (!kind.empty() && objects[i].kind != kind) continue;
      if (!go_on(bytes_of(i))) return false;
      write(out, index, objects[i], modules[i]);
    }
    out.end();
    return true;
  }

  /// `lines` gets the objects too, one a line: each is made once.
  outcome<done> full(const std::filesystem::path& file, const std::filesystem::path& lines) {
    file_sink sink(file);
    file_sink line_sink(lines);
    json_writer out(sink, false);
    const auto& all = index.contents();
    memory_sink object_text;
    const auto write_both = [&](json_writer& to, const model_index& in,
                                const metadata_object& object,
                                const std::vector<std::uint32_t>& owned) {
      object_text.buffer().clear();
      json_writer once(object_text, false);
      write_object(once, in, object, owned);
      to.raw(object_text.buffer());
      line_sink.put(object_text.buffer());
      line_sink.put("\n");
    };
    out.object();
    write_head(out, all.configuration);
    out.field("status", all.problems.empty() ? "success" : "partial");
    out.key("parse_time")
        .null();  // run.json tells times, so that this file is the same after every run
    write_configuration(out, all.configuration);
    if (!section(out, "common_modules", "CommonModule", write_common_module) ||
        !section(out, "catalogs", "Catalog", write_legacy_object) ||
        !section(out, "documents", "Document", write_legacy_object) ||
        !section(out, "objects", "", write_both))
      return cancelled_trouble("edt.listing");
    out.key("configuration_modules").array();
    for (const auto each : modules.back()) {
      out.object();
      write_module_fields(out, index, each, code::with);
      out.end();
    }
    out.end();
    out.key("stats").object();
    write_counts(out, totals_of(index), all);
    out.end();
    write_errors(out, all);
    out.end();
    out.line();
    if (auto closed = line_sink.close(); !closed) return closed;
    return sink.close();
  }

  outcome<done> methods(const std::filesystem::path& file) {
    file_sink sink(file);
    const auto& all = index.contents().modules;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (!go_on(all[i].text_size)) return cancelled_trouble("edt.listing");
      for (std::uint32_t m = 0; m < all[i].syntax.methods.size(); ++m) {
        json_writer out(sink, false);
        write_method(out, index, {i, m}, code::with);
        out.line();
      }
    }
    return sink.close();
  }
};

}  // namespace

outcome<done> write_parse_outputs(const model_index& index, const std::filesystem::path& staging,
                                  step_monitor& monitor) {
  const auto modules = modules_by_object(index);
  const auto folder = staging / snapshot_folder;
  writing run{index, modules, monitor};
  run.plan();
  if (auto made = run.full(folder / "full_parse_with_metadata.json", folder / "objects.jsonl");
      !made)
    return made;
  return run.methods(folder / "methods.jsonl");
}

outcome<done> write_parse_statistics(const model_index& index, std::size_t parts,
                                     const step_input& input,
                                     const std::filesystem::path& staging) {
  const auto& all = index.contents();
  file_sink sink(staging / snapshot_folder / "parse_statistics.json");
  json_writer out(sink);
  out.object();
  write_head(out, all.configuration);
  out.key("total_time").null();  // run.json tells times, so that this file is always the same
  out.key("rate").null();
  write_counts(out, totals_of(index), all);
  out.end();
  out.line();
  if (auto closed = sink.close(); !closed) return closed;
  // The shards told their times beside their parts.
  file_sink times(staging / snapshot_folder / "run.json");
  times.put("{\"shards\": [");
  for (std::size_t i = 0; i < parts; ++i) {
    const auto told = read_file(
        input.output / snapshot_folder / "parts" / (std::to_string(i) + ".times.json"), 1U << 16U);
    if (!told) break;
    times.put((i == 0 ? "\n" : ",\n") + std::string(trimmed(*told)));
  }
  times.put("\n]}\n");
  return times.close();
}

}  // namespace artel::analysis
