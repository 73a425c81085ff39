#include "actors/analysis/rules/module_rules.hpp"

#include <algorithm>
#include <tuple>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/rules/suppressions.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

constexpr std::size_t lexemes_kept = 1U << 20U;  // memory of larger modules is given back
constexpr std::size_t method_name_bytes_max = 400;

/// Which methods of a module its own code calls, and which its literals name.
class method_uses {
public:
  explicit method_uses(const module_view& module) : module_(module) {
    const auto& methods = module.entry.syntax.methods;
    // Names made to collide would turn look-ups into walks; then every method counts as used.
    std::size_t size = 64;
    while (size < methods.size() * 2) size *= 2;
    slots_.assign(size, no_method);
    for (std::uint32_t i = 0; i < methods.size(); ++i) {
      const auto hash = name_hash(methods[i].name.in(module.text));
      hashes_.push_back(hash);
      auto at = hash % size;
      for (std::size_t steps = 0; slots_[at] != no_method && steps < probes_max; ++steps)
        at = (at + 1) % size;
      crowded_ |= slots_[at] != no_method;
      if (slots_[at] == no_method) slots_[at] = i;
    }
    called_.resize(methods.size());
    named_.resize(methods.size());
  }

  void called(std::string_view name, std::uint32_t hash, std::uint32_t by) {
    if (const auto found = find(name, hash); found != no_method && found != by)
      called_[found] = true;
  }
  void named(std::string_view literal) {
    if (literal.size() > method_name_bytes_max) return;
    auto inside = unquoted(literal);
    if (const auto dot = inside.rfind('.'); dot != std::string_view::npos)
      inside.remove_prefix(dot + 1);
    if (inside.empty()) return;
    if (const auto found = find(inside, name_hash(inside)); found != no_method)
      named_[found] = true;
  }
  bool is_called(std::uint32_t method) const { return crowded_ || called_[method]; }
  bool is_named(std::uint32_t method) const { return crowded_ || named_[method]; }

private:
  static constexpr std::size_t probes_max = 256;

  std::uint32_t find(std::string_view name, std::uint32_t hash) const {
    auto at = hash % slots_.size();
    for (std::size_t steps = 0; slots_[at] != no_method && steps < probes_max; ++steps) {
      const auto number = slots_[at];
      if (hashes_[number] == hash &&
          same_name(module_.entry.syntax.methods[number].name.in(module_.text), name))
        return number;
      at = (at + 1) % slots_.size();
    }
    return no_method;
  }

  const module_view& module_;
  std::vector<std::uint32_t> slots_;   ///< numbers of methods by the hash of their names
  std::vector<std::uint32_t> hashes_;  ///< by number
  bool crowded_ = false;
  std::vector<bool> called_, named_;
};

/// One module, from its lexemes to its findings.
class review {
public:
  review(const module_view& module, outline& code)
      : module_(module), code_(code), uses_(module), own_words_(256) {
    for (const auto& each : module.entry.syntax.methods) {
      const auto name = each.name.in(module.text);
      own_words_[static_cast<std::size_t>(find_word(name, name_hash(name)))] = true;
    }
  }

  std::vector<module_finding> run() {
    code_.read(module_.text, module_.log.tokens);
    const rule_context whole{module_, code_, findings_};
    layout_rules(whole);
    spelling_rules(whole);
    comment_rules(whole);
    // What is said of a method must be true of all of it.
    if (!module_.log.cut) {
      find_uses();
      methods();
      unused_methods();
    }
    order();
    return std::move(findings_);
  }

private:
  static std::uint32_t at_offset(const std::vector<bsl::token>& tokens, std::uint32_t offset) {
    const auto found =
        std::lower_bound(tokens.begin(), tokens.end(), offset,
                         [](const bsl::token& each, std::uint32_t to) { return each.offset < to; });
    return static_cast<std::uint32_t>(found - tokens.begin());
  }

  void find_uses() {
    const auto& methods = module_.entry.syntax.methods;
    std::uint32_t method = 0;
    for (std::uint32_t i = 0; i < code_.size(); ++i) {
      const auto& token = code_.token(i);
      while (method < methods.size() &&
             methods[method].body.offset + methods[method].body.length <= token.offset)
        ++method;
      if (token.what == lexeme::string) {
        uses_.named(code_.word_text(i));
      } else if (token.what == lexeme::name && code_.is_call(i)) {
        const bool inside = method < methods.size() && methods[method].body.offset <= token.offset;
        const bool declared = i > 0 && (code_.what(i - 1) == lexeme::procedure ||
                                        code_.what(i - 1) == lexeme::function);
        if (!declared) uses_.called(code_.word_text(i), code_.hash(i), inside ? method : no_method);
      }
    }
  }

