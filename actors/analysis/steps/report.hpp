// What all output files of the analysis begin with, the small JSON that a step answers, and how
// steps open what the parse step published.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <variant>

#include "actors/analysis/index.hpp"
#include "actors/analysis/snapshot.hpp"
#include "actors/analysis/text/json_writer.hpp"
#include "actors/native_step.hpp"

namespace artel::analysis {

inline constexpr const char* schema_version = "2.0.0";  // of the output files

/// schema_version, config_name, generator, source
void write_head(json_writer& out, const configuration_info& configuration);

using headline_value = std::variant<std::uint64_t, double, bool, std::string>;
/// A flat JSON object as text.
step_result headline(std::initializer_list<std::pair<const char*, headline_value>> values);

/// A `with:` value; empty when it was not given.
std::string value_of(const step_input& input, const char* key);
/// true, false, or trouble for anything else.
outcome<bool> flag_of(const step_input& input, const char* key);

/// The published snapshot of `input.output`.
outcome<snapshot> open_published(const step_input& input, step_monitor& monitor);

/// Progress of a step that does not walk modules one by one, in bytes of their text: `part` of
/// `parts` are done.
void progress_part(step_monitor& monitor, const model& all, unsigned part, unsigned parts,
                   std::string_view text);

trouble cancelled_trouble(const char* step);

/// Text with every line end as LF.
std::string with_line_feeds(std::string_view text);

/// "Catalog.Goods.ObjectModule" → "Справочник.Goods.МодульОбъекта": the id as people of the field
/// write it.
std::string russian_id(std::string_view id);

/// "ObjectModule" → "МодульОбъекта"
std::string russian_module_type(std::string_view type);

/// The synonym in Russian, or in any language, or nothing.
std::string_view best_text(const localized& texts);

}  // namespace artel::analysis
