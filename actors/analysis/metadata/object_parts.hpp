// The parts of an object: attributes, sections, forms, links. Shared by the readers; see
// object_reader.hpp.
#pragma once

#include "actors/analysis/metadata/element.hpp"
#include "actors/analysis/model.hpp"

namespace artel::analysis {

object_parts read_parts(const element& object);
object_links read_links(const element& object, std::string_view kind);
part read_part(const element& from);
attribute read_attribute(const element& from);

/// Items of Predefined.xml (Designer) or of `<predefined>` (EDT), nested ones included.
std::vector<part> read_predefined(pugi::xml_node top, layout written_as);
/// Events and actions of a form, bound to methods of its module.
std::vector<handler> read_form_handlers(pugi::xml_node form, layout written_as,
                                        const std::string& place);
/// Rights.xml and Rights.rights have the same body.
std::vector<right> read_rights(pugi::xml_node top);

}  // namespace artel::analysis
