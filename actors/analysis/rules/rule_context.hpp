// What the families of rules are given, and the families: each looks at one method (or at the
// module's own statements) or at the module as a whole, and adds what it finds.
#pragma once

#include <span>
#include <string>

#include "actors/analysis/rules/module_rules.hpp"
#include "actors/analysis/rules/outline.hpp"
#include "actors/analysis/rules/rule.hpp"

namespace artel::analysis {

inline constexpr std::size_t detail_bytes_max = 400;

struct rule_context {
  const module_view& module;
  const outline& code;
  std::vector<module_finding>& findings;
  std::uint32_t number = no_method;     ///< of the method
  const bsl::method* method = nullptr;  ///< none for the module's own statements
  std::uint32_t head = 0;               ///< first lexeme of the signature
  std::uint32_t from = 0;               ///< lexemes of the body
  std::uint32_t to = 0;
  const std::vector<bool>* own_words = nullptr;  ///< by `word`: the module has such a method
  bool called_here = false;                      ///< by another method of its module
  bool named_in_text = false;                    ///< a literal of the module is this method's name

  void add(rule_id which, bsl::span where, std::uint32_t line, std::uint32_t line_end,
           std::string_view detail = {}) const;
  /// From one lexeme to another, both included.
  void add(rule_id which, std::uint32_t first, std::uint32_t last,
           std::string_view detail = {}) const;
  /// At the method's name.
  void add_at_name(rule_id which, std::string_view detail) const;
  void add_number(rule_id which, std::uint64_t value) const {
    add_at_name(which, std::to_string(value));
  }
  std::span<const bsl::parameter> parameters() const {
    return module.entry.syntax.parameters_of(*method);
  }
  std::span<const bsl::annotation> annotations() const {
    return module.entry.syntax.annotations_of(*method);
  }
  std::string_view name() const { return method->name.in(module.text); }
  bool own(word which) const {
    return own_words != nullptr && (*own_words)[static_cast<std::size_t>(which)];
  }
  bool is(std::string_view module_type) const { return module.entry.module_type == module_type; }
  bool has_directive(std::string_view ru, std::string_view en) const;
  /// The method has a directive or stands in a module that say it runs on the client.
  bool on_client() const;
};

// One method.
void signature_rules(const rule_context& in);
void documentation_rules(const rule_context& in);
void block_rules(const rule_context& in);
void flow_rules(const rule_context& in);
void transaction_rules(const rule_context& in);
void expression_rules(const rule_context& in);
void name_rules(const rule_context& in);
void call_rules(const rule_context& in);
void text_rules(const rule_context& in);
void query_rules(const rule_context& in);

// The module.
void layout_rules(const rule_context& in);
void spelling_rules(const rule_context& in);
void comment_rules(const rule_context& in);

/// The text of a literal between its quotes.
inline std::string_view unquoted(std::string_view literal) {
  if (literal.size() < 2) return {};
  return literal.substr(1, literal.size() - (literal.ends_with(literal.front()) ? 2 : 1));
}

}  // namespace artel::analysis
