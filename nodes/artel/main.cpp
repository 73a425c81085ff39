// artel: the command line. Every verb but validate, graph and lint speaks to the admin socket and
// nothing else.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "messages/spelling.hpp"
#include "nodes/artel/journal.hpp"
#include "nodes/artel/lint.hpp"
#include "nodes/artel/run.hpp"

namespace artel::cli {
namespace {

constexpr const char* footer = R"(Examples:
  artel run config/pipelines/edt_analysis.yaml -p config_path=/src/my_configuration
  artel up --analyzers 2                       nodes on this host, until Ctrl-C
  artel submit pipeline.yaml -p day=2026-11-23 prints the run's id
  artel show last      artel logs last parse   artel explain last documentation
  artel nodes --json   artel tree
  artel lint src --format sarif=lint.sarif --baseline lint-baseline.json

Exit codes: 0 good · 1 the run failed · 2 bad input · 3 nobody listens, port in use, no space ·
            4 no such run, step or node · 5 cancelled or interrupted
            lint: 0 clean · 1 findings at or above --fail-on · 2 bad input · 3 not written)";

/// Options and the function of the verb that was chosen.
class command_line {
public:
  command_line() {
    app_.set_version_flag("--version", nodes::version());
    app_.require_subcommand(1);
    app_.footer(footer);
    app_.fallthrough();
    app_.add_option("--data", cli_.data, "data folder of the supervisor node on this host")
        ->capture_default_str();
    app_.add_option("--admin", cli_.admin,
                    "admin socket (default ipc://DATA/admin.sock, or $ARTEL_ADMIN)")
        ->envname("ARTEL_ADMIN");
    app_.add_option("--timeout", cli_.timeout_s, "seconds to wait for an answer")
        ->capture_default_str()
        ->check(CLI::Range(1, 3'600));
    app_.add_flag("--json", cli_.as_json, "print JSON for machines");
    add_starting_verbs();
    add_run_verbs();
    add_control_verbs();
    add_schedule_verbs();
    add_pool_verbs();
    add_cluster_verbs();
    add_journal_verb();
    add_lint_verb();
  }

  int main(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      const int code = app_.exit(e);
      if (code != 0) suggest(argc, argv);
      return code == 0 ? nodes::exit_ok : nodes::exit_bad_input;
    }
    cli_.colour = ::isatty(STDOUT_FILENO) == 1;
    // Nodes started from here must find the folder wherever they run.
    if (!cli_.data.empty())
      cli_.data = std::filesystem::absolute(cli_.data).lexically_normal().string();
    return chosen_();
  }

private:
  CLI::App* verb(const char* name, const char* purpose, std::function<int()> act) {
    auto* one = app_.add_subcommand(name, purpose);
    one->callback([this, act = std::move(act)] { chosen_ = act; });
    return one;
  }

  void add_node_options(CLI::App* to, up_options& what) {
    to->add_option("--trainers", what.trainers, "trainer nodes to start")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    to->add_option("--analyzers", what.analyzers, "analyzer nodes to start")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    to->add_option("--slots", what.slots, "slots of each (default: one per core)")
        ->check(CLI::Range(1, 100'000));
    to->add_option("--cluster", what.cluster,
                   "endpoint between the nodes (default ipc://DATA/cluster.sock)");
    to->add_option("--pass-env", what.pass_env,
                   "a variable of this environment that steps get as well (NAME or NAME*); may be "
                   "given several times")
        ->allow_extra_args(false);
    to->add_option("--log-level", what.log_level, "of the nodes")->capture_default_str();
  }

  void add_submit_options(CLI::App* to) {
    to->add_option("file", run_.file, "pipeline file")->required();
    to->add_option("-p,--param", run_.params, "NAME=VALUE; may be given several times")
        ->allow_extra_args(false);
    to->add_option("--id", run_.id, "the run's id, a ULID; submitting it twice starts one run");
    to->add_option("--idempotency-key", run_.key,
                   "any text; submitting again with it gives the first run");
    to->add_option("--priority", run_.priority, "instead of the pipeline's")
        ->check(CLI::Range(-1'000, 1'000));
  }

  void add_starting_verbs() {
    auto* up_verb =
        verb("up", "start a supervisor node and worker nodes on this host, until Ctrl-C",
             [this] { return up(cli_, run_.nodes); });
    add_node_options(up_verb, run_.nodes);
    up_verb->add_option("--pipelines", run_.nodes.pipelines,
                        "folder of pipeline files (*.yaml), whose schedules start runs");
    auto* run_verb = verb("run", "run a pipeline and watch it (starts nodes if nobody listens)",
                          [this] { return run(cli_, run_); });
    add_submit_options(run_verb);
    add_node_options(run_verb, run_.nodes);
  }

  void add_run_verbs() {
    verb("validate", "check a pipeline file", [this] { return validate(cli_, run_.file); })
        ->add_option("file", run_.file, "pipeline file")
        ->required();
    auto* graph_verb =
        verb("graph", "draw a pipeline file", [this] { return graph(cli_, run_.file, format_); });
    graph_verb->add_option("file", run_.file, "pipeline file")->required();
    graph_verb->add_option("--format", format_, "text, dot (Graphviz) or mermaid")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "dot", "mermaid"}));
    add_submit_options(
        verb("submit", "submit a run and leave", [this] { return submit(cli_, run_); }));
    auto* runs_verb =
        verb("runs", "list runs, newest first", [this] { return runs(cli_, limit_, pipeline_); });
    runs_verb->add_option("-n,--limit", limit_, "how many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000));
    runs_verb->add_option("--pipeline", pipeline_, "only of this pipeline");
    verb("show", "a run with its steps", [this] { return show(cli_, which_); })
        ->add_option("run", which_, "id, beginning of an id, or last")
        ->capture_default_str();
    auto* logs_verb = verb("logs", "what a step wrote to stdout and stderr",
                           [this] { return logs(cli_, which_, step_, attempt_, follow_); });
    logs_verb->add_option("run", which_, "id, beginning of an id, or last")->required();
    logs_verb->add_option("step", step_, "name, or name[instance]")->required();
    logs_verb->add_option("--attempt", attempt_, "which attempt (default: the latest)");
    logs_verb->add_flag("-f,--follow", follow_, "go on until the attempt ends");
    auto* cancel_verb =
        verb("cancel", "cancel a run", [this] { return cancel(cli_, which_, reason_); });
    cancel_verb->add_option("run", which_, "id, beginning of an id, or last")->required();
    cancel_verb->add_option("--reason", reason_, "for the record");
    auto* explain_verb = verb("explain", "why a step waits, or is as it is", [this] {
      return explain(cli_, step_.empty() ? "last" : which_, step_.empty() ? which_ : step_);
    });
    explain_verb->add_option("run", which_, "id, beginning of an id, or last (may be left out)")
        ->required();
    explain_verb->add_option("step", step_, "name, or name[instance]");
  }

  CLI::App* pause_verb(const char* name, const char* purpose, bool undo) {
    auto* one = verb(name, purpose, [this, undo] { return pause(cli_, pause_, undo); });
    one->add_option("run", pause_.run, "id, beginning of an id, or last");
    one->add_option("--pipeline", pause_.pipeline, "all runs of this pipeline, later ones too");
    one->add_option("--schedule", pause_.schedule, "a schedule: it starts no runs");
    one->add_option("--node", pause_.node, "a node: as drain does");
    one->add_option("--reason", pause_.reason, "for the record");
    return one;
  }

  void add_control_verbs() {
    pause_verb("pause", "start nothing more of a run, a pipeline or on a node; what runs goes on",
               false);
    pause_verb("resume", "take a pause back", true);
    auto* mark_verb = verb("mark", "decide how a step of a running run has ended",
                           [this] { return mark(cli_, which_, step_, as_, reason_); });
    auto* skip_verb = verb("skip", "the same as mark RUN STEP skipped",
                           [this] { return mark(cli_, which_, step_, "skipped", reason_); });
    for (auto* one : {mark_verb, skip_verb}) {
      one->add_option("run", which_, "id, beginning of an id, or last")->required();
      one->add_option("step", step_,
                      "name (all its instances that have not ended), or name[instance]")
          ->required();
      one->add_option("--reason", reason_, "for the record");
    }
    mark_verb->add_option("as", as_, "succeeded, failed or skipped")
        ->required()
        ->check(CLI::IsMember({"succeeded", "failed", "skipped"}));
    add_retry_verb();
  }

  void add_retry_verb() {
    auto* one = verb("retry", "a new run that takes over what has succeeded in an ended one",
                     [this] { return retry(cli_, retry_); });
    one->add_option("run", retry_.run, "id, beginning of an id, or last")->capture_default_str();
    one->add_option("--from", retry_.from,
                    "this step runs again, and all that comes after it; may be given several times")
        ->allow_extra_args(false);
    one->add_flag("--only-failed", retry_.only_failed, "of those only the instances that failed");
    one->add_flag("--with-downstream", retry_.with_downstream,
                  "what comes after a step that runs again runs again, though it succeeded");
    one->add_option("--succeeded", retry_.succeeded,
                    "this step counts as succeeded; may be given several times")
        ->allow_extra_args(false);
    one->add_option("--file", retry_.file,
                    "a mended pipeline file (default: the text that the run was started with)");
    one->add_option("--id", retry_.id, "the new run's id, a ULID; giving it twice starts one run");
    one->add_option("--reason", retry_.reason, "for the record");
  }

  void add_schedule_verbs() {
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
    auto* preview_verb =
        add("preview", "the planned times of one, known to the cluster or of a file",
            [this] { return preview(cli_, schedule_); });
    preview_verb->add_option("name", schedule_.name, "its name, or a pipeline file")->required();
    preview_verb->add_option("-n,--count", schedule_.count, "how many")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
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

  void add_pool_verbs() {
    auto* to = app_.add_subcommand("pool", "limits that hold over all nodes: list, set, remove");
    to->require_subcommand(1);
    to->add_subcommand("list", "all of them, and what is taken")->callback([this] {
      chosen_ = [this] { return list_of_pools(cli_); };
    });
    auto* set = to->add_subcommand("set", "make one, or give it another limit");
    set->callback(
        [this] { chosen_ = [this] { return set_a_pool(cli_, pool_, limit_, reason_); }; });
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

  void add_backfill_verb() {
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

  void add_cluster_verbs() {
    verb("nodes", "list worker nodes", [this] {
      return list_cluster(cli_, all_);
    })->add_flag("--all", all_, "also those that are lost or have left");
    auto* drain_verb =
        verb("drain", "place nothing more on a node, e.g. before its host is serviced",
             [this] { return drain(cli_, node_, undo_, reason_, wait_); });
    drain_verb->add_option("node", node_, "its name")->required();
    drain_verb->add_option("--reason", reason_, "for the record");
    drain_verb->add_flag("--undo", undo_, "it gets attempts again");
    drain_verb->add_flag("--wait", wait_, "until nothing runs there any more");
    verb("tree", "the supervision trees, with restart counts", [this] {
      return tree(cli_, node_);
    })->add_option("node", node_, "only of this node");
  }

  void add_journal_verb() {
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
    auto* compact =
        add("compact", "take old runs out and give the room back; no node may be running",
            compact_journal);
    add_file(compact);
    compact->add_option("--keep", journal_.keep, "runs that ended so long ago or less stay")
        ->capture_default_str();
    compact->add_option("--keep-runs", journal_.keep_runs, "the newest runs stay in any case")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  }

  void add_lint_verb() {
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
    to->add_option(
          "--fail-on", lint_.fail_on,
          "exit 1 at new findings of this severity or above: info, minor, major, critical, "
          "blocker, none")
        ->capture_default_str();
    to->add_option("--rules", lint_.rules,
                   "-rule,+rule changes the defaults; rule,rule means these only");
    to->add_option("--only", lint_.only,
                   "only findings below this path; may be given several times")
        ->allow_extra_args(false);
    to->add_option("--only-from", lint_.only_from,
                   "the same from a file with one path a line (- is stdin), as git diff "
                   "--name-only writes");
    to->add_flag("--skip-vendor", lint_.skip_vendor,
                 "leave out modules that the vendor's support has locked");
    to->add_flag("--list-rules", lint_.list_rules, "print all rules");
  }

  void suggest(int argc, char** argv) const {
    std::vector<std::string> names;
    for (const auto* each : app_.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(each->get_name());
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      if (word == "--data" || word == "--admin" || word == "--timeout") ++i;  // and its value
      if (word.starts_with('-')) continue;
      if (std::find(names.begin(), names.end(), argv[i]) == names.end())
        std::cerr << "artel: no verb '" << argv[i] << "'" << did_you_mean(argv[i], names) << '\n';
      return;
    }
  }

  CLI::App app_{"artel: pipelines of training and analysis steps on supervised nodes"};
  context cli_;
  run_options run_;
  lint_options lint_;
  journal_options journal_;
  pause_options pause_;
  retry_options retry_;
  schedule_options schedule_;
  std::string as_;
  std::function<int()> chosen_;
  std::uint32_t limit_ = 20;
  std::string pipeline_;
  std::string pool_;
  std::string format_ = "text";
  std::string which_ = "last";
  std::string step_;
  std::string reason_;
  std::string node_;
  std::uint32_t attempt_ = 0;
  bool follow_ = false;
  bool all_ = false;
  bool undo_ = false;
  bool wait_ = false;
};

}  // namespace
}  // namespace artel::cli

int main(int argc, char** argv) {
  artel::cli::command_line line;
  return line.main(argc, argv);
}
