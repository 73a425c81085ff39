#include "actors/core/alert_book.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace artel::core {
namespace {

constexpr std::size_t summary_bytes_max = 2'000;

std::string number_text(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4g%s", value, unit);
  return text;
}

std::string span_text(std::int64_t ms) {
  if (ms < 10'000) return std::to_string(ms) + " ms";
  if (ms < 600'000) return std::to_string(ms / 1'000) + " s";
  return ms < 36'000'000 ? std::to_string(ms / 60'000) + " min"
                         : std::to_string(ms / 3'600'000) + " h";
}

double weight_of(const line_match& what, const log_line& line) {
  if (what.sum.empty()) return 1;
  const auto text = field_of(line, what.sum);
  const auto number = std::strtod(text.c_str(), nullptr);
  return std::isfinite(number) ? number : 0;
}

double quantile_of(std::deque<double> values, double quantile) {
  std::sort(values.begin(), values.end());
  const auto at = quantile * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (at - static_cast<double>(below));
}

}  // namespace

std::string fill_summary(const alert_rule& rule, const label_map& fields,
                         const std::string& value) {
  std::string made;
  const auto& text = rule.summary.empty() ? rule.name + ": {value}" : rule.summary;
  for (std::size_t at = 0; at < text.size() && made.size() < summary_bytes_max;) {
    const auto end = text[at] == '{' ? text.find('}', at) : text.npos;
    if (end == text.npos) {
      made += text[at++];
      continue;
    }
    const auto name = text.substr(at + 1, end - at - 1);
    const auto found = fields.find(name);
    made += name == "value"         ? value
            : name == "rule"        ? rule.name
            : found != fields.end() ? found->second
                                    : "";
    at = end + 1;
  }
  return made;
}

void alert_book::set_rules(std::vector<alert_rule> rules, std::int64_t now_ms) {
  std::map<std::string, watched> kept;
  for (const auto& rule : rules) {
    const auto same = std::find(rules_.begin(), rules_.end(), rule);
    kept[rule.name] = same == rules_.end() ? watched{now_ms, {}} : std::move(watched_[rule.name]);
    if (rule.by.empty()) kept[rule.name].groups[{}];
  }
  rules_ = std::move(rules);
  watched_ = std::move(kept);
}

alert_book::group* alert_book::group_of(const alert_rule& rule, watched& of, const log_line& line) {
  std::vector<std::string> key;
  for (const auto& name : rule.by) key.push_back(field_of(line, name));
  const auto known = of.groups.find(key);
  if (known != of.groups.end()) return &known->second;
  if (of.groups.size() >= alerts_of_rule_max) return nullptr;
  auto& made = of.groups[key];
  for (std::size_t i = 0; i < key.size(); ++i) made.labels[rule.by[i]] = key[i];
  return &made;
}

void alert_book::take(const alert_rule& rule, group& of, const log_line& line, std::int64_t at_ms) {
  of.last_ms = std::max(of.last_ms, at_ms);
  of.last = line.values;
  for (const char* name : {"event", "node", "level", "writer"})
    of.last.try_emplace(name, field_of(line, name));
  if (rule.kind == rule_kind::duration) {
    const auto ms = std::strtod(field_of(line, rule.field).c_str(), nullptr);
    of.latest = ms;
    of.beyond = of.history.size() >= rule.at_least &&
                ms > rule.limit * quantile_of(of.history, rule.quantile);
    of.history.push_back(ms);
    if (of.history.size() > rule.of_last) of.history.pop_front();
    return;
  }
  const bool is_part = fits(rule.match, line);
  of.hits.push_back(
      {at_ms, is_part ? weight_of(rule.match, line) : 0,
       rule.kind == rule_kind::ratio && fits(rule.whole, line) ? weight_of(rule.whole, line) : 0});
  if (of.hits.size() > lines_of_alert_max) of.hits.pop_front();
}

void alert_book::on_line(const log_line& line, std::int64_t at_ms) {
  if (line.event.starts_with("alert_")) return;  // what comes of rules feeds none
  for (const auto& rule : rules_) {
    auto& of = watched_[rule.name];
    const bool meant =
        fits(rule.match, line) || (rule.kind == rule_kind::ratio && fits(rule.whole, line));
    if (meant) {
      if (auto* one = group_of(rule, of, line)) take(rule, *one, line, at_ms);
    } else if (rule.until && fits(*rule.until, line)) {
      if (auto* one = group_of(rule, of, line)) one->hits.clear(), one->beyond = false;
    }
  }
}

bool alert_book::holds(const alert_rule& rule, const watched& all, group& of,
                       std::int64_t now_ms) const {
  while (!of.hits.empty() && rule.kind != rule_kind::absence &&
         of.hits.front().at_ms <= now_ms - rule.within_ms)
    of.hits.pop_front();
  double part = 0, whole = 0;
  for (const auto& each : of.hits) part += each.part, whole += each.whole;
  const auto beyond = [&](double value) {
    return rule.above ? value > rule.limit : value < rule.limit;
  };
  switch (rule.kind) {
    case rule_kind::count:
      of.value = number_text(part, "");
      return part > rule.limit;
    case rule_kind::rate: {
      const auto rate = part * 1'000 / static_cast<double>(rule.within_ms);
      of.value = rate < 1 ? number_text(rate * 60, "/m") : number_text(rate, "/s");
      // Too few can be said only of a whole window.
      return beyond(rate) && (rule.above || all.from_ms <= now_ms - rule.within_ms);
    }
    case rule_kind::ratio:
      if (whole < static_cast<double>(rule.at_least)) return false;
      of.value = number_text(100 * part / whole, " %");
      return beyond(part / whole);
    case rule_kind::absence: {
      const auto silence = now_ms - std::max(all.from_ms, of.last_ms);
      of.value = span_text(silence);
      of.hits.clear();
      return silence > rule.within_ms;
    }
    case rule_kind::duration:
      of.value = span_text(static_cast<std::int64_t>(of.latest));
      return of.beyond;
  }
  return false;
}

void alert_book::step(const alert_rule& rule, group& of, bool held, std::int64_t now_ms,
                      std::vector<alert_change>& out) {
  using state = group::state;
  const auto become = [&](state to, alert_state told, bool gone = false) {
    of.is = to;
    of.since_ms = now_ms;
    out.push_back({&rule, of.labels, told, gone, of.value, of.summary, now_ms});
  };
  if (held) {
    of.held_ms = now_ms;
    of.summary = fill_summary(rule, of.last, of.value);
    if (of.is == state::quiet || of.is == state::resolved)
      rule.for_ms > 0 ? become(state::pending, alert_state::pending)
                      : become(state::firing, alert_state::firing);
    else if (of.is == state::pending && now_ms - of.since_ms >= rule.for_ms)
      become(state::firing, alert_state::firing);
    return;
  }
  if (of.is == state::pending) become(state::quiet, alert_state::resolved, true);
  if (of.is == state::firing && now_ms - of.held_ms >= rule.keep_ms)
    become(state::resolved, alert_state::resolved);
}

std::vector<alert_change> alert_book::look(std::int64_t now_ms) {
  std::vector<alert_change> out;
  for (const auto& rule : rules_) {
    auto& of = watched_[rule.name];
    for (auto each = of.groups.begin(); each != of.groups.end();) {
      auto& [key, one] = *each;
      step(rule, one, holds(rule, of, one, now_ms), now_ms, out);
      const bool quiet =
          one.is == group::state::quiet ||
          (one.is == group::state::resolved && now_ms - one.since_ms > resolved_shown_ms);
      // What is remembered of values that are long gone goes with them.
      const bool done = quiet && !rule.by.empty() && one.hits.empty() &&
                        rule.kind != rule_kind::absence && rule.kind != rule_kind::duration;
      each = done ? of.groups.erase(each) : std::next(each);
    }
  }
  return out;
}

void alert_book::restore(const std::string& rule, const label_map& labels, std::int64_t since_ms) {
  const auto known = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const auto& each) { return each.name == rule; });
  if (known == rules_.end()) return;
  std::vector<std::string> key;
  for (const auto& name : known->by) {
    const auto found = labels.find(name);
    if (found == labels.end()) return;
    key.push_back(found->second);
  }
  auto& of = watched_[rule].groups[key];
  of.labels = labels;
  of.is = group::state::firing;
  of.since_ms = of.held_ms = since_ms;
}

std::vector<alert_view> alert_book::show(std::int64_t now_ms, bool with_resolved) const {
  std::vector<alert_view> all;
  for (const auto& rule : rules_)
    for (const auto& [key, one] : watched_.at(rule.name).groups) {
      if (one.is == group::state::quiet) continue;
      const bool resolved = one.is == group::state::resolved;
      if (resolved && (!with_resolved || now_ms - one.since_ms > resolved_shown_ms)) continue;
      const auto state = resolved                          ? alert_state::resolved
                         : one.is == group::state::pending ? alert_state::pending
                                                           : alert_state::firing;
      all.push_back(
          {rule.name, one.labels, state, rule.severity, one.summary, one.value, one.since_ms, {}});
    }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.since_ms > b.since_ms; });
  return all;
}

std::int64_t alert_book::longest_window_ms() const {
  constexpr std::int64_t of_durations = 7LL * 24 * 3'600 * 1'000;
  std::int64_t longest = 0;
  for (const auto& rule : rules_)
    longest = std::max(longest, rule.kind == rule_kind::duration ? of_durations : rule.within_ms);
  return longest;
}

}  // namespace artel::core