  void methods() {
    const auto& methods = module_.entry.syntax.methods;
    const auto& tokens = module_.log.tokens;
    std::uint32_t before = 0;
    for (std::uint32_t m = 0; m < methods.size(); ++m) {
      const auto& each = methods[m];
      rule_context in{module_, code_, findings_, m, &each};
      in.head = at_offset(tokens, each.signature.offset);
      in.from = at_offset(tokens, each.body.offset);
      in.to = at_offset(tokens, each.body.offset + each.body.length);
      in.own_words = &own_words_;
      in.called_here = uses_.is_called(m);
      in.named_in_text = uses_.is_named(m);
      if (in.head < before || in.from < in.head || in.to < in.from) continue;
      before = in.to;
      one_body(in);
      signature_rules(in);
      documentation_rules(in);
      if (findings_.size() > findings_per_module_max) return;
    }
    // The module's own statements stand behind its last method.
    if (before < code_.size() && code_.what(before) >= lexeme::end_procedure &&
        code_.what(before) <= lexeme::end_function)
      ++before;
    rule_context body{module_, code_, findings_};
    body.own_words = &own_words_;
    body.from = before;
    body.to = code_.size();
    if (module_.entry.syntax.body.metrics.statements > 0) one_body(body);
  }

  void one_body(const rule_context& in) {
    code_.read_method(in.from, in.to);
    if (code_.balanced()) {
      block_rules(in);
      flow_rules(in);
      transaction_rules(in);
    }
    expression_rules(in);
    name_rules(in);
    call_rules(in);
    text_rules(in);
    query_rules(in);
  }

  // Handlers are bound by metadata, which only the rules over all modules see: they take back what
  // is one.
  void unused_methods() {
    const auto& methods = module_.entry.syntax.methods;
    for (std::uint32_t m = 0; m < methods.size(); ++m) {
      const auto notes = module_.entry.syntax.annotations_of(methods[m]);
      const bool extends = std::any_of(notes.begin(), notes.end(),
                                       [](const auto& each) { return !each.argument.empty(); });
      if (methods[m].exported || extends || uses_.is_called(m) || uses_.is_named(m)) continue;
      const rule_context in{module_, code_, findings_, m, &methods[m]};
      in.add_at_name(rule_id::unused_local_method, in.name());
    }
  }

  void order() {
    std::stable_sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.line_start, a.where.offset, a.rule) <
             std::tie(b.line_start, b.where.offset, b.rule);
    });
    if (findings_.size() > findings_per_module_max) findings_.resize(findings_per_module_max);
  }

  const module_view& module_;
  outline& code_;
  method_uses uses_;
  std::vector<bool> own_words_;
  std::vector<module_finding> findings_;
};

}  // namespace

void rule_context::add(rule_id which, bsl::span where, std::uint32_t line, std::uint32_t line_end,
                       std::string_view detail) const {
  if (findings.size() > findings_per_module_max) return;
  auto size = std::min(detail.size(), detail_bytes_max);
  while (size > 0 && size < detail.size() &&
         (static_cast<unsigned char>(detail[size]) & 0xC0U) == 0x80U)
    --size;
  auto shown = std::string(detail.substr(0, size));
  if (size < detail.size()) shown += "…";
  findings.push_back(
      {static_cast<std::uint16_t>(which), number, where, line, line_end, std::move(shown)});
}

void rule_context::add(rule_id which, std::uint32_t first, std::uint32_t last,
                       std::string_view detail) const {
  const auto& from_token = code.token(first);
  const auto& to_token = code.token(last);
  add(which, {from_token.offset, to_token.end() - from_token.offset}, from_token.line,
      to_token.line_end, detail);
}

void rule_context::add_at_name(rule_id which, std::string_view detail) const {
  const auto where = method->name.empty() ? method->signature : method->name;
  add(which, where, method->line_start, method->line_start, detail);
}

bool rule_context::has_directive(std::string_view ru, std::string_view en) const {
  if (method == nullptr) return false;
  const auto notes = annotations();
  return std::any_of(notes.begin(), notes.end(), [&](const auto& each) {
    const auto text = each.name.in(module.text);
    return same_name(text, ru) || same_name(text, en);
  });
}

bool rule_context::on_client() const { return has_directive("НаКлиенте", "AtClient"); }

module_review look_at_module(const module_view& from) {
  thread_local outline code;
  module_review made;
  made.findings = review(from, code).run();
  made.suppressed = find_suppressions(from);
  if (from.log.tokens.size() > lexemes_kept) code = {};
  return made;
}

}  // namespace artel::analysis
