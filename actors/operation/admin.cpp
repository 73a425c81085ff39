#include "actors/operation/admin.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "actors/actor_errors.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/permissions.hpp"

namespace artel::operation {
namespace {
constexpr auto patience = std::chrono::seconds(30);
constexpr auto change_patience = std::chrono::seconds(5);
constexpr std::size_t trees_max = 4'096;
constexpr std::size_t others_shown_max = 200;             ///< bytes of what there is instead
constexpr std::size_t denials_noted_per_minute_max = 60;  ///< of one user

/// Code and sentence of an answer to a change.
std::pair<trouble_code, std::string> told_in(const admin_answer& what) {
  if (const auto* no = std::get_if<refused>(&what)) return {no->code, no->text};
  if (const auto* run = std::get_if<run_accepted>(&what))
    return {trouble_code::none, "run " + to_text(run->run) + (run->existed ? " existed" : "")};
  if (const auto* good = std::get_if<done_so>(&what)) return {trouble_code::none, good->text};
  return {trouble_code::none, ""};
}

/// What is kept while others work on the answer: a submission's pipeline text is not.
client_asked without_texts(const client_asked& said) {
  auto kept = said;
  if (auto* submitted = std::get_if<submit_run>(&kept.what)) submitted->pipeline.clear();
  if (auto* retried = std::get_if<retry_run>(&kept.what)) retried->pipeline.clear();
  return kept;
}
}  // namespace

admin::admin(caf::actor_config& config, admin_options what)
    : caf::event_based_actor(config), options_(std::move(what)) {}

caf::behavior admin::make_behavior() {
  end_with_text_of_exceptions(*this);
  set_default_handler(caf::drop);
  return {
      [this](client_asked& said) { on_asked(said); },
      [this](const node_answered& said) {
        const auto pending = changes_.find(said.what.number);
        if (pending == changes_.end()) return;
        const auto asked = std::move(pending->second.said);
        const auto* what = std::get_if<change_node>(&asked.what);
        if (what == nullptr || what->node != said.name) return;
        changes_.erase(pending);
        if (said.what.problem.empty())
          answer(asked, done_so{said.what.text});
        else
          answer(asked, refused{said.what.text.empty() && said.what.problem.starts_with("node '")
                                    ? trouble_code::not_found
                                    : trouble_code::bad_input,
                                said.what.problem});
      },
      [](const end_this_process& how) { ::kill(::getpid(), how.at_once ? SIGKILL : SIGTERM); },
      [this](timer_due due) {
        if (!timer_.take(due)) return;
        look_at_clock();
        if (!changes_.empty()) timer_.within(look_every);
        for (auto each = changes_.begin(); each != changes_.end();) {
          const auto one = each++;
          if (std::chrono::steady_clock::now() < one->second.until) continue;
          const auto asked = std::move(one->second.said);
          changes_.erase(one);
          answer(asked,
                 refused{trouble_code::unavailable, "the node has not answered within " +
                                                        std::to_string(change_patience.count()) +
                                                        " s; whether it has changed is not known"});
        }
      },
      [this](take_metrics) { return measure(); },
      [this](node_tree_told& told) {
        if (trees_.size() < trees_max || trees_.contains(told.name))
          trees_[told.name] = std::move(told.what.rows);
      },
  };
}

void admin::answer(const client_asked& said, admin_answer what) {
  is_change(said.what) ? answer_change(said, std::move(what)) : deliver(said, std::move(what));
}

metrics_taken admin::measure() const {
  metric_family made{"artel_admin_requests_total",
                     "Requests answered, by kind and how.",
                     metric_kind::counter,
                     {}};
  for (const auto& [kind, count] : answered_)
    made.add(static_cast<double>(count), {{"request", kind.first}, {"answer", kind.second}});
  return {{std::move(made)}};
}

void admin::deliver(const client_asked& said, admin_answer what) {
  const auto* no = std::get_if<refused>(&what);
  ++answered_[{std::string(request_name(said.what)), no == nullptr ? "given"
                                                     : no->code == trouble_code::denied
                                                         ? "denied"
                                                         : "refused"}];
  if (const auto bridge = options_.names->find(said.over_http ? names::gateway : names::bridge))
    send(bridge, answer_client{said.client, said.sequence, std::move(what)});
}

void admin::answer_change(const client_asked& said, admin_answer what) {
  const auto journal = options_.names->find(names::journal);
  const auto [code, text] = told_in(what);
  note_change noted{name_of(said.who, said.what), said.who.from, audit_text(said.what), code, text};
  const auto unnoted = [this, said, noted](admin_answer told) {
    logging::note(events::change_not_in_audit, {{"by", noted.by},
                                                {"from", noted.from},
                                                {"what", noted.what},
                                                {"code", static_cast<unsigned>(noted.code)}});
    deliver(said, std::move(told));
  };
  if (!journal) return unnoted(std::move(what));
  auto shared = std::make_shared<admin_answer>(std::move(what));
  request(journal, patience, noted)
      .then([this, said, shared](const audit_noted&) { deliver(said, std::move(*shared)); },
            [unnoted, shared](caf::error&) { unnoted(std::move(*shared)); });
}

void admin::deny(const client_asked& said) {
  const auto need = role_for(said.what);
  const auto text = "'" + said.who.name + "' is a " + std::string(role_text(said.who.role)) +
                    " and may not: " + std::string(request_name(said.what)) + " needs a " +
                    std::string(role_text(need));
  // What is refused again and again fills neither log nor journal.
  auto& [minute, count] = denials_[said.who.name];
  if (const auto now = std::chrono::duration_cast<std::chrono::minutes>(
          std::chrono::steady_clock::now().time_since_epoch());
      minute != now)
    minute = now, count = 0;
  const bool worth_noting = ++count <= denials_noted_per_minute_max;
  if (worth_noting)
    logging::note(events::request_denied, {{"by", said.who.name},
                                           {"from", said.who.from},
                                           {"role", role_text(said.who.role)},
                                           {"what", audit_text(said.what)}});
  const refused no{trouble_code::denied, text};
  worth_noting ? answer(said, no) : deliver(said, no);
}

template <class Question>
void admin::forward(const client_asked& said, const char* to, Question question) {
  const auto who = options_.names->find(to);
  if (!who)
    return answer(said,
                  refused{trouble_code::unavailable,
                          std::string("the ") + to + " is being restarted; ask again in a moment"});
  // The clock that we hold ourselves: one of CAF's for each request would wake its thread.
  const auto number = ++last_asked_;
  asked_.emplace(number, pending_question{without_texts(said), to,
                                          std::chrono::steady_clock::now() + patience});
  timer_.within(patience);
  request(who, caf::infinite, std::move(question))
      .then(
          [this, number](coordinator_answer& got) {
            const auto one = asked_.extract(number);
            if (one.empty()) return;
            const auto& back = one.mapped().said;
            got.noted ? deliver(back, std::move(got.what)) : answer(back, std::move(got.what));
          },
          [this, number](caf::error& why) { give_up(number, text_of(why)); });
}

void admin::give_up(std::uint64_t number, const std::string& why) {
  const auto one = asked_.extract(number);
  if (one.empty()) return;
  answer(one.mapped().said,
         refused{trouble_code::unavailable, std::string("the ") + one.mapped().to +
                                                " did not answer (" + why + "); ask again"});
}

void admin::look_at_clock() {
  const auto now = std::chrono::steady_clock::now();
  // Numbered as they were asked, and all wait for as long.
  while (!asked_.empty() && asked_.begin()->second.until <= now)
    give_up(asked_.begin()->first, "no answer in time");
  if (!asked_.empty())
    timer_.within(std::chrono::ceil<std::chrono::milliseconds>(asked_.begin()->second.until - now));
}

void admin::on_asked(client_asked& said) {
  if (said.who.role < role_for(said.what)) return deny(said);
  sign(said.what, said.who);
  if (const auto* audit = std::get_if<list_audit>(&said.what))
    return forward(said, names::journal, read_audit{*audit});
  if (const auto* log = std::get_if<read_log>(&said.what)) return read_log_of(said, *log);
  if (const auto* made = std::get_if<read_artifact>(&said.what))
    return read_artifact_of(said, *made);
  if (const auto* tree = std::get_if<show_tree>(&said.what)) return show_trees(said, *tree);
  if (const auto* lines = std::get_if<read_lines>(&said.what)) {
    const auto level = lines->level;
    if (!level.empty() && std::find(std::begin(log_level_names), std::end(log_level_names),
                                    level) == std::end(log_level_names))
      return answer(said,
                    refused{trouble_code::bad_input, "level '" + level +
                                                         "': expected debug, info, warn, error or "
                                                         "critical"});
    return forward(said, names::log, find_lines{*lines});
  }
  if (const auto* change_of = std::get_if<change_node>(&said.what)) return change(said, *change_of);
  if (const auto* metrics = std::get_if<read_metrics>(&said.what))
    return show_metrics(said, *metrics);
  if (std::holds_alternative<list_alerts>(said.what) ||
      std::holds_alternative<silence_alerts>(said.what))
    return forward(said, names::monitor, ask_monitor{said.what});
  ask_coordinator ask{said.what};
  if (std::holds_alternative<submit_run>(said.what))
    ask.note = note_change{name_of(said.who, said.what), said.who.from, audit_text(said.what),
                           trouble_code::none, ""};
  forward(said, names::coordinator, std::move(ask));
}

void admin::read_log_of(const client_asked& said, const read_log& what) {
  const auto coordinator = options_.names->find(names::coordinator);
  if (!coordinator)
    return answer(said, refused{trouble_code::unavailable,
                                "the coordinator is being restarted; ask again in a moment"});
  const auto back = without_texts(said);
  request(coordinator, patience, find_attempt{what})
      .then(
          [this, back, offset = what.offset](attempt_found& found) {
            if (found.problem.code != trouble_code::none) return answer(back, found.problem);
            forward(back, names::output, read_output{found.ref, offset, found.ended});
          },
          [this, back](caf::error& why) {
            answer(back, refused{trouble_code::unavailable,
                                 "the coordinator did not answer: " + text_of(why)});
          });
}

void admin::read_artifact_of(const client_asked& said, const read_artifact& what) {
  const auto coordinator = options_.names->find(names::coordinator);
  if (!coordinator)
    return answer(said, refused{trouble_code::unavailable,
                                "the coordinator is being restarted; ask again in a moment"});
  const auto back = without_texts(said);
  request(coordinator, patience, ask_coordinator{list_artifacts{what.run, what.step}})
      .then(
          [this, back, what](coordinator_answer& got) {
            auto* list = std::get_if<artifacts_listed>(&got.what);
            if (list == nullptr) return answer(back, std::move(got.what));
            std::string others;
            for (auto& each : list->artifacts) {
              if (each.step == what.step && each.what.name == what.name)
                return forward(back, names::artifacts, fetch_artifact{what, std::move(each)});
              if (others.size() < others_shown_max)
                others += (others.empty() ? "" : ", ") + each.step + "/" + each.what.name;
            }
            answer(back, refused{trouble_code::not_found,
                                 "step '" + what.step + "' has made no artifact '" + what.name +
                                     "'" + (others.empty() ? "" : "; there are " + others)});
          },
          [this, back](caf::error& why) {
            answer(back, refused{trouble_code::unavailable,
                                 "the coordinator did not answer: " + text_of(why)});
          });
}

void admin::show_trees(const client_asked& said, const show_tree& what) {
  const auto coordinator = options_.names->find(names::coordinator);
  const auto back = without_texts(said);
  const auto show = [this, back, node = what.node](const std::vector<node_view>& alive) {
    tree_shown shown{options_.names->rows()};
    for (const auto& [name, rows] : trees_)
      if (std::any_of(alive.begin(), alive.end(),
                      [&](const auto& each) { return each.name == name; }))
        shown.rows.insert(shown.rows.end(), rows.begin(), rows.end());
    if (!node.empty()) std::erase_if(shown.rows, [&](const auto& row) { return row.node != node; });
    if (shown.rows.empty())
      return answer(
          back, refused{trouble_code::not_found,
                        "no node named '" + node + "' is in the cluster; artel nodes lists them"});
    answer(back, std::move(shown));
  };
  if (!coordinator) return show({});
  request(coordinator, patience, ask_coordinator{list_nodes{false}})
      .then(
          [show](coordinator_answer& got) {
            const auto* nodes = std::get_if<nodes_listed>(&got.what);
            show(nodes ? nodes->nodes : std::vector<node_view>{});
          },
          [show](caf::error&) { show({}); });
}

}  // namespace artel::operation
