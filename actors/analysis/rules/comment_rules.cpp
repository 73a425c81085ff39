// Comments that are code: a line of prose rarely ends in a semicolon and parses without errors.
#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t line_bytes_max = 1000;

bool is_code(std::string_view content) {
  if (!content.ends_with(';') || content.size() > line_bytes_max ||
      content.find_first_of("=(") == std::string_view::npos)
    return false;
  const auto parsed = bsl::parse_module(content);
  return parsed.errors.empty() && parsed.body.metrics.statements > 0;
}

}  // namespace

// Examples in documentation are meant to be code; of a block only its first line of code counts.
void comment_rules(const rule_context& in) {
  const auto& methods = in.module.entry.syntax.methods;
  std::size_t method = 0;
  bool in_block = false;
  std::uint32_t line = 0;
  for (const auto& each : in.module.log.comments) {
    while (method < methods.size() &&
           (methods[method].doc.empty() ||
            methods[method].doc.offset + methods[method].doc.length <= each.offset))
      ++method;
    const bool documents = method < methods.size() && methods[method].doc.offset <= each.offset;
    in_block = in_block && each.line == line + 1;
    line = each.line;
    if (!each.own_line || documents || in_block) continue;
    const bsl::span where{each.offset, each.length};
    if (!is_code(trimmed(where.in(in.module.text).substr(2)))) continue;
    in.add(rule_id::commented_code, where, each.line, each.line);
    in_block = true;
  }
}

}  // namespace artel::analysis
