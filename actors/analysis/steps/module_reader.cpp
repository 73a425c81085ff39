#include "actors/analysis/steps/module_reader.hpp"

#include <cstring>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/metadata/form_container.hpp"
#include "actors/analysis/rules/module_rules.hpp"
#include "actors/analysis/steps/parse_sources.hpp"
#include "actors/analysis/text/content_hash.hpp"
#include "actors/analysis/text/files.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

std::string line_ends_of(std::string_view text) {
  std::size_t pairs = 0;
  std::size_t feeds = 0;
  std::size_t returns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto* feed = std::memchr(text.data() + at, '\n', text.size() - at);
    const auto end = feed == nullptr
                         ? text.size()
                         : static_cast<std::size_t>(static_cast<const char*>(feed) - text.data());
    auto line = text.substr(at, end - at);
    if (feed != nullptr && line.ends_with('\r')) {
      ++pairs;
      line.remove_suffix(1);
    } else {
      feeds += feed != nullptr;
    }
    if (!line.empty() && std::memchr(line.data(), '\r', line.size()) != nullptr) ++returns;
    at = end + 1;
  }
  const auto kinds = (pairs > 0) + (feeds > 0) + (returns > 0);
  if (kinds == 0) return "none";
  if (kinds > 1) return "mixed";
  return pairs > 0 ? "crlf" : feeds > 0 ? "lf" : "cr";
}

}  // namespace

module_read read_bytes(const module_file& file) {
  module_read made;
  auto& entry = made.entry;
  entry.id = file.id;
  entry.owner = file.owner;
  entry.place = file.place;
  entry.module_type = file.module_type;
  entry.path = file.path;
  entry.line_ends = "none";
  auto bytes = read_file(file.file, module_bytes_max);
  if (!bytes) {
    made.problem = bytes.error().text;
    return made;
  }
  made.bytes = std::move(*bytes);
  entry.hash = content_hash(made.bytes);
  if (file.in_form) {
    auto inside = module_of_form(made.bytes);
    if (!inside) {
      made.problem = inside.error().text;
      made.bytes.clear();
      entry.hash = 0;
      return made;
    }
    made.bytes = std::move(*inside);
  }
  entry.bytes = made.bytes.size();
  entry.is_protected = bsl::is_protected_image(made.bytes);
  if (entry.is_protected) {
    made.text_from = made.bytes.size();
    return made;
  }
  if (const auto wrong = invalid_utf8_at(made.bytes); wrong != std::string_view::npos) {
    made.problem = "byte " + std::to_string(wrong) +
                   " is not UTF-8; such bytes are shown as U+FFFD; save the module as UTF-8";
    made.bytes = valid_utf8(made.bytes);
    entry.hash = 0;  // read again next time, so that the problem is told again
  }
  made.text_from = made.bytes.size() - bsl::without_byte_order_mark(made.bytes).size();
  entry.byte_order_mark = made.text_from > 0;
  return made;
}

void parse_bytes(module_read& from) {
  auto& entry = from.entry;
  if (entry.is_protected) return;
  const auto text = from.text();
  entry.line_ends = line_ends_of(text);
  thread_local bsl::token_log log;
  entry.syntax = bsl::parse_module(text, &log);
  entry.shapes = shapes_of(text, entry.syntax, log);
  auto review = look_at_module({entry, text, log});
  entry.findings = std::move(review.findings);
  entry.suppressed = std::move(review.suppressed);
}

}  // namespace artel::analysis
