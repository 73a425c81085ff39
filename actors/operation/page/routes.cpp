#include "actors/operation/page/routes.hpp"

#include <charconv>

#include "actors/operation/page/openapi.hpp"
#include "messages/catalog.hpp"

namespace artel::operation {
namespace {

template <class T>
json query_value(const std::string& text, const std::string& name) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text != "true" && text != "false") throw json_mistake(name + ": expected true or false");
    return text == "true";
  } else if constexpr (std::is_arithmetic_v<T>) {
    auto parsed = json::parse(text, nullptr, false);
    if (!parsed.is_number()) throw json_mistake(name + ": expected a number");
    return parsed;
  } else if constexpr (is_vector<T>) {
    json all = json::array();
    for (std::size_t from = 0; from <= text.size() && !text.empty();) {
      const auto to = std::min(text.find(',', from), text.size());
      all.push_back(text.substr(from, to - from));
      from = to + 1;
    }
    return all;
  } else {
    return text;
  }
}

/// Path parts in braces and, where there is no body, the query; each a field of the request.
template <class Request>
admin_request read_as(const route& of, const http_target& target, const std::string& body) {
  json object = json::object();
  if (of.method != "GET" && !body.empty()) {
    object = json::parse(body, nullptr, false);
    if (!object.is_object()) throw json_mistake("the body: expected a JSON object");
  }
  const auto pattern = read_target(of.path).path;
  std::map<std::string, std::string> given;
  if (of.method == "GET") given = target.query;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i].starts_with("{"))
      given[pattern[i].substr(1, pattern[i].size() - 2)] = target.path[i];
  Request made;
  for (const auto& [name, text] : given) {
    bool known = false;
    for_each_field(made, [&, name = name, text = text](std::string_view field, auto& member) {
      if (field != name) return;
      known = true;
      object[name] = query_value<std::decay_t<decltype(member)>>(text, name);
    });
    if (!known) throw json_mistake(name + ": is not known here");
  }
  from_json(object, made);
  return made;
}

template <class Request, class Answer>
route make(const char* method, const char* path, const char* summary) {
  return {method,
          std::string("/api/v1") + path,
          summary,
          std::string(artel::name_of(number_of<Request>())),
          std::string(artel::name_of(number_of<Answer>())),
          &read_as<Request>,
          &describe_as<Request, Answer>};
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (!pattern[i].starts_with("{") && pattern[i] != path[i]) return false;
  return true;
}

std::string decoded(std::string_view text, bool plus) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
            text.data() + i + 3) {
      made += static_cast<char>(value);
      i += 2;
    } else {
      made += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return made;
}

}  // namespace

http_target read_target(const std::string& target) {
  http_target made;
  const auto mark = std::min(target.find('?'), target.size());
  for (std::size_t from = 1; from <= mark && mark > 0;) {
    const auto to = std::min(target.find('/', from), mark);
    made.path.push_back(decoded(std::string_view(target).substr(from, to - from), false));
    from = to + 1;
  }
  for (std::size_t from = mark + 1; from < target.size();) {
    const auto to = std::min(target.find('&', from), target.size());
    const auto pair = std::string_view(target).substr(from, to - from);
    const auto equals = std::min(pair.find('='), pair.size());
    made.query[decoded(pair.substr(0, equals), true)] =
        equals < pair.size() ? decoded(pair.substr(equals + 1), true) : "";
    from = to + 1;
  }
  return made;
}

