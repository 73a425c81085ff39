// Verbs about schedules, pools, nodes, journals; and lint.
#include "nodes/artel/command_line.hpp"

namespace artel::cli {

void command_line::add_schedule_verbs() {
  auto* to = app_.add_subcommand("schedule", "list, preview, pause or resume schedules");
  to->require_subcommand(1);
  const auto add = [&](const char* name, const char* purpose, std::function<int()> act) {
    auto* one = to->add_subcommand(name, purpose);
    one->callback([this, act = std::move(act)] { chosen_ = act; });
    return one;
  };
  add("list", "all of them, with their next and last planned times", [this] {
    return list_of_schedules(cli_, pipeline_);
  })->add_option("--pipeline", pipeline_, "only of this pipeline");
  auto* preview_verb = add("preview", "the planned times of one, known to the cluster or of a file",
                           [this] { return preview(cli_, schedule_); });
  preview_verb->add_option("name", schedule_.name, "its name, or a pipeline file")->required();
  preview_verb->add_option("-n,--count", schedule_.count, "how many")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  preview_verb->add_option("--from", schedule_.from,
                           "2026-03-29, 2026-03-29T03:00, …; by the clock of its zone (default: "
                           "now)");
  preview_verb->add_option("--to", schedule_.to, "only before that");
  for (const bool undo : {false, true}) {
    auto* one = add(undo ? "resume" : "pause",
                    undo ? "it starts runs again" : "planned times pass and start nothing",
                    [this, undo] { return pause(cli_, pause_, undo); });
    one->add_option("name", pause_.schedule, "its name")->required();
    one->add_option("--reason", pause_.reason, "for the record");
  }
  add_backfill_verb();
}

void command_line::add_pool_verbs() {
  auto* to = app_.add_subcommand("pool", "limits that hold over all nodes: list, set, remove");
  to->require_subcommand(1);
  to->add_subcommand("list", "all of them, and what is taken")->callback([this] {
    chosen_ = [this] { return list_of_pools(cli_); };
  });
  auto* set = to->add_subcommand("set", "make one, or give it another limit");
  set->callback([this] { chosen_ = [this] { return set_a_pool(cli_, pool_, limit_, reason_); }; });
  auto* remove = to->add_subcommand("remove", "steps that ask for it wait");
  remove->callback([this] { chosen_ = [this] { return set_a_pool(cli_, pool_, {}, reason_); }; });
  for (auto* one : {set, remove}) {
    one->add_option("name", pool_, "its name")->required();
    one->add_option("--reason", reason_, "for the record");
  }
  set->add_option("limit", limit_, "how much may be taken at once")
      ->required()
      ->check(CLI::Range(0U, 1'000'000U));
}

void command_line::add_limit_verbs() {
  const auto add = [&](const char* name, const char* purpose, auto act, const char* value,
                       const char* form) {
    auto* one = verb(name, purpose, [this, act] {
      limited_.reason = reason_;
      return act(cli_, limited_, format_);
    });
    one->add_option("pipeline", limited_.pipeline, "its name")->required();
    one->add_option("step", limited_.step, "its name")->required();
    one->add_option(value, format_, form)->required();
    one->add_option("--reason", reason_, "for the record");
  };
  add("rate-limit", "how many attempts of a step may start, over all nodes and runs", &limit_rate,
      "rate", "2/s, 10/m, 6/h, or none");
  add("time-limit", "how long an attempt of a step may take, of those that start from now on",
      &limit_time, "length", "a duration such as 2h, or none: as the pipeline says");
  verb("limits", "rates and times that people have set for steps", [this] {
    return list_of_limits(cli_, pipeline_);
  })->add_option("--pipeline", pipeline_, "only of this pipeline");
}

void command_line::add_backfill_verb() {
  auto* one =
      verb("backfill", "start the runs of planned times that have passed, unless they had one",
           [this] { return backfill(cli_, schedule_); });
  one->add_option("schedule", schedule_.name, "its name")->required();
  one->add_option("from", schedule_.from,
                  "2026-03-01 or 2026-03-01T02:00, by the clock of its zone; included")
      ->required();
  one->add_option("to", schedule_.to, "not included")->required();
  one->add_flag("--dry-run", schedule_.dry_run, "only print the planned times");
  one->add_option("--parallel", schedule_.parallel, "so many of them run at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  one->add_option("--max", schedule_.runs_max, "refuse when there are more planned times")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  one->add_option("-p,--param", schedule_.params, "NAME=VALUE; may be given several times")
      ->allow_extra_args(false);
}

void command_line::add_cluster_verbs() {
  verb("nodes", "list worker nodes", [this] {
    return list_cluster(cli_, all_);
  })->add_flag("--all", all_, "also those that are lost or have left");
  verb("top", "nodes, runs and schedules at a glance, drawn again every second", [this] {
    return top(cli_, once_);
  })->add_flag("--once", once_, "print it and leave, as without a terminal");
  auto* drain_verb = verb("drain", "place nothing more on a node, e.g. before its host is serviced",
                          [this] { return drain(cli_, node_, undo_, reason_, wait_); });
  drain_verb->add_option("node", node_, "its name")->required();
  drain_verb->add_option("--reason", reason_, "for the record");
  drain_verb->add_flag("--undo", undo_, "it gets attempts again");
  drain_verb->add_flag("--wait", wait_, "until nothing runs there any more");
  verb("tree", "the supervision trees, with restart counts", [this] {
    return tree(cli_, node_);
  })->add_option("node", node_, "only of this node");
}

void command_line::add_journal_verb() {
  auto* to = app_.add_subcommand("journal", "check, backup, compact or salvage a journal");
  to->require_subcommand(1);
  const auto add = [&](const char* name, const char* purpose,
                       int (*act)(const context&, const journal_options&)) {
    auto* one = to->add_subcommand(name, purpose);
    one->callback([this, act] { chosen_ = [this, act] { return act(cli_, journal_); }; });
    return one;
  };
  const auto add_file = [&](CLI::App* one) {
    one->add_option("file", journal_.file, "the journal (default DATA/journal.sqlite)");
  };
  add_file(add("check", "read all of it and say what is wrong, beside a running node too",
               check_journal));
  auto* backup = add("backup", "a copy as of now, beside a running node too", backup_journal);
  auto* salvage =
      add("salvage", "a new journal with what can be read of a damaged one", salvage_journal);
  for (auto* one : {backup, salvage}) {
    one->add_option("to", journal_.to, "the new file")->required();
    add_file(one);
  }
  auto* compact = add("compact", "take old runs out and give the room back; no node may be running",
                      compact_journal);
  add_file(compact);
  compact->add_option("--keep", journal_.keep, "runs that ended so long ago or less stay")
      ->capture_default_str();
  compact->add_option("--keep-runs", journal_.keep_runs, "the newest runs stay in any case")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
}

void command_line::add_lint_verb() {
  auto* to = verb("lint", "best practices of 1C code: a configuration, modules or one module",
                  [this] { return lint(cli_, lint_); });
  to->add_option("path", lint_.path, "configuration, folder of .bsl files, or one .bsl file");
  to->add_option("--lang", lint_.lang, "ru or en")->capture_default_str();
  to->add_option("--format", lint_.formats,
                 "text, json, sarif, sonar, gitlab or junit; FORMAT=FILE writes a file; may be "
                 "given several times")
      ->allow_extra_args(false);
  to->add_option("--baseline", lint_.baseline, "findings in this file are known, not new");
  to->add_option("--write-baseline", lint_.write_baseline, "write all findings there and leave");
  to->add_option("--fail-on", lint_.fail_on,
                 "exit 1 at new findings of this severity or above: info, minor, major, critical, "
                 "blocker, none")
      ->capture_default_str();
  to->add_option("--rules", lint_.rules,
                 "-rule,+rule changes the defaults; rule,rule means these only");
  to->add_option("--only", lint_.only, "only findings below this path; may be given several times")
      ->allow_extra_args(false);
  to->add_option("--only-from", lint_.only_from,
                 "the same from a file with one path a line (- is stdin), as git diff "
                 "--name-only writes");
  to->add_flag("--skip-vendor", lint_.skip_vendor,
               "leave out modules that the vendor's support has locked");
  to->add_flag("--list-rules", lint_.list_rules, "print all rules");
}

}  // namespace artel::cli
