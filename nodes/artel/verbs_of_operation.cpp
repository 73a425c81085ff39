// Verbs for operators.
#include <unistd.h>

#include <regex>

#include "config/pipeline_file.hpp"
#include "nodes/artel/command_line.hpp"
#include "nodes/artel/completion.hpp"

namespace artel::cli {

int check_config(const context&, const std::string& file) {
  const auto text = config::read_text_file(file);
  if (!text) return fail(text.error());
  std::smatch kind;
  static const std::regex node_key(
      R"((^|\n)node:[ \t]*(supervisor|trainer|analyzer)[ \t]*(#[^\n]*)?(\n|$))");
  if (!std::regex_search(*text, kind, node_key))
    return fail(bad_input(file +
                          ": expected a key 'node: supervisor', trainer or analyzer, which program "
                          "the options are for"));
  const auto program = nodes::binary_folder() + "/artel-" + kind[2].str();
  ::execl(program.c_str(), program.c_str(), "--config", file.c_str(), "--check", nullptr);
  return fail({trouble_code::unavailable, program + ": can not be started"});
}

void command_line::add_lines_verb() {
  auto* one =
      verb("logs", "what a step wrote (logs RUN STEP), or lines of all nodes' logs", [this] {
        const bool of_step = !lines_.run.empty() && !step_.empty();
        if (of_step) return logs(cli_, lines_.run, step_, attempt_, lines_.follow);
        return lines(cli_, lines_);
      });
  one->add_option("run", lines_.run, "id, beginning of an id, or last: lines about that run");
  one->add_option("step", step_, "name, or name[instance]: its stdout and stderr instead");
  one->add_option("--attempt", attempt_, "of a step: which attempt (default: the latest)");
  one->add_flag("-f,--follow", lines_.follow, "go on: until the attempt ends, or until Ctrl-C");
  one->add_option("--about", lines_.step, "lines about this step");
  one->add_option("--node", lines_.node, "lines that this node wrote, or that are about it");
  one->add_option("--event", lines_.event, "lines of this event (docs/LOGS.md)");
  one->add_option("--level", lines_.level, "of this level and above: info, warn, error, critical");
  one->add_option("--text", lines_.text, "lines with this text in a field");
  one->add_option("--since", lines_.since, "2h (ago), 2026-11-27T10:00, 2026-11-27T10:00Z");
  one->add_option("--until", lines_.until, "only before that");
  one->add_option("-n,--count", lines_.count, "at most so many, the newest")
      ->capture_default_str()
      ->check(CLI::Range(1U, entries_read_max));
}

void command_line::add_looking_verbs() {
  auto* events_verb = verb("events", "what happened to runs and steps, from the journal, in order",
                           [this] { return events(cli_, events_); });
  events_verb->add_option("run", events_.run, "id, beginning of an id, or last");
  events_verb->add_option("--pipeline", events_.pipeline, "only of its runs");
  events_verb->add_option("--after", events_.after, "only events with a greater number; 0: all");
  events_verb->add_flag("-f,--follow", events_.follow, "go on until Ctrl-C");
  auto* active_verb = verb("active", "attempts that are out on nodes now, the longest first",
                           [this] { return active(cli_, node_, pipeline_); });
  active_verb->add_option("node", node_, "only on this node");
  active_verb->add_option("--pipeline", pipeline_, "only of this pipeline");
  verb("stats", "every metric now, as /metrics has them", [this] {
    return stats(cli_, node_);
  })->add_option("name", node_, "only those whose name begins with it");
  verb("registered", "the native steps that nodes offer", [this] {
    return registered(cli_, node_);
  })->add_option("node", node_, "only of this node");
  verb("ping", "who is there", [this] { return ping_cluster(cli_); });
}

void command_line::add_changing_verbs() {
  const auto add = [&](const char* name, const char* purpose, std::function<void()> fill) {
    auto* one = verb(name, purpose, [this, fill = std::move(fill)] {
      fill();
      change_.reason = reason_;
      return change(cli_, change_);
    });
    one->add_option("node", change_.node, "its name, or all: every worker node that is there")
        ->required();
    one->add_option("--reason", reason_, "for the record");
    return one;
  };
  auto* slots = add("slots", "give a worker node more or fewer slots while it runs",
                    [this] { change_.slots = limit_; });
  slots->add_option("slots", limit_, "attempts at once; what runs goes on")
      ->required()
      ->check(CLI::Range(1U, 100'000U));
  auto* levels = add("log-level", "what a node writes to its log from now on", [] {});
  levels->add_option("levels", change_.log_levels, "info, or by room: info,transport=debug")
      ->required();
  auto* shutdown = add("shutdown", "end a node", [this] {
    change_.shutdown = hard_   ? shutdown_kind::hard
                       : soft_ ? shutdown_kind::soft
                               : shutdown_kind::warm;
  });
  auto* warm = shutdown->add_flag("--warm", warm_,
                                  "when what runs there has ended (so it is without another)");
  auto* soft = shutdown->add_flag("--soft", soft_,
                                  "what runs gets SIGTERM and its grace, and starts elsewhere");
  shutdown->add_flag("--hard", hard_, "at once, as kill -9")->excludes(soft)->excludes(warm);
  soft->excludes(warm);
}

void command_line::add_alert_verbs() {
  auto* to = app_.add_subcommand("alerts", "what the rules of alerts have found; silences");
  to->require_subcommand(0, 1);
  to->callback([this] {
    if (!chosen_) chosen_ = [this] { return alerts(cli_, all_); };
  });
  to->add_flag("--all", all_, "also those that were resolved in the last day");
  const auto add = [&](const char* name, const char* purpose, std::function<int()> act) {
    auto* one = to->add_subcommand(name, purpose);
    one->callback([this, act = std::move(act)] { chosen_ = act; });
    return one;
  };
  add("rules", "names of the rules", [this] { return alert_rules(cli_); });
  add("check", "look whether a file of rules is good", [this] { return check_rules(cli_, node_); })
      ->add_option("file", node_, "as --monitor gets it")
      ->required();
  for (const bool undo : {false, true}) {
    auto* one = add(undo ? "unsilence" : "silence",
                    undo ? "people are told again" : "nobody is told for a while; alerts are shown",
                    [this, undo] { return silence(cli_, silence_, undo); });
    one->add_option("rule", silence_.rule, "its name, or '*' for all")->required();
    one->add_option("-l,--label", silence_.labels, "NAME=VALUE: only alerts with it")
        ->allow_extra_args(false);
    if (!undo) one->add_option("--for", silence_.length, "how long")->capture_default_str();
    one->add_option("--reason", silence_.reason, "for the record");
  }
}

void command_line::add_operation_verbs() {
  add_lines_verb();
  add_looking_verbs();
  add_changing_verbs();
  add_alert_verbs();
  verb("completion", "a script that completes verbs and options: eval \"$(artel completion bash)\"",
       [this] { return print_completion(app_, format_); })
      ->add_option("shell", format_, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  auto* to = app_.add_subcommand("config", "files with the options of nodes: check");
  to->require_subcommand(1);
  auto* check = to->add_subcommand("check", "look whether the options in a file are good");
  check->callback([this] { chosen_ = [this] { return check_config(cli_, node_); }; });
  check->add_option("file", node_, "YAML, with a key 'node'")->required();
}

}  // namespace artel::cli
