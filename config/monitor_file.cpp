#include "config/monitor_file.hpp"

#include <cmath>
#include <set>

#include "config/quantities.hpp"
#include "config/yaml_reader.hpp"
#include "messages/spelling.hpp"

namespace artel::config {
namespace {

constexpr std::uint64_t window_ms_max = 31ULL * 24 * 3'600 * 1'000;
constexpr std::size_t rules_max = 500;
constexpr const char* severities[] = {"info", "warning", "critical"};

class monitor_reader {
public:
  monitor_reader(const std::string& file, const event_fields& events)
      : in_(file), file_(file), events_(events) {}

  monitor_rules read(const std::string& text) {
    const auto root = in_.parse(text);
    if (root.IsNull())
      throw yaml_mistake{file_ + ": holds nothing; for no rules write 'rules: {}'"};
    in_.keys(root, "the monitor file", {"receivers", "rules"},
             [&](const auto& what, const auto&, const auto& value) {
               if (value.IsNull()) return;
               in_.each_key(value, what, [&](const auto& name, const auto& at, const auto& given) {
                 in_.check_name(at, name, what);
                 what == "rules" ? add_rule(name, at, given) : add_receiver(name, at, given);
               });
             });
    if (made_.rules.size() > rules_max)
      throw yaml_mistake{file_ + ": has " + std::to_string(made_.rules.size()) +
                         " rules, there may be " + std::to_string(rules_max)};
    for (const auto& [rule, at] : places_) check_receivers(*rule_named(rule), at);
    return std::move(made_);
  }

private:
  std::string path(const std::string& rule) const { return "rules." + rule; }

  std::vector<std::string> words(const YAML::Node& value, const std::string& what) const {
    return value.IsScalar() ? std::vector{in_.text(value, what)} : in_.texts(value, what);
  }

  std::int64_t duration(const YAML::Node& value, const std::string& what) const {
    return static_cast<std::int64_t>(in_.duration(value, what, window_ms_max));
  }

  void check_field(const YAML::Node& at, const line_match& of, const std::string& field) const {
    if (events_.empty() || of.events.empty()) return;
    for (const auto& name : of.events) {
      const auto known = " " + events_.at(name) + " node level event room writer ";
      if (known.find(" " + field + " ") == std::string::npos)
        in_.mistake(at, "event '" + name + "' has no field '" + field + "', but " +
                            events_.at(name) + " (docs/LOGS.md)");
    }
  }

  line_match match(const YAML::Node& value, const std::string& what) const {
    line_match made;
    std::vector<std::pair<std::string, YAML::Node>> fields;
    in_.each_key(value, what, [&](const auto& key, const auto& at, const auto& given) {
      if (key == "event") {
        made.events = words(given, what + ".event");
        for (const auto& each : made.events)
          if (!events_.empty() && !events_.contains(each)) {
            std::vector<std::string> names;
            for (const auto& [name, known] : events_) names.push_back(name);
            in_.mistake(given, "there is no event '" + each + "'" + did_you_mean(each, names) +
                                   "; docs/LOGS.md lists them");
          }
      } else if (key == "level") {
        made.level = level(given, what);
      } else if (key == "text") {
        made.text = in_.text(given, what + ".text");
      } else {
        if (key == "sum")
          made.sum = in_.text(given, what + ".sum");
        else
          made.fields[key] = words(given, what + "." + key);
        fields.emplace_back(key == "sum" ? made.sum : key, at);
      }
    });
    if (made.events.empty() && made.fields.empty() && made.text.empty() &&
        made.level == log_level::debug)
      in_.mistake(value, what + ": expected at least one of event, level, text or a field");
    for (const auto& [name, at] : fields) check_field(at, made, name);
    return made;
  }

  log_level level(const YAML::Node& value, const std::string& what) const {
    const auto word = in_.text(value, what + ".level");
    const auto found = std::find(std::begin(log_level_names), std::end(log_level_names), word);
    if (found == std::end(log_level_names))
      in_.mistake(value, "level '" + word + "': expected debug, info, warn, error or critical");
    return static_cast<log_level>(found - std::begin(log_level_names));
  }

  /// "10/m", "0.5/s", "3/h" → a second.
  double rate(const YAML::Node& value, const std::string& what) const {
    const auto text = in_.text(value, what);
    const auto slash = text.find('/');
    const auto number = real_number(text.substr(0, std::min(slash, text.size())));
    const auto unit = slash == text.npos ? "" : text.substr(slash + 1);
    const double seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3'600 : 0;
    if (!number || *number < 0 || seconds == 0)
      in_.mistake(value, what + " '" + text + "': expected a rate such as 10/m, 0.5/s or 3/h");
    return *number / seconds;
  }

