#include "actors/analysis/rules/findings.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "actors/analysis/rules/cross_rules.hpp"
#include "actors/analysis/text/sha256.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

constexpr std::size_t line_bytes_max = 4096;  // of a line's text in a fingerprint

std::size_t start_of_line(std::string_view text, std::size_t at) {
  const auto end = text.substr(0, at).find_last_of("\r\n");
  return end == std::string_view::npos ? 0 : end + 1;
}

/// Columns of places in one module. It remembers the place before: many findings in one endless
/// line must not walk it from its beginning each time.
class column_counter {
public:
  explicit column_counter(std::string_view text) : text_(text) {}

  /// Where the line begins that has the place in it.
  std::size_t line_start(std::uint32_t line, std::size_t at) {
    if (line != line_) {
      line_ = line;
      start_ = at_ = start_of_line(text_, at);
      column_ = 1;
    }
    return start_;
  }
  std::uint32_t column(std::uint32_t line, std::size_t at) {
    line_start(line, at);
    if (at < at_) at_ = start_, column_ = 1;
    column_ += static_cast<std::uint32_t>(code_points(text_.substr(at_, at - at_)));
    at_ = at;
    return column_;
  }

private:
  std::string_view text_;
  std::uint32_t line_ = 0;
  std::size_t start_ = 0;
  std::size_t at_ = 0;
  std::uint32_t column_ = 1;
};

/// The line without what people change in passing: blanks, and the case of letters.
std::string normalised_line(std::string_view text, std::size_t start) {
  auto line = text.substr(start, line_bytes_max);
  line = trimmed(line.substr(0, line_end_at(line, 0)));
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
    column_counter columns(index_.text(entry));
    for (auto& each : found_) place(entry, each, columns);
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

  void place(const module_entry& entry, finding& each, column_counter& columns) {
    const auto text = index_.text(entry);
    const auto start = columns.line_start(each.line_start, each.where.offset);
    if (!each.where.empty()) {
      each.column_start = columns.column(each.line_start, each.where.offset);
      const std::size_t end = each.where.offset + each.where.length;
      each.column_end = each.line_end == each.line_start
                            ? columns.column(each.line_start, end)
                            : static_cast<std::uint32_t>(
                                  code_points(text.substr(start_of_line(text, end),
                                                          end - start_of_line(text, end))) +
                                  1);
    }
    const auto where =
        each.method == no_method ? entry.id : index_.method_id({each.module, each.method});
    auto key =
        std::string(rule_of(each.which).id) + "|" + where + "|" + normalised_line(text, start);
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

void leave_out_vendor(std::vector<finding>& findings, const model_index& index) {
  std::vector<bool> locked;
  for (const auto& each : index.contents().modules)
    locked.push_back(index.support_of(each) == "locked");
  std::erase_if(findings, [&](const finding& each) { return locked[each.module]; });
}

}  // namespace artel::analysis
