// Alerts: what rules make of log lines as they come and as time passes. Lines and times go in,
// changes of alerts come out; whom to tell is decided elsewhere. An alert is a rule and the values
// of the fields that the rule tells apart.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "messages/alert.hpp"
#include "messages/operation.hpp"

namespace artel::core {

using label_map = std::map<std::string, std::string>;

struct alert_change {
  const alert_rule* rule = nullptr;
  label_map labels;
  alert_state to = alert_state::pending;
  bool gone = false;  ///< it was pending, and nothing came of it
  std::string value;
  std::string summary;
  std::int64_t since_ms = 0;
};

constexpr std::size_t alerts_of_rule_max =
    1'000;  ///< further values of its fields are not looked at
constexpr std::size_t lines_of_alert_max = 10'000;  ///< in a window; the oldest are forgotten
constexpr std::int64_t resolved_shown_ms = 24LL * 3'600 * 1'000;

class alert_book {
public:
  /// What is known of rules that stay as they are is kept; `now_ms` is when others begin to look.
  void set_rules(std::vector<alert_rule> rules, std::int64_t now_ms);
  const std::vector<alert_rule>& rules() const { return rules_; }

  /// `at_ms`: when it was written, never later than now.
  void on_line(const log_line& line, std::int64_t at_ms);
  /// What has changed; to be called about once a second, and after lines.
  std::vector<alert_change> look(std::int64_t now_ms);
  /// An alert that fired before this process began: it goes on, or is resolved, as the lines say.
  void restore(const std::string& rule, const label_map& labels, std::int64_t since_ms);

  /// Pending, firing and lately resolved ones, the latest first.
  std::vector<alert_view> show(std::int64_t now_ms, bool with_resolved) const;
  /// The longest time that a rule looks back.
  std::int64_t longest_window_ms() const;

private:
  struct hit {
    std::int64_t at_ms;
    double part, whole;
  };
  struct group {
    label_map labels;
    std::deque<hit> hits;
    std::deque<double> history;  ///< of a duration
    double latest = 0;
    bool beyond = false;  ///< the last duration was too long
    std::int64_t last_ms = 0;
    label_map last;  ///< fields of the last line
    enum class state : std::uint8_t { quiet, pending, firing, resolved } is = state::quiet;
    std::int64_t since_ms = 0;
    std::int64_t held_ms = 0;  ///< when it held last
    std::string value, summary;
  };
  struct watched {
    std::int64_t from_ms = 0;
    std::map<std::vector<std::string>, group> groups;
  };

  group* group_of(const alert_rule& rule, watched& of, const log_line& line);
  void take(const alert_rule& rule, group& of, const log_line& line, std::int64_t at_ms);
  bool holds(const alert_rule& rule, const watched& all, group& of, std::int64_t now_ms) const;
  void step(const alert_rule& rule, group& of, bool held, std::int64_t now_ms,
            std::vector<alert_change>& out);

  std::vector<alert_rule> rules_;
  std::map<std::string, watched> watched_;
};

/// {name} in a rule's summary, filled in.
std::string fill_summary(const alert_rule& rule, const label_map& fields, const std::string& value);

}  // namespace artel::core