  /// "95%", 0.95
  double share(const YAML::Node& value, const std::string& what) const {
    auto text = in_.text(value, what);
    const bool percent = text.ends_with('%');
    if (percent) text.pop_back();
    const auto number = real_number(text);
    if (!number || *number < 0) in_.mistake(value, what + ": expected a share such as 95% or 0.95");
    return percent ? *number / 100 : *number;
  }

  void set_limit(alert_rule& rule, const YAML::Node& at, bool above, double limit, bool& given) {
    if (given) in_.mistake(at, path(rule.name) + ": give one of above and below");
    given = true;
    rule.above = above;
    rule.limit = limit;
  }

  void read_condition(alert_rule& rule, const YAML::Node& value) {
    const auto what = path(rule.name) + "." + std::string(word_of(rule.kind));
    bool limited = rule.kind == rule_kind::absence;
    const auto window = [&](const auto& given) { rule.within_ms = duration(given, what); };
    switch (rule.kind) {
      case rule_kind::count:
        in_.keys(value, what, {"more_than", "within"},
                 [&](const auto& key, const auto& at, const auto& given) {
                   if (key == "within") return window(given);
                   set_limit(rule, at, true,
                             static_cast<double>(in_.whole(given, what + ".more_than", 0, 9'000)),
                             limited);
                 });
        break;
      case rule_kind::rate:
        in_.keys(value, what, {"above", "below", "within"},
                 [&](const auto& key, const auto& at, const auto& given) {
                   if (key == "within") return window(given);
                   set_limit(rule, at, key == "above", rate(given, what + "." + key), limited);
                 });
        break;
      case rule_kind::ratio:
        in_.keys(
            value, what, {"of", "to", "above", "below", "within", "at_least"},
            [&](const auto& key, const auto& at, const auto& given) {
              if (key == "within") return window(given);
              if (key == "of") return void(rule.match = match(given, what + ".of"));
              if (key == "to") return void(rule.whole = match(given, what + ".to"));
              if (key == "at_least")
                return void(rule.at_least = in_.whole(given, what + ".at_least", 1, 1'000'000));
              set_limit(rule, at, key == "above", share(given, what + "." + key), limited);
            });
        if (rule.at_least == 0) rule.at_least = 1;
        break;
      case rule_kind::absence:
        in_.keys(value, what, {"longer_than"},
                 [&](const auto&, const auto&, const auto& given) { window(given); });
        break;
      case rule_kind::duration:
        rule.at_least = 5;
        rule.within_ms = 1;
        in_.keys(value, what, {"field", "times", "quantile", "of_last", "at_least"},
                 [&](const auto& key, const auto& at, const auto& given) {
                   if (key == "field") return void(rule.field = in_.text(given, what + ".field"));
                   if (key == "quantile")
                     return void(rule.quantile = in_.real(given, what + ".quantile", 0, 1));
                   if (key == "of_last")
                     return void(rule.of_last = static_cast<std::uint32_t>(
                                     in_.whole(given, what + ".of_last", 1, 1'000)));
                   if (key == "at_least")
                     return void(rule.at_least = in_.whole(given, what + ".at_least", 1, 1'000));
                   set_limit(rule, at, true, in_.real(given, what + ".times", 0.001, 1e6), limited);
                 });
        if (rule.field.empty())
          in_.mistake(value, what + ": expected 'field', the one with the milliseconds, as ms");
        break;
    }
    if (!limited || rule.within_ms == 0)
      in_.mistake(value, what + ": expected " + needed(rule.kind));
  }

  static const char* needed(rule_kind kind) {
    switch (kind) {
      case rule_kind::count:
        return "more_than and within, as {more_than: 5, within: 5m}";
      case rule_kind::rate:
        return "above or below, and within, as {above: 10/m, within: 10m}";
      case rule_kind::ratio:
        return "of, to, within and above or below, as {of: {…}, to: {…}, below: 95%, within: 1h}";
      case rule_kind::absence:
        return "longer_than, as {longer_than: 26h}";
      default:
        return "field and times, as {field: ms, times: 3}";
    }
  }

  static std::string_view word_of(rule_kind kind) {
    return rule_kind_names[static_cast<std::size_t>(kind)];
  }

  void add_rule(const std::string& name, const YAML::Node& at, const YAML::Node& given) {
    alert_rule rule;
    rule.name = name;
    const auto what = path(name);
    YAML::Node condition, match_at, by_at;
    in_.keys(given, what,
             {"summary", "severity", "match", "until", "by", "for", "keep", "notify", "count",
              "rate", "ratio", "absence", "duration"},
             [&](const auto& key, const auto& key_at, const auto& value) {
               if (key == "summary") return void(rule.summary = in_.text(value, what + ".summary"));
               if (key == "severity") return void(rule.severity = severity(value, what));
               if (key == "match") {
                 match_at = value;
                 return void(rule.match = match(value, what + ".match"));
               }
               if (key == "until") return void(rule.until = match(value, what + ".until"));
               if (key == "by") {
                 by_at = key_at;
                 return void(rule.by = words(value, what + ".by"));
               }
               if (key == "for") return void(rule.for_ms = duration(value, what + ".for"));
               if (key == "keep") return void(rule.keep_ms = duration(value, what + ".keep"));
               if (key == "notify") return void(rule.notify = words(value, what + ".notify"));
               if (condition.IsDefined() && !condition.IsNull())
                 in_.mistake(key_at, what + ": give one of count, rate, ratio, absence, duration");
               condition = value;
               rule.kind = static_cast<rule_kind>(
                   std::find(std::begin(rule_kind_names), std::end(rule_kind_names), key) -
                   std::begin(rule_kind_names));
             });
    if (!condition.IsDefined() || condition.IsNull())
      in_.mistake(at, what + ": expected one of count, rate, ratio, absence, duration");
    const bool matched = match_at.IsDefined() && !match_at.IsNull();
    if (matched == (rule.kind == rule_kind::ratio))
      in_.mistake(at,
                  what + (matched ? ": of a ratio the lines stand in its of and to, not in match"
                                  : ": expected match, which lines are meant"));
    read_condition(rule, condition);
    if (rule.kind == rule_kind::ratio && (empty(rule.match) || empty(rule.whole)))
      in_.mistake(condition, what + ".ratio: expected " + needed(rule.kind));
    for (const auto& each : rule.by) check_field(by_at, rule.match, each);
    if (!rule.field.empty()) check_field(condition, rule.match, rule.field);
    made_.rules.push_back(std::move(rule));
    places_[name] = at;
  }

  static bool empty(const line_match& one) { return one == line_match{}; }

  std::string severity(const YAML::Node& value, const std::string& what) const {
    const auto word = in_.text(value, what + ".severity");
    if (std::find(std::begin(severities), std::end(severities), word) == std::end(severities))
      in_.mistake(value, what + ".severity '" + word + "': expected info, warning or critical" +
                             did_you_mean(word, severities));
    return word;
  }

  void add_receiver(const std::string& name, const YAML::Node& at, const YAML::Node& given) {
    alert_receiver made;
    made.name = name;
    const auto what = "receivers." + name;
    in_.keys(given, what, {"webhook", "headers", "command", "repeat", "resolved"},
             [&](const auto& key, const auto&, const auto& value) {
               if (key == "webhook") {
                 made.webhook = in_.text(value, what + ".webhook");
                 if (!made.webhook.starts_with("http://") && !made.webhook.starts_with("https://"))
                   in_.mistake(value, what +
                                          ".webhook: expected a URL that begins with http:// or "
                                          "https://");
               } else if (key == "headers") {
                 made.headers = in_.text_map(value, what + ".headers");
               } else if (key == "command") {
                 made.command = in_.texts(value, what + ".command");
                 if (made.command.empty() || !made.command.front().starts_with('/'))
                   in_.mistake(value, what +
                                          ".command: expected a list that begins with the "
                                          "absolute path of a program");
               } else if (key == "repeat") {
                 made.repeat_ms = duration(value, what + ".repeat");
               } else {
                 made.resolved = in_.boolean(value, what + ".resolved");
               }
             });
    if (made.webhook.empty() == made.command.empty())
      in_.mistake(at, what + ": expected webhook or command, one of them");
    made_.receivers.push_back(std::move(made));
  }

  const alert_rule* rule_named(const std::string& name) const {
    return &*std::find_if(made_.rules.begin(), made_.rules.end(),
                          [&](const auto& each) { return each.name == name; });
  }

  void check_receivers(const alert_rule& rule, const YAML::Node& at) const {
    std::vector<std::string> known;
    for (const auto& each : made_.receivers) known.push_back(each.name);
    for (const auto& each : rule.notify)
      if (std::find(known.begin(), known.end(), each) == known.end())
        in_.mistake(at, path(rule.name) + ".notify: there is no receiver '" + each + "'" +
                            did_you_mean(each, known));
  }

  yaml_reader in_;
  std::string file_;
  const event_fields& events_;
  monitor_rules made_;
  std::map<std::string, YAML::Node> places_;
};

}  // namespace

outcome<monitor_rules> read_monitor_rules(const std::string& text, const std::string& file,
                                          const event_fields& events) {
  try {
    return monitor_reader(file, events).read(text);
  } catch (const yaml_mistake& wrong) {
    return bad_input(wrong.text);
  }
}

}  // namespace artel::config