const std::vector<route>& routes() {
  static const std::vector<route> all{
      make<find_runs, runs_found>("GET", "/runs", "Runs, newest first, in pages"),
      make<submit_run, run_accepted>("POST", "/runs", "Start a run of a pipeline's text"),
      make<show_run, run_shown>("GET", "/runs/{run}", "A run with its steps"),
      make<await_run, run_shown>("GET", "/runs/{run}/end",
                                 "A run when it has ended, or after wait_ms"),
      make<cancel_run, done_so>("POST", "/runs/{run}/cancel", "Cancel a run"),
      make<retry_run, run_accepted>("POST", "/runs/{of}/retry",
                                    "A new run of what did not succeed"),
      make<list_artifacts, artifacts_listed>("GET", "/runs/{run}/artifacts", "What a run has made"),
      make<read_artifact, artifact_read>("GET", "/runs/{run}/artifacts/{step}/{name}",
                                         "The files of a folder that a step has made, or a piece "
                                         "of a file as text; …/content is the file itself"),
      make<read_log, log_read>("GET", "/runs/{run}/steps/{step}/log", "What an attempt wrote"),
      make<explain_step, step_explained>("GET", "/runs/{run}/steps/{step}/explanation",
                                         "Why a step is as it is"),
      make<mark_step, done_so>("POST", "/runs/{run}/steps/{step}/mark", "Decide how a step ended"),
      make<find_results, results_found>("GET", "/results", "What steps told in their results"),
      make<read_history, history_read>("GET", "/history", "How much was done of late"),
      make<list_pipelines, pipelines_listed>("GET", "/pipelines", "Pipelines and their last runs"),
      make<show_pipeline, pipeline_shown>("GET", "/pipelines/{name}", "A pipeline and its form"),
      make<list_limits, limits_listed>("GET", "/limits", "Rates and times set for steps"),
      make<limit_step, done_so>("POST", "/pipelines/{pipeline}/steps/{step}/limit",
                                "Limit starts and times of a step"),
      make<pause_work, done_so>("POST", "/pauses", "Pause a run, pipeline or schedule, or go on"),
      make<list_schedules, schedules_listed>("GET", "/schedules", "Schedules"),
      make<preview_schedule, schedule_previewed>("GET", "/schedules/{schedule}/times",
                                                 "Planned times of a schedule"),
      make<start_planned, run_accepted>("POST", "/schedules/{schedule}/times",
                                        "Start the run of a planned time"),
      make<list_nodes, nodes_listed>("GET", "/nodes", "Worker nodes"),
      make<drain_node, done_so>("POST", "/nodes/{node}/drain", "Drain a node, or no more"),
      make<change_node, done_so>("POST", "/nodes/{node}/change", "Slots, log levels, shutdown"),
      make<list_attempts, attempts_listed>("GET", "/attempts", "Attempts that are out"),
      make<show_tree, tree_shown>("GET", "/tree", "Supervision trees"),
      make<list_pools, pools_listed>("GET", "/pools", "Pools"),
      make<set_pool, done_so>("POST", "/pools/{name}", "Make, change or remove a pool"),
      make<list_alerts, alerts_listed>("GET", "/alerts", "Alerts and silences"),
      make<silence_alerts, done_so>("POST", "/alerts/{rule}/silence", "Silence alerts of a rule"),
      make<list_audit, audit_listed>("GET", "/audit", "Who asked for which change"),
      make<read_events, events_read>("GET", "/events", "Facts, in order, from a number"),
      make<read_lines, lines_read>("GET", "/lines", "Lines of all nodes' logs"),
      make<read_metrics, metrics_read>("GET", "/metrics", "Metrics, as /metrics has them"),
      make<watch_changes, changes_seen>("GET", "/changes", "Which runs have changed"),
      make<ping, pong>("GET", "/ping", "Is the coordinator there"),
  };
  return all;
}

outcome<admin_request> read_request(const std::string& method, const http_target& target,
                                    const std::string& body, std::string& allowed) {
  for (const auto& each : routes()) {
    if (!fits(read_target(each.path).path, target.path)) continue;
    if (each.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + each.method;
      continue;
    }
    try {
      return each.read(each, target, body);
    } catch (const json_mistake& e) {
      allowed.clear();
      return bad_input(each.request + ": " + e.what());
    }
  }
  return trouble{trouble_code::not_found,
                 allowed.empty() ? "there is nothing here; /api/v1/openapi.json says what there is"
                                 : "this takes " + allowed};
}

std::string text_of(const admin_answer& what) {
  return std::visit(
      [](const auto& one) {
        return to_json(one).dump(-1, ' ', false, json::error_handler_t::replace);
      },
      what);
}

unsigned status_of(trouble_code code) {
  switch (code) {
    case trouble_code::bad_input:
      return 400;
    case trouble_code::denied:
      return 403;
    case trouble_code::not_found:
      return 404;
    case trouble_code::conflict:
      return 409;
    case trouble_code::limit:
      return 429;
    case trouble_code::unavailable:
      return 503;
    default:
      return 500;
  }
}

std::string error_text(trouble_code code, const std::string& text) {
  return json{{"error", text}, {"code", static_cast<unsigned>(code)}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace artel::operation
