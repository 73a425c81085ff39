// What the parser finds in one module. Everything that is text is a span into the module's text,
// and what belongs to a method is a range of the module's arrays, so a parsed module is a few
// arrays of plain numbers: they are published as they lie in memory and read back the same way.
// Whoever wants words asks the text.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "messages/fields.hpp"

namespace artel::analysis::bsl {

/// Bytes [offset, offset + length) of the module's text (without its byte order mark).
struct span {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  bool empty() const { return length == 0; }
  std::string_view in(std::string_view text) const { return text.substr(offset, length); }
  ARTEL_FIELDS(span, offset, length);
};

/// Makes the bytes between numbers part of the value, so that what is published is always the same.
template <std::size_t Bytes>
using padding = std::array<std::uint8_t, Bytes>;

/// Elements [first, first + count) of one of the module's arrays.
struct range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool empty() const { return count == 0; }
  std::uint32_t size() const { return count; }
  ARTEL_FIELDS(range, first, count);
};

enum class method_kind : std::uint8_t { procedure = 0, function = 1, module_body = 2 };
constexpr method_kind enum_max(method_kind) { return method_kind::module_body; }

struct parameter {
  span name;
  span default_value;  ///< empty when there is none
  bool by_value = false;
  padding<3> unused = {};
  ARTEL_FIELDS(parameter, name, default_value, by_value);
};

/// `&Name` or `&Name("Argument")`: compilation directives, extension annotations, free annotations.
struct annotation {
  span name;
  span argument;  ///< what stands between the parentheses
  ARTEL_FIELDS(annotation, name, argument);
};

/// A call site `name(`, `qualifier.name(`. The qualifier may have dots itself (`Catalogs.Goods`).
struct call {
  span qualifier;
  span name;
  std::uint32_t line = 0;
  std::uint8_t loops = 0;  ///< loops around it, inside its method
  bool dynamic = false;    ///< the qualifier is the text given to CommonModule("…")
  padding<2> unused = {};
  ARTEL_FIELDS(call, qualifier, name, line, loops, dynamic);
};

/// How a piece of metadata is named in code.
enum class reference_via : std::uint8_t { code = 0, query = 1, text = 2, dynamic = 3 };
constexpr reference_via enum_max(reference_via) { return reference_via::dynamic; }

/// `Catalogs.Goods` in code, `Catalog.Goods` in a query, "CatalogRef.Goods" in a text,
/// CommonModule("Goods").
struct reference {
  span collection;  ///< the word before the dot; empty for a dynamic module
  span name;
  std::uint32_t line = 0;
  reference_via via = reference_via::code;
  padding<3> unused = {};
  ARTEL_FIELDS(reference, collection, name, line, via);
};

/// A string literal that holds query text.
struct query_text {
  span literal;  ///< with its quotes
  std::uint32_t line = 0;
  std::uint8_t loops = 0;
  padding<3> unused = {};
  ARTEL_FIELDS(query_text, literal, line, loops);
};

struct complexity {
  std::uint32_t cyclomatic = 1;
  std::uint32_t cognitive = 0;
  std::uint32_t statements = 0;
  std::uint32_t max_nesting = 0;
  std::uint32_t tries = 0;
  std::uint32_t empty_excepts = 0;
  ARTEL_FIELDS(complexity, cyclomatic, cognitive, statements, max_nesting, tries, empty_excepts);
};

struct method {
  span name;
  span whole;      ///< from the first annotation to the end keyword
  span signature;  ///< from the keyword to `)` or `Export`
  span body;       ///< between signature and end keyword
  span doc;        ///< contiguous `//` lines above; empty when there are none
  std::uint32_t line_start = 0;
  std::uint32_t signature_line_end = 0;
  std::uint32_t line_end = 0;
  std::uint32_t region = 0;  ///< 1-based index into regions, 0 outside of all
  method_kind kind = method_kind::procedure;
  bool exported = false;
  bool async = false;
  padding<1> unused = {};
  range parameters;
  range annotations;
  complexity metrics;
  range calls;
  range queries;
  range references;
  ARTEL_FIELDS(method, name, whole, signature, body, doc, line_start, signature_line_end, line_end,
               region, kind, exported, async, parameters, annotations, metrics, calls, queries,
               references);
};

struct variable {
  span name;
  std::uint32_t line = 0;
  span directive;
  bool exported = false;
  padding<3> unused = {};
  ARTEL_FIELDS(variable, name, line, directive, exported);
};

struct region {
  span name;
  std::uint32_t line_start = 0;
  std::uint32_t line_end = 0;  ///< 0 when it is never closed
  std::uint32_t parent = 0;    ///< 1-based, 0 for none
  ARTEL_FIELDS(region, name, line_start, line_end, parent);
};

struct syntax_error {
  std::uint32_t line = 0;
  std::uint32_t column = 0;  ///< in characters, from 1
  std::string message;
  ARTEL_FIELDS(syntax_error, line, column, message);
};

/// What the lexer counts on its way.
struct text_counts {
  std::uint32_t lines = 0;
  std::uint32_t code_lines = 0;
  std::uint32_t comment_lines = 0;
  std::uint32_t strings = 0;
  std::uint32_t multiline_strings = 0;
  std::uint32_t query_strings = 0;
  std::uint32_t dates = 0;
  std::uint32_t region_ends = 0;
  std::uint32_t preprocessor_if = 0;
  std::uint32_t preprocessor_elsif = 0;
  std::uint32_t preprocessor_else = 0;
  std::uint32_t deleted_blocks = 0;
  ARTEL_FIELDS(text_counts, lines, code_lines, comment_lines, strings, multiline_strings,
               query_strings, dates, region_ends, preprocessor_if, preprocessor_elsif,
               preprocessor_else, deleted_blocks);
};

struct module_syntax {
  text_counts counts;
  std::vector<method> methods;
  std::vector<parameter> parameters;
  std::vector<annotation> annotations;
  std::vector<call> calls;
  std::vector<query_text> queries;
  std::vector<reference> references;
  std::vector<variable> variables;
  std::vector<region> regions;
  std::vector<syntax_error> errors;
  std::uint32_t errors_left_out = 0;  ///< beyond the limit of recorded ones
  method body;                        ///< statements outside of methods; kind module_body

  std::span<const parameter> parameters_of(const method& of) const {
    return part(parameters, of.parameters);
  }
  std::span<const annotation> annotations_of(const method& of) const {
    return part(annotations, of.annotations);
  }
  std::span<const call> calls_of(const method& of) const { return part(calls, of.calls); }
  std::span<const query_text> queries_of(const method& of) const {
    return part(queries, of.queries);
  }
  std::span<const reference> references_of(const method& of) const {
    return part(references, of.references);
  }

  /// What is not an array of plain numbers; those are visited by `each_array`.
  ARTEL_FIELDS(module_syntax, counts, errors, errors_left_out, body);

private:
  template <class T>
  static std::span<const T> part(const std::vector<T>& all, const range& of) {
    return std::span<const T>(all).subspan(of.first, of.count);
  }
};

/// Calls visit(array) for every array of plain numbers, in the order in which they are published.
template <class Syntax, class Visit>
void each_array(Syntax& of, Visit&& visit) {
  visit(of.methods), visit(of.parameters), visit(of.annotations), visit(of.calls);
  visit(of.queries), visit(of.references), visit(of.variables), visit(of.regions);
}

}  // namespace artel::analysis::bsl
