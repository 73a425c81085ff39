#include "actors/analysis/rules/findings.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "actors/analysis/bsl/parser.hpp"
#include "actors/analysis/rules/cross_rules.hpp"
#include "actors/analysis/text/sha256.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t line_bytes_max = 4096;  // of a line's text in a fingerprint

std::size_t line_start(std::string_view text, std::size_t at) {
  const auto from = at;
  while (at > 0 && from - at < bsl::column_bytes_max && text[at - 1] != '\n' &&
         text[at - 1] != '\r')
    --at;
  return at;
}

std::uint32_t column(std::string_view text, std::size_t at) {
  const auto start = line_start(text, at);
  return static_cast<std::uint32_t>(code_points(text.substr(start, at - start)) + 1);
}

/// The line without what people change in passing: blanks, and the case of letters.
std::string normalised_line(std::string_view text, std::size_t at) {
  const auto start = line_start(text, std::min(at, text.size()));
  const auto end = std::min(text.find_first_of("\r\n", start), text.size());
  const auto line = trimmed(text.substr(start, std::min(end - start, line_bytes_max)));
  std::string made;
  for (std::size_t i = 0; i < line.size();) {
    const auto point = decode(line, i);
    if (!is_blank(point.value)) made += line.substr(i, point.size);
    i += point.size;
  }
  return fold(made);
}

/// Findings of one module after the other.
class collector {
public:
  collector(const model_index& index, const rule_selection& rules)
      : index_(index), rules_(rules), cross_(index) {}

  void collect(std::uint32_t module, std::vector<finding>& to) {
    found_.clear();
    const auto& entry = index_.contents().modules[module];
    for (const auto& each : entry.findings) of_module(module, each);
    cross_.look(module, found_);
    std::erase_if(found_, [&](const finding& each) {
      return !rules_.has(each.which) || is_suppressed(entry, each);
    });
    std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.line_start, a.which, a.where.offset) <
             std::tie(b.line_start, b.which, b.where.offset);
    });
    for (auto& each : found_) place(entry, each);
    std::move(found_.begin(), found_.end(), std::back_inserter(to));
  }

private:
  void of_module(std::uint32_t module, const module_finding& each) {
    if (each.rule >= rule_count) return;
    const auto which = static_cast<rule_id>(each.rule);
    if (which == rule_id::unused_local_method && cross_.is_handler(module, each.method)) return;
    finding made{which, module, each.method, each.where, each.line_start, each.line_end};
    made.detail = each.detail;
    found_.push_back(std::move(made));
  }

  static bool is_suppressed(const module_entry& entry, const finding& each) {
    const auto id = rule_of(each.which).id;
    for (const auto& range : entry.suppressed) {
      if (range.line_start > each.line_start) return false;
      if (each.line_start <= range.line_end && (range.rule.empty() || range.rule == id))
        return true;
    }
    return false;
  }

  void place(const module_entry& entry, finding& each) {
    const auto text = index_.text(entry);
    if (!each.where.empty()) {
      each.column_start = column(text, each.where.offset);
      each.column_end = column(text, each.where.offset + each.where.length);
    }
    const auto where =
        each.method == no_method ? entry.id : index_.method_id({each.module, each.method});
    auto key = std::string(rule_of(each.which).id) + "|" + where + "|" +
               normalised_line(text, each.where.offset);
    const auto turn = ++turns_[key];
    each.fingerprint = sha256_hex(key + "|" + std::to_string(turn)).substr(0, 32);
  }

  const model_index& index_;
  const rule_selection& rules_;
  cross_rules cross_;
  std::vector<finding> found_;
  std::map<std::string, unsigned> turns_;
};

}  // namespace

std::vector<finding> find_all(const model_index& index, const rule_selection& rules,
                              const std::function<bool(std::uint32_t)>& go_on) {
  std::vector<finding> found;
  collector look(index, rules);
  for (std::uint32_t i = 0; i < index.contents().modules.size() && go_on(i); ++i)
    look.collect(i, found);
  return found;
}

}  // namespace artel::analysis
