// Verbs that start, show and steer runs.
#include "config/schema.hpp"
#include "nodes/artel/command_line.hpp"

namespace artel::cli {

void command_line::add_node_options(CLI::App* to, up_options& what) {
  to->add_option("--trainers", what.trainers, "trainer nodes to start")
      ->capture_default_str()
      ->check(CLI::Range(0, 64));
  to->add_option("--analyzers", what.analyzers, "analyzer nodes to start")
      ->capture_default_str()
      ->check(CLI::Range(0, 64));
  to->add_option("--slots", what.slots, "slots of each (default: one per core)")
      ->check(CLI::Range(1, 100'000));
  to->add_option("--cluster", what.cluster,
                 "endpoint between the nodes, of this host (default ipc://DATA/cluster.sock); "
                 "nodes of several "
                 "hosts are started one by one, with keys: docs/SECURITY.md");
  to->add_option("--pass-env", what.pass_env,
                 "a variable of this environment that steps get as well (NAME or NAME*); may be "
                 "given several times")
      ->allow_extra_args(false);
  to->add_option("--log-level", what.log_level, "of the nodes")->capture_default_str();
}

void command_line::add_submit_options(CLI::App* to) {
  to->add_option("file", run_.file, "pipeline file")->required();
  to->add_option("-p,--param", run_.params, "NAME=VALUE; may be given several times")
      ->allow_extra_args(false);
  to->add_option("--id", run_.id, "the run's id, a ULID; submitting it twice starts one run");
  to->add_option("--idempotency-key", run_.key,
                 "any text; submitting again with it gives the first run");
  to->add_flag("--no-cache", run_.no_cache, "take no results of earlier runs");
  to->add_option("--priority", run_.priority, "instead of the pipeline's")
      ->check(CLI::Range(-1'000, 1'000));
}

void command_line::add_starting_verbs() {
  auto* up_verb = verb("up", "start a supervisor node and worker nodes on this host, until Ctrl-C",
                       [this] { return up(cli_, run_.nodes); });
  add_node_options(up_verb, run_.nodes);
  up_verb->add_option("--http", run_.nodes.http,
                      "serve the page there, e.g. 127.0.0.1:9808; artel page prints its address");
  up_verb->add_option("--pipelines", run_.nodes.pipelines,
                      "folder of pipeline files (*.yaml), whose schedules start runs");
  auto* run_verb = verb("run", "run a pipeline and watch it (starts nodes if nobody listens)",
                        [this] { return run(cli_, run_); });
  add_submit_options(run_verb);
  add_node_options(run_verb, run_.nodes);
}

void command_line::add_run_verbs() {
  verb("validate", "check a pipeline file", [this] { return validate(cli_, run_.file); })
      ->add_option("file", run_.file, "pipeline file")
      ->required();
  verb("schema", "a JSON Schema of pipeline files, for editors", [] {
    std::cout << config::pipeline_schema();
    return nodes::exit_ok;
  });
  auto* graph_verb =
      verb("graph", "draw a pipeline file", [this] { return graph(cli_, run_.file, format_); });
  graph_verb->add_option("file", run_.file, "pipeline file")->required();
  graph_verb->add_option("--format", format_, "text, dot (Graphviz) or mermaid")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "dot", "mermaid"}));
  add_submit_options(
      verb("submit", "submit a run and leave", [this] { return submit(cli_, run_); }));
  auto* dry_verb = verb("dry-run", "what would run where, when and for how long",
                        [this] { return dry_run(cli_, run_); });
  dry_verb->add_option("file", run_.file, "pipeline file")->required();
  dry_verb->add_option("-p,--param", run_.params, "NAME=VALUE; may be given several times")
      ->allow_extra_args(false);
  auto* runs_verb =
      verb("runs", "list runs, newest first", [this] { return runs(cli_, limit_, pipeline_); });
  runs_verb->add_option("-n,--limit", limit_, "how many")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  runs_verb->add_option("--pipeline", pipeline_, "only of this pipeline");
  verb("show", "a run with its steps", [this] { return show(cli_, which_); })
      ->add_option("run", which_, "id, beginning of an id, or last")
      ->capture_default_str();
  auto* wait_verb = verb("wait", "follow a run until it ends; exits as artel run does",
                         [this] { return wait(cli_, which_, timeout_); });
  wait_verb->add_option("run", which_, "id, beginning of an id, or last")->capture_default_str();
  wait_verb->add_option("--timeout", timeout_, "give up waiting after so long, as 30s or 10m");
  auto* artifacts_verb =
      verb("artifacts", "what the steps of a run have made, and where it lies", [this] {
        return get_.empty() ? artifacts(cli_, which_, step_)
                            : get_artifact(cli_, which_, step_, get_, get_to_);
      });
  artifacts_verb->add_option("run", which_, "id, beginning of an id, or last")
      ->capture_default_str();
  artifacts_verb->add_option("step", step_, "name, or name[instance]");
  auto* get = artifacts_verb->add_option("--get", get_, "save the artifact of this name");
  artifacts_verb->add_option("--to", get_to_, "where (default: its name, in the current folder)")
      ->needs(get);
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

CLI::App* command_line::pause_verb(const char* name, const char* purpose, bool undo) {
  auto* one = verb(name, purpose, [this, undo] { return pause(cli_, pause_, undo); });
  one->add_option("run", pause_.run, "id, beginning of an id, or last");
  one->add_option("--pipeline", pause_.pipeline, "all runs of this pipeline, later ones too");
  one->add_option("--schedule", pause_.schedule, "a schedule: it starts no runs");
  one->add_option("--node", pause_.node, "a node: as drain does");
  one->add_option("--reason", pause_.reason, "for the record");
  return one;
}

void command_line::add_control_verbs() {
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

void command_line::add_retry_verb() {
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

}  // namespace artel::cli
