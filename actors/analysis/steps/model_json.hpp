// Objects, modules and methods of a snapshot as JSON, with the keys that readers of the older
// analysis know and those that came since. Code is written only where it is asked for: it is most
// of the bytes.
#pragma once

#include "actors/analysis/index.hpp"
#include "actors/analysis/text/json_writer.hpp"

namespace artel::analysis {

void write_localized(json_writer& out, std::string_view name, const localized& texts);
void write_attribute(json_writer& out, const attribute& from, const model_index& index);
/// Everything of an object but its modules, as fields of an object that the caller opened.
void write_object_fields(json_writer& out, const metadata_object& from, const model_index& index);

enum class code { with, without };

/// A method as an object.
void write_method(json_writer& out, const model_index& index, const method_place& place, code text);
/// Fields of a module; the caller opened the object.
void write_module_fields(json_writer& out, const model_index& index, std::uint32_t module,
                         code text);

/// Indexes of the modules of each object, and of the configuration under the last index.
std::vector<std::vector<std::uint32_t>> modules_by_object(const model_index& index);

}  // namespace artel::analysis
