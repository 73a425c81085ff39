#include "actors/operation/monitor.hpp"

#include <chrono>
#include <fstream>
#include <sstream>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "config/monitor_file.hpp"
#include "messages/spelling.hpp"
#include "messages/utc_text.hpp"

namespace artel::operation {
namespace {

constexpr auto tick_every = std::chrono::seconds(1);
constexpr auto again_after = std::chrono::milliseconds(200);
constexpr auto patience = std::chrono::seconds(30);
constexpr std::int64_t again_after_failure_ms = 300'000;
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
      [this](const notified& said) { on_notified(said); },
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
  begun_ms_ = wall_ms();
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
    return note_end(what);
  }
  ++fired_[{what.rule->name, what.rule->severity}];
  const auto* silenced = silence_of(what.rule->name, what.labels, what.since_ms);
  logging::note(events::alert_firing, {{"rule", what.rule->name},
                                       {"severity", what.rule->severity},
                                       {"labels", labels},
                                       {"value", what.value},
                                       {"summary", what.summary},
                                       {"silenced", silenced != nullptr}});
  // Whose history is lost may fire again that people have been told of.
  auto& told = told_[key];
  if (told.ended_ms != 0 || told.since_ms == 0)
    told = {what.labels, what.rule->name, what.since_ms, {}};
  write_state();
}

void monitor::tell_due(std::int64_t now_ms) {
  for (const auto& alert : book_.show(now_ms, false)) {
    const alert_key key{alert.rule, alert.labels};
    const auto known = told_.find(key);
    if (alert.state != alert_state::firing || known == told_.end() ||
        silence_of(alert.rule, alert.labels, now_ms) != nullptr)
      continue;
    const auto rule = std::find_if(book_.rules().begin(), book_.rules().end(),
                                   [&](const auto& each) { return each.name == alert.rule; });
    for (const auto& to : receivers_) {
      if (!rule->notify.empty() &&
          std::find(rule->notify.begin(), rule->notify.end(), to.name) == rule->notify.end())
        continue;
      if (is_under_way(key, to.name)) continue;
      const auto told = known->second.told_ms.find(to.name);
      const auto failed = given_up_ms_.find({key, to.name});
      if (failed != given_up_ms_.end() && now_ms - failed->second < again_after_failure_ms)
        continue;
      if (told != known->second.told_ms.end() &&
          (to.repeat_ms == 0 || now_ms - told->second < to.repeat_ms))
        continue;
      tell(to, alert, 0);
    }
  }
  tell_ends(now_ms);
}

void monitor::tell(const alert_receiver& to, const alert_view& what, std::int64_t ended_ms) {
  const auto notifier = options_.names->find(names::notifier);
  if (!notifier) return;
  under_way_.insert({{what.rule, what.labels}, to.name});
  send(notifier, notify{to, what, notification_text(to, what, options_.node, ended_ms)});
}

/// Who was told that it began is told that it is over, silenced or not; also after a restart.
void monitor::tell_ends(std::int64_t now_ms) {
  bool changed = false;
  std::set<alert_key> firing;
  for (const auto& each : book_.show(now_ms, false))
    if (each.state == alert_state::firing) firing.insert({each.rule, each.labels});
  for (auto each = told_.begin(); each != told_.end();) {
    auto& [key, one] = *each;
    // Its history is lost, and it has not come back for as long as any rule looks back.
    if (one.ended_ms == 0 && !firing.contains(key) &&
        now_ms - begun_ms_ > book_.longest_window_ms())
      one.ended_ms = now_ms, changed = true;
    if (one.ended_ms == 0) {
      ++each;
      continue;
    }
    const alert_view view{one.rule,    one.labels, alert_state::resolved, one.severity,
                          one.summary, one.value,  one.since_ms};
    bool waits = false;
    for (const auto& to : receivers_) {
      const bool busy = is_under_way(key, to.name);
      waits = waits || busy || (to.resolved && one.told_ms.contains(to.name));
      if (!busy && to.resolved && one.told_ms.contains(to.name)) tell(to, view, one.ended_ms);
    }
    changed = changed || !waits;
    each = waits ? std::next(each) : told_.erase(each);
  }
  if (changed) write_state();
}

void monitor::on_notified(const notified& said) {
  const alert_key key{said.what.rule, said.what.labels};
  under_way_.erase({key, said.to});
  if (said.told) ++notifications_;
  const auto known = told_.find(key);
  const bool over = said.what.state == alert_state::resolved;
  if (said.told || over) given_up_ms_.erase({key, said.to});
  if (!said.told && !over) given_up_ms_[{key, said.to}] = wall_ms();
  if (known == told_.end()) return;
  // Of an end that could not be told nobody is told later: it is old by then.
  if (over)
    known->second.told_ms.erase(said.to);
  else if (said.told)
    known->second.told_ms[said.to] = wall_ms();
  write_state();
}

void monitor::note_end(const core::alert_change& what) {
  const auto known = told_.find({what.rule->name, what.labels});
  if (known == told_.end()) return;
  auto& one = known->second;
  one.ended_ms = what.since_ms;
  one.severity = what.rule->severity, one.summary = what.summary, one.value = what.value;
  write_state();
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
  std::erase_if(silences_, [&](const auto& each) { return each.until_ms <= now; });
  const auto taken_back = std::erase_if(silences_, [&](const auto& each) {
    return each.rule == what.rule && each.labels == what.labels;
  });
  if (what.for_ms == 0 && taken_back == 0)
    return refused{trouble_code::not_found,
                   "there is no such silence; artel alerts lists them, with their labels"};
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
  const auto which =
      "'" + what.rule + "'" + (what.labels.empty() ? "" : " with " + text_of_labels(what.labels));
  if (until == 0) return done_so{"alerts of " + which + " are told again"};
  return done_so{"nobody is told of alerts of " + which + " until " + until_text + " (UTC)"};
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
