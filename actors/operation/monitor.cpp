#include "actors/operation/monitor.hpp"

#include <chrono>
#include <fstream>
#include <sstream>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/notifier.hpp"
#include "config/monitor_file.hpp"
#include "messages/spelling.hpp"
#include "messages/utc_text.hpp"

namespace artel::operation {
namespace {

constexpr auto tick_every = std::chrono::seconds(1);
constexpr auto again_after = std::chrono::milliseconds(200);
constexpr auto patience = std::chrono::seconds(30);
constexpr std::int64_t silence_ms_max = 366LL * 24 * 3'600 * 1'000;
constexpr std::size_t silences_max = 1'000;

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string text_of_labels(const core::label_map& labels) {
  std::string all;
  for (const auto& [name, value] : labels) all += (all.empty() ? "" : ",") + name + "=" + value;
  return all;
}

bool covers(const silence_view& one, const std::string& rule, const core::label_map& labels) {
  if (one.rule != "*" && one.rule != rule) return false;
  for (const auto& [name, value] : one.labels)
    if (const auto found = labels.find(name); found == labels.end() || found->second != value)
      return false;
  return true;
}

}  // namespace

outcome<monitor_rules> read_rules(const std::string& text, const std::string& file) {
  config::event_fields known;
  for (const auto* each : events::all) known[std::string(each->name)] = each->fields;
  return config::read_monitor_rules(text, file, known);
}

monitor::monitor(caf::actor_config& config, monitor_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

caf::behavior monitor::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  look_at_file();
  recall(0);
  delayed_send(this, tick_every, tick{});
  return {
      [this](const lines_kept& said) { take(said); },
      [this](ask_monitor& ask) {
        return coordinator_answer{std::holds_alternative<silence_alerts>(ask.what)
                                      ? silence(std::get<silence_alerts>(ask.what))
                                      : list(std::get<list_alerts>(ask.what))};
      },
      [this](take_metrics) { return measure(); },
      [this](tick) {
        delayed_send(this, tick_every, tick{});
        look_at_file();
        if (begun_) look();
      },
  };
}

/// What the rules look back on is in the store of lines: after a restart they go on from there.
void monitor::recall(std::uint64_t after) {
  const auto log = options_.names->find(names::log);
  if (!log) {
    begin();
    return;
  }
  const auto window = book_.longest_window_ms();
  request(log, patience, recall_lines{after, wall_ms() - window})
      .then(
          [this](const lines_recalled& past) {
            if (past.lines.empty()) return begin();
            const auto now = wall_ms();
            for (const auto& each : past.lines)
              book_.on_line(each.line, std::min(each.line.at_ms, now));
            recalled_ = past.lines.back().number;
            recall(recalled_);
          },
          [this](caf::error&) { begin(); });
}

void monitor::begin() {
  begun_ = true;
  read_state();
  look();
}

void monitor::look_at_file() {
  std::string text = options_.rules;
  if (!options_.file.empty()) {
    std::ifstream in(options_.file);
    std::ostringstream all;
    all << in.rdbuf();
    if (!in) return;  // being written, or gone: what was read before counts
    text = all.str();
  }
  if (text == file_seen_) return;
  file_seen_ = text;
  const auto name = options_.file.empty() ? std::string("the rules of Artel") : options_.file;
  auto made = read_rules(text, name);
  problem_ = made ? std::string() : made.error().text;
  if (!made) return logging::note(events::rules_not_read, {{"reason", problem_}});
  const auto count = made->rules.size();
  book_.set_rules(std::move(made->rules), wall_ms());
  receivers_ = std::move(made->receivers);
  logging::note(events::rules_read, {{"file", name}, {"rules", count}});
}

void monitor::take(const lines_kept& said) {
  const auto now = wall_ms();
  for (const auto& each : said.lines)
    if (each.number > recalled_) book_.on_line(each.line, std::min(each.line.at_ms, now));
  if (begun_) look();
}

void monitor::look() {
  const auto now = wall_ms();
  for (const auto& each : book_.look(now)) on_change(each);
  tell_due(now);
}

void monitor::on_change(const core::alert_change& what) {
  const auto labels = text_of_labels(what.labels);
  const alert_key key{what.rule->name, what.labels};
  if (what.to == alert_state::pending)
    return logging::note(events::alert_pending, {{"rule", what.rule->name},
                                                 {"labels", labels},
                                                 {"value", what.value},
                                                 {"summary", what.summary}});
  if (what.to == alert_state::resolved) {
    if (what.gone) return;
    logging::note(events::alert_resolved, {{"rule", what.rule->name},
                                           {"severity", what.rule->severity},
                                           {"labels", labels},
                                           {"summary", what.summary}});
    return tell_end(what);
  }
  ++fired_[{what.rule->name, what.rule->severity}];
  const auto* silenced = silence_of(what.rule->name, what.labels, what.since_ms);
  logging::note(events::alert_firing, {{"rule", what.rule->name},
                                       {"severity", what.rule->severity},
                                       {"labels", labels},
                                       {"value", what.value},
                                       {"summary", what.summary},
                                       {"silenced", silenced != nullptr}});
  told_[key] = {what.labels, what.rule->name, what.since_ms, {}};
  write_state();
}

void monitor::tell_due(std::int64_t now_ms) {
  const auto notifier = options_.names->find(names::notifier);
  if (!notifier) return;
  bool told = false;
  for (const auto& alert : book_.show(now_ms, false)) {
    const auto known = told_.find({alert.rule, alert.labels});
    if (alert.state != alert_state::firing || known == told_.end() ||
        silence_of(alert.rule, alert.labels, now_ms) != nullptr)
      continue;
    const auto rule = std::find_if(book_.rules().begin(), book_.rules().end(),
                                   [&](const auto& each) { return each.name == alert.rule; });
    for (const auto& to : receivers_) {
      if (!rule->notify.empty() &&
          std::find(rule->notify.begin(), rule->notify.end(), to.name) == rule->notify.end())
        continue;
      auto& last = known->second.told_ms[to.name];
      if (last != 0 && (to.repeat_ms == 0 || now_ms - last < to.repeat_ms)) continue;
      last = now_ms;
      told = true;
      ++notifications_;
      send(notifier, notify{to, alert, notification_text(to, alert, options_.node, 0)});
    }
  }
  if (told) write_state();
}

/// Who was told that it began is told that it is over, silenced or not.
void monitor::tell_end(const core::alert_change& what) {
  const auto known = told_.extract({what.rule->name, what.labels});
  if (!known) return;
  write_state();
  const auto notifier = options_.names->find(names::notifier);
  if (!notifier) return;
  const alert_view view{what.rule->name, what.labels, alert_state::resolved,  what.rule->severity,
                        what.summary,    what.value,  known.mapped().since_ms};
  for (const auto& to : receivers_)
    if (to.resolved && known.mapped().told_ms.contains(to.name)) {
      ++notifications_;
      send(notifier, notify{to, view, notification_text(to, view, options_.node, what.since_ms)});
    }
}

const silence_view* monitor::silence_of(const std::string& rule, const core::label_map& labels,
                                        std::int64_t now_ms) const {
  for (const auto& each : silences_)
    if (each.until_ms > now_ms && covers(each, rule, labels)) return &each;
  return nullptr;
}

admin_answer monitor::silence(const silence_alerts& what) {
  std::vector<std::string> names{"*"};
  for (const auto& each : book_.rules()) names.push_back(each.name);
  if (std::find(names.begin(), names.end(), what.rule) == names.end())
    return refused{trouble_code::not_found, "there is no rule '" + what.rule + "'" +
                                                did_you_mean(what.rule, names) +
                                                "; artel alerts rules lists them"};
  if (what.for_ms < 0 || what.for_ms > silence_ms_max)
    return refused{trouble_code::bad_input, "a silence lasts a year at most"};
  const auto now = wall_ms();
  std::erase_if(silences_, [&](const auto& each) {
    return each.until_ms <= now || (each.rule == what.rule && each.labels == what.labels);
  });
  if (what.for_ms != 0 && silences_.size() >= silences_max)
    return refused{trouble_code::limit,
                   "there are " + std::to_string(silences_max) + " silences; take some back"};
  const auto until = what.for_ms == 0 ? 0 : now + what.for_ms;
  if (until != 0) silences_.push_back({what.rule, what.labels, until, what.by, what.reason});
  write_state();
  const auto until_text = until == 0 ? std::string("now") : utc_text(until);
  logging::note(events::alert_silenced, {{"rule", what.rule},
                                         {"labels", text_of_labels(what.labels)},
                                         {"until", until_text},
                                         {"by", what.by},
                                         {"reason", what.reason}});
  if (until == 0) return done_so{"alerts of '" + what.rule + "' are told again"};
  return done_so{"nobody is told of alerts of '" + what.rule + "' until " + until_text};
}

admin_answer monitor::list(const list_alerts& what) {
  const auto now = wall_ms();
  alerts_listed made;
  made.alerts = book_.show(now, what.resolved);
  for (auto& each : made.alerts)
    if (const auto* one = silence_of(each.rule, each.labels, now))
      each.silenced = "until " + utc_text(one->until_ms) + " by " + one->by +
                      (one->reason.empty() ? "" : ": " + one->reason);
  for (const auto& each : silences_)
    if (each.until_ms > now) made.silences.push_back(each);
  for (const auto& each : book_.rules()) made.rules.push_back(each.name);
  made.problem = problem_;
  return made;
}

metrics_taken monitor::measure() {
  metric_family now{"artel_alerts", "Alerts, by rule and state.", metric_kind::gauge, {}};
  metric_family fired{"artel_alerts_fired_total", "Alerts that began.", metric_kind::counter, {}};
  metric_family told{
      "artel_alert_notifications_total", "Notifications given.", metric_kind::counter, {}};
  const auto all = book_.show(wall_ms(), false);
  for (const auto& rule : book_.rules()) {
    for (const auto state : {alert_state::pending, alert_state::firing})
      now.add(static_cast<double>(std::count_if(
                  all.begin(), all.end(),
                  [&](const auto& each) { return each.rule == rule.name && each.state == state; })),
              {{"rule", rule.name},
               {"severity", rule.severity},
               {"state", std::string(to_text(state))}});
    fired.add(static_cast<double>(fired_[{rule.name, rule.severity}]),
              {{"rule", rule.name}, {"severity", rule.severity}});
  }
  told.add(static_cast<double>(notifications_));
  return {{std::move(now), std::move(fired), std::move(told)}};
}

}  // namespace artel::operation
