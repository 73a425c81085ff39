// Any bytes to the BSL parser and to the rules of single modules: they must end, and every span
// must lie inside of the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/rules/module_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace artel::analysis::bsl;
  const auto text = without_byte_order_mark({reinterpret_cast<const char*>(data), size});
  token_log log;
  artel::analysis::module_entry entry;
  constexpr const char* types[] = {"CommonModule", "FormModule", "ObjectModule"};
  entry.module_type = types[size % 3];
  entry.line_ends = size % 2 == 0 ? "lf" : "mixed";
  entry.syntax = parse_module(text, &log);
  const auto& found = entry.syntax;
  const auto check = [&](const span& each) {
    if (std::uint64_t{each.offset} + each.length > text.size()) std::abort();
  };
  for (const auto& method : found.methods) {
    for (const auto& each : {method.name, method.whole, method.signature, method.body, method.doc})
      check(each);
    for (const auto& each : found.parameters_of(method))
      check(each.name), check(each.default_value);
    for (const auto& each : found.calls_of(method)) check(each.qualifier), check(each.name);
    for (const auto& each : found.references_of(method)) check(each.collection), check(each.name);
  }
  for (const auto& each : artel::analysis::look_at_module({entry, text, log}).findings) {
    check(each.where);
    if (each.method != artel::analysis::no_method && each.method >= found.methods.size())
      std::abort();
  }
  return 0;
}
