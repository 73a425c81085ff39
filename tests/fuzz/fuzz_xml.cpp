// Any bytes to the readers of 1C metadata: descriptors, forms, rights, predefined items and events
// in both layouts, and the two binary kinds of file. They must end, with a result or a problem.
#include <cstdint>

#include "actors/analysis/metadata/form_container.hpp"
#include "actors/analysis/metadata/object_parts.hpp"
#include "actors/analysis/metadata/support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace artel::analysis;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(module_of_form(text));
  static_cast<void>(parse_support(text));
  const auto file = xml_file::parse(text);
  if (!file) return 0;
  for (const auto written_as : {layout::designer, layout::edt}) {
    const element top(file->top(), written_as);
    static_cast<void>(read_parts(top));
    for (const auto* kind : {"Catalog", "Subsystem", "EventSubscription", "Role"})
      static_cast<void>(read_links(top, kind));
    static_cast<void>(read_predefined(file->top(), written_as));
    static_cast<void>(read_form_handlers(file->top(), written_as, "Form"));
  }
  static_cast<void>(read_rights(file->top()));
  return 0;
}
