#include "actors/analysis/rules/suppressions.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "actors/analysis/rules/rule.hpp"
#include "actors/analysis/rules/selection.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

constexpr std::uint32_t last_line = ~0U;
constexpr std::size_t statement_lexemes_max = 4'000;  // a longer one ends there

class reader {
public:
  explicit reader(const module_view& module) : module_(module) {}

  std::vector<module_suppression> read() {
    for (const auto& each : module_.log.comments) {
      auto text = bsl::span{each.offset, each.length}.in(module_.text);
      text.remove_prefix(std::min<std::size_t>(2, text.size()));
      text = trimmed(text);
      if (text.starts_with("BSLLS"))
        language_server(each, text.substr(5));
      else if (text.starts_with("@skip-"))
        skip_check(each, text);
      else if (checker_prefix(text) != 0)
        checker(each, text);
    }
    for (const auto& [rule, since] : open_)
      if (!since.at_code)
        put(rule, since.line, last_line);
      else
        put(rule, since.line, since.line);
    std::sort(made_.begin(), made_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.line_start, a.line_end, a.rule) <
             std::tie(b.line_start, b.line_end, b.rule);
    });
    return std::move(made_);
  }

private:
  static constexpr unsigned switches_per_comment_max = 16;
  struct range {
    std::uint32_t line = 0;
    bool at_code = false;
  };

  void put(std::string_view rule, std::uint32_t from, std::uint32_t to) {
    if (made_.size() < suppressions_per_module_max) made_.push_back({std::string(rule), from, to});
  }

  static std::string_view word(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto point = decode(text, at);
      const bool digit = point.value >= U'0' && point.value <= U'9';
      if (!is_letter(point.value) && !digit && point.value != U'-') break;
      at += point.size;
    }
    return text.substr(0, at);
  }

  /// "Key-off" → Key; empty when no switch is behind it.
  static std::string_view key_of(std::string_view word, bool& off) {
    constexpr std::pair<std::string_view, bool> switches[] = {
        {"-off", true}, {"-выкл", true}, {"-on", false}, {"-вкл", false}};
    for (const auto& [end, value] : switches)
      if (word.size() >= end.size() && same_name(word.substr(word.size() - end.size()), end)) {
        off = value;
        return word.substr(0, word.size() - end.size());
      }
    return {};
  }

  template <class Act>
  static void rules_of(std::string_view key, Act act) {
    for (const auto each : rules_of_key(key)) act(rule_of(each).id);
  }

  void begin(std::string_view rule, std::uint32_t line, bool at_code) {
    open_.emplace(std::string(rule), range{line, at_code});
  }
  void finish(std::string_view rule, std::uint32_t line) {
    const auto found = open_.find(rule);
    if (found == open_.end()) return;
    put(rule, found->second.line, line);
    open_.erase(found);
  }

  // One comment may hold several switches: BSLLS:Key-off BSLLS:Other-off.
  void language_server(const bsl::source_comment& at, std::string_view text) {
    for (unsigned turn = 0; turn < switches_per_comment_max; ++turn) {
      if (!language_server_switch(at, text)) return;
      const auto next = text.find("BSLLS");
      if (next == std::string_view::npos) return;
      text.remove_prefix(next + 5);
    }
  }

  bool language_server_switch(const bsl::source_comment& at, std::string_view text) {
    bool off = false;
    const bool all = !text.starts_with(":");
    if (!all) text = trimmed(text.substr(1));
    const auto said = word(text);
    const auto key = key_of(said, off);
    if (key.data() == nullptr || (key.empty() != all)) return false;
    const auto act = [&](std::string_view rule) {
      if (!at.own_line) {
        if (off) put(rule, at.line, at.line);
      } else if (off) {
        begin(rule, at.line, false);
      } else {
        finish(rule, at.line);
      }
    };
    if (all)
      act({});
    else
      rules_of(key, act);
    return true;
  }

  static std::size_t checker_prefix(std::string_view text) {
    for (const std::string_view each : {"АПК:", "ACC:", "АПК :"})
      if (text.starts_with(each)) return each.size();
    return 0;
  }

  // Behind code it holds on to its counterpart, as within brackets; without one for its line only.
  void checker(const bsl::source_comment& at, std::string_view text) {
    while (const auto size = checker_prefix(text)) {
      text = trimmed(text.substr(size));
      const auto said = word(text);
      bool off = false;
      const auto key = key_of(said, off);
      // An Except block is explained inside of it, in the line behind its keyword.
      const auto from = at.own_line && at.line > 1 ? at.line - 1 : at.line;
      // A bare number explains its own line, or the next one.
      if (key.data() == nullptr) {
        const auto line = at.own_line ? at.line + 1 : at.line;
        rules_of(said, [&](std::string_view rule) { put(rule, line, line); });
      }
      if (key.data() != nullptr)
        rules_of(key, [&](std::string_view rule) {
          if (off)
            begin(rule, from, !at.own_line);
          else
            finish(rule, at.line);
        });
      text = trimmed(text.substr(said.size()));
      while (text.starts_with(",") || text.starts_with(";")) text = trimmed(text.substr(1));
    }
  }

  void skip_check(const bsl::source_comment& at, std::string_view text) {
    const auto lines = skipped_lines(at);
    const auto command = word(text.substr(1));
    if (command == "skip-warning") return put({}, lines.first, lines.second);
    if (command != "skip-check") return;
    text = trimmed(text.substr(1 + command.size()));
    for (;;) {
      const auto id = word(text);
      if (id.empty()) return;
      rules_of(id, [&](std::string_view rule) { put(rule, lines.first, lines.second); });
      text = trimmed(text.substr(id.size()));
      if (!text.starts_with(",")) return;
      text = trimmed(text.substr(1));
    }
  }

  /// The lines that a comment of EDT is about.
  std::pair<std::uint32_t, std::uint32_t> skipped_lines(const bsl::source_comment& at) const {
    if (!at.own_line) return {at.line, at.line};
    const auto& tokens = module_.log.tokens;
    auto next = std::upper_bound(
        tokens.begin(), tokens.end(), at.offset,
        [](std::uint32_t offset, const bsl::token& each) { return offset < each.offset; });
    if (next == tokens.end()) return {at.line, at.line};
    const auto& methods = module_.entry.syntax.methods;
    const auto method = std::lower_bound(methods.begin(), methods.end(), next->offset,
                                         [](const bsl::method& each, std::uint32_t from) {
                                           return each.whole.offset + each.whole.length <= from;
                                         });
    if (method != methods.end() && next->offset < method->body.offset)
      return {at.line, method->line_end};
    const auto from = next->line;
    std::size_t walked = 0;
    while (++walked < statement_lexemes_max && next + 1 != tokens.end() &&
           next->what != lexeme::semicolon && next->what != lexeme::then &&
           next->what != lexeme::do_)
      ++next;
    return {from, std::max(from, next->line_end)};
  }

  const module_view& module_;
  std::map<std::string, range, std::less<>> open_;
  std::vector<module_suppression> made_;
};

}  // namespace

std::vector<module_suppression> find_suppressions(const module_view& module) {
  return reader(module).read();
}

}  // namespace artel::analysis
