#include "actors/analysis/snapshot_frames.hpp"

#include <algorithm>

#include "actors/analysis/text/content_hash.hpp"

namespace artel::analysis::snapshot_format {
namespace {

using bsl::span;

bool inside(const span& each, std::uint64_t size) {
  return std::uint64_t{each.offset} + each.length <= size;
}

template <class T>
bool inside(const bsl::range& each, const std::vector<T>& array) {
  return std::uint64_t{each.first} + each.count <= array.size();
}

// A bool that came from a file may hold any byte, and must not be looked at before this.
bool is_bool(const bool& value) { return reinterpret_cast<const unsigned char&>(value) <= 1; }

bool fits(const bsl::method& method, std::uint64_t size, const bsl::module_syntax& in) {
  return inside(method.name, size) && inside(method.whole, size) &&
         inside(method.signature, size) && inside(method.body, size) && inside(method.doc, size) &&
         is_bool(method.exported) && is_bool(method.async) && method.region <= in.regions.size() &&
         method.kind <= bsl::method_kind::module_body && inside(method.parameters, in.parameters) &&
         inside(method.annotations, in.annotations) && inside(method.calls, in.calls) &&
         inside(method.queries, in.queries) && inside(method.references, in.references);
}

template <class T, class Fits>
bool all_of(const std::vector<T>& array, Fits fit) {
  return std::all_of(array.begin(), array.end(), fit);
}

}  // namespace

void seal(std::string& bytes, std::uint8_t which) {
  const std::string_view payload = std::string_view(bytes).substr(frame_head);
  const std::uint64_t size = payload.size();
  const auto hash = content_hash(payload);
  bytes[0] = static_cast<char>(which);
  std::memcpy(bytes.data() + 1, &size, sizeof size);
  std::memcpy(bytes.data() + 1 + sizeof size, &hash, sizeof hash);
}

bool frame_reader::next(std::uint8_t& which, std::string_view& payload) {
  if (rest_.size() < frame_head) return false;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
  which = static_cast<std::uint8_t>(rest_[0]);
  std::memcpy(&size, rest_.data() + 1, sizeof size);
  std::memcpy(&hash, rest_.data() + 1 + sizeof size, sizeof hash);
  if (size > rest_.size() - frame_head) return false;
  payload = rest_.substr(frame_head, size);
  rest_.remove_prefix(frame_head + size);
  return content_hash(payload) == hash;
}

bool fits(const module_entry& entry, std::uint64_t texts) {
  if (entry.text_offset > texts || entry.text_size > texts - entry.text_offset) return false;
  const auto& syntax = entry.syntax;
  const auto size = entry.text_size;
  const auto in = [size](const span& each) { return inside(each, size); };
  const auto methods = syntax.methods.size();
  return fits(syntax.body, size, syntax) && entry.shapes.shapes.size() == methods &&
         all_of(syntax.methods, [&](const auto& each) { return fits(each, size, syntax); }) &&
         all_of(syntax.parameters,
                [&](const auto& e) {
                  return is_bool(e.by_value) && in(e.name) && in(e.default_value);
                }) &&
         all_of(syntax.annotations, [&](const auto& e) { return in(e.name) && in(e.argument); }) &&
         all_of(
             syntax.calls,
             [&](const auto& e) { return is_bool(e.dynamic) && in(e.qualifier) && in(e.name); }) &&
         all_of(syntax.queries, [&](const auto& e) { return in(e.literal); }) &&
         all_of(syntax.references,
                [&](const auto& e) {
                  return in(e.collection) && in(e.name) && e.via <= bsl::reference_via::dynamic;
                }) &&
         all_of(
             syntax.variables,
             [&](const auto& e) { return is_bool(e.exported) && in(e.name) && in(e.directive); }) &&
         all_of(syntax.regions,
                [&](const auto& e) { return in(e.name) && e.parent <= syntax.regions.size(); }) &&
         all_of(entry.shapes.marks, [&](const auto& e) { return e.method < methods; }) &&
         all_of(entry.findings, [&](const auto& e) {
           return in(e.where) && (e.method == no_method || e.method < methods);
         });
}

}  // namespace artel::analysis::snapshot_format
