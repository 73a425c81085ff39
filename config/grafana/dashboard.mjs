// Writes artel.json, the dashboard: npm ci && npm run generate. Metrics: docs/METRICS.md.
import { DashboardBuilder, RowBuilder, DatasourceVariableBuilder, QueryVariableBuilder, ThresholdsConfigBuilder, ThresholdsMode,
         VariableRefresh } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as Lines } from "@grafana/grafana-foundation-sdk/timeseries";
import { PanelBuilder as Pie } from "@grafana/grafana-foundation-sdk/piechart";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Heat } from "@grafana/grafana-foundation-sdk/heatmap";
import { BigValueColorMode, GraphDrawStyle, StackingConfigBuilder, StackingMode, VizLegendOptionsBuilder, LegendDisplayMode,
         LegendPlacement } from "@grafana/grafana-foundation-sdk/common";

const source = { type: "prometheus", uid: "${source}" };
const at = 'instance=~"$instance"';
const of = `${at}, pipeline=~"$pipeline"`;
const bad = 'outcome=~"failed|crashed|out_of_memory"';
const ended = 'outcome=~"succeeded|failed|crashed|out_of_memory"';

function query(expr, legend = "", more = (one) => one) {
  return more(new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(source));
}
const now = (one) => one.instant();
const steps = (...levels) => new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute)
  .steps(levels.map(([value, color]) => ({ value, color })));

function stat(title, description, expr, unit, levels) {
  return new Stat().title(title).description(description).datasource(source).unit(unit).span(3).height(4)
    .colorMode(BigValueColorMode.Value).thresholds(steps(...levels)).withTarget(query(expr, "", now));
}

function lines(title, description, unit, targets) {
  const panel = new Lines().title(title).description(description).datasource(source).unit(unit).min(0).span(8).height(8)
    .fillOpacity(10).lineWidth(1)
    .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([]));
  for (const [expr, legend] of targets) panel.withTarget(query(expr, legend));
  return panel;
}

function bars(title, description, targets) {
  return lines(title, description, "short", targets).drawStyle(GraphDrawStyle.Bars).fillOpacity(80)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

const p95 = (name, labels, by) =>
  `histogram_quantile(0.95, sum by (${["le", ...by].join(", ")}) (rate(${name}_bucket{${labels}}[$__rate_interval])))`;

const good = [null, "green"];
const dashboard = new DashboardBuilder("Artel").uid("artel").tags(["artel"]).timezone("browser").refresh("30s").editable()
  .description("Pipelines, nodes, schedules and the journal of an Artel cluster")
  .time({ from: "now-6h", to: "now" })
  .withVariable(new DatasourceVariableBuilder("source").label("Prometheus").type("prometheus"))
  .withVariable(new QueryVariableBuilder("instance").label("Supervisor node").datasource(source).refresh(VariableRefresh.OnTimeRangeChanged)
    .query("label_values(artel_build_info, instance)").multi(true).includeAll(true).allValue(".*"))
  .withVariable(new QueryVariableBuilder("pipeline").label("Pipeline").datasource(source).refresh(VariableRefresh.OnTimeRangeChanged)
    .query(`label_values(artel_runs_submitted_total{${at}}, pipeline)`).multi(true).includeAll(true).allValue(".*"))

  .withRow(new RowBuilder("Now"))
  .withPanel(stat("Workers", "Worker nodes that are there.", `sum(artel_nodes{${at}, state="alive"})`, "short", [[null, "red"], [1, "green"]]))
  .withPanel(stat("Active now", "Attempts that run on nodes.", `sum(artel_node_attempts{${at}}) or vector(0)`, "short", [good]))
  .withPanel(stat("Queue", "Step instances that could start and wait for a place.", `sum(artel_queue_length{${at}})`, "short", [good, [100, "orange"]]))
  .withPanel(stat("Runs", "Runs that have not ended.", `sum(artel_runs_active{${of}}) or vector(0)`, "short", [good]))
  .withPanel(stat("Executed, 24 h", "Attempts that ended in the last 24 hours, however.", `sum(increase(artel_attempts_total{${of}}[24h]))`, "short", [good]))
  .withPanel(stat("Failed, 1 h", "Attempts that failed, crashed or ran out of memory in the last hour.", `sum(increase(artel_attempts_total{${of}, ${bad}}[1h]))`, "short", [good, [1, "orange"], [5, "red"]]))
  .withPanel(stat("Success, 1 h", "Share of the attempts of the last hour that succeeded; without those that people stopped or nodes gave back.",
    `1 - sum(increase(artel_attempts_total{${of}, ${bad}}[1h])) / (sum(increase(artel_attempts_total{${of}, ${ended}}[1h])) > 0) or vector(1)`, "percentunit", [[null, "red"], [0.95, "orange"], [0.99, "green"]]))
  .withPanel(stat("Alerts", "Alerts of Artel's own rules that fire.", `sum(artel_alerts{${at}, state="firing"}) or vector(0)`, "short", [good, [1, "red"]]))

  .withRow(new RowBuilder("Work"))
  .withPanel(lines("Execution rate", "Attempts that end, a second.", "ops", [[`sum by (pipeline) (rate(artel_attempts_total{${of}}[$__rate_interval]))`, "{{pipeline}}"]]))
  .withPanel(lines("Duration of attempts, p95", "Nineteen of twenty attempts took no longer.", "s", [[p95("artel_attempt_duration_seconds", of, ["pipeline"]), "{{pipeline}}"]]))
  .withPanel(bars("Failures", "Attempts that failed, crashed or ran out of memory, when.", [[`sum by (pipeline, outcome) (increase(artel_attempts_total{${of}, ${bad}}[$__rate_interval]))`, "{{pipeline}} {{outcome}}"]]))
  .withPanel(new Pie().title("States of steps").description("Step instances of runs that have not ended, by state.").datasource(source).span(4).height(8)
    .withTarget(query(`sum by (state) (artel_steps{${at}})`, "{{state}}", now)))
  .withPanel(new Pie().title("Ends of runs, 24 h").description("Runs that ended in the last 24 hours, by how.").datasource(source).span(4).height(8)
    .withTarget(query(`sum by (state) (increase(artel_runs_total{${of}}[24h]))`, "{{state}}", now)))
  .withPanel(lines("Restarts", "Restarts of failed or crashed attempts a second, and groups begun anew.", "ops", [
    [`sum by (pipeline) (rate(artel_step_restarts_total{${of}}[$__rate_interval]))`, "{{pipeline}}"],
    [`sum by (pipeline) (rate(artel_group_restarts_total{${of}}[$__rate_interval]))`, "{{pipeline}}: groups"]]))
  .withPanel(lines("Queue", "Steps that wait for a place, and for how long nineteen of twenty waited.", "short", [
    [`sum(artel_queue_length{${at}})`, "waiting"], [p95("artel_queue_wait_seconds", of, []), "p95 of the wait, s"]]))
  .withPanel(new Heat().title("Attempts by hour and duration").description("How many attempts ended in each hour, by how long they took.").datasource(source)
    .calculate(false).span(16).height(8).interval("1h")
    .withTarget(query(`sum by (le) (increase(artel_attempt_duration_seconds_bucket{${of}}[1h]))`, "{{le}}", (one) => one.format("heatmap").interval("1h"))))
  .withPanel(lines("Duration of runs, p95", "From submission to end.", "s", [[p95("artel_run_duration_seconds", of, ["pipeline"]), "{{pipeline}}"]]))
  .withPanel(lines("Taken from the cache, skipped, marked", "Step instances that ended without an attempt, a second.", "ops", [
    [`sum(rate(artel_steps_from_cache_total{${of}}[$__rate_interval]))`, "from the cache"],
    [`sum(rate(artel_steps_skipped_total{${of}}[$__rate_interval]))`, "skipped"],
    [`sum(rate(artel_steps_marked_total{${of}}[$__rate_interval]))`, "marked by people"]]))

  .withRow(new RowBuilder("Nodes"))
  .withPanel(lines("Active attempts", "By node, and the slots of all.", "short", [
    [`sum by (node) (artel_node_attempts{${at}})`, "{{node}}"], [`sum(artel_node_slots{${at}})`, "slots of all"]]))
  .withPanel(lines("Memory", "Of nodes and the steps that run below them.", "bytes", [
    [`sum by (node) (artel_node_steps_memory_bytes{${at}})`, "{{node}}: steps"],
    [`sum by (node) (artel_node_process_memory_bytes{${at}})`, "{{node}}: node"],
    [`sum by (instance) (process_resident_memory_bytes{${at}, job="artel"})`, "supervisor node {{instance}}"]]))
  .withPanel(lines("CPU of steps", "Cores that steps keep busy.", "short", [
    [`sum by (node) (rate(artel_node_steps_cpu_seconds_total{${at}}[$__rate_interval]))`, "{{node}}"]]))
  .withPanel(new Table().title("Nodes").description("Worker nodes that are there, and what is free there.").datasource(source).span(16).height(8)
    .withTarget(query(`sum by (node, kind) (artel_node_slots{${at}})`, "", (one) => now(one).format("table").refId("slots")))
    .withTarget(query(`sum by (node, kind) (artel_node_slots_free{${at}})`, "", (one) => now(one).format("table").refId("free")))
    .withTarget(query(`sum by (node, kind) (artel_node_cpu_cores_free{${at}})`, "", (one) => now(one).format("table").refId("cores")))
    .withTarget(query(`sum by (node, kind) (artel_node_crashes{${at}})`, "", (one) => now(one).format("table").refId("crashes")))
    .withTarget(query(`max by (node, kind) (artel_node_silence_seconds{${at}})`, "", (one) => now(one).format("table").refId("silence")))
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({ id: "organize", options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {
      "Value #slots": "slots", "Value #free": "free slots", "Value #cores": "free cores", "Value #crashes": "crashes", "Value #silence": "silent, s" } } }))
  .withPanel(lines("Links and logs", "Frames that the supervisor node has not acknowledged; lines that found no room on their way, a second.", "short", [
    [`sum by (node) (artel_link_frames_kept{${at}})`, "{{node}}: frames"],
    [`sum by (node) (rate(artel_node_log_lines_dropped_total{${at}}[$__rate_interval]))`, "{{node}}: lines"]]))

  .withRow(new RowBuilder("Journal and schedules"))
  .withPanel(lines("Journal", "How long transactions take, with their sync.", "s", [
    [p95("artel_journal_commit_seconds", at, []), "p95"],
    [`sum(rate(artel_journal_commit_seconds_sum{${at}}[$__rate_interval])) / sum(rate(artel_journal_commit_seconds_count{${at}}[$__rate_interval]))`, "mean"]]))
  .withPanel(lines("Facts", "Made durable a second, and waiting to be.", "short", [
    [`sum(rate(artel_journal_facts_written_total{${at}}[$__rate_interval]))`, "written a second"],
    [`sum(artel_journal_facts_waiting{${at}})`, "waiting"]]))
  .withPanel(lines("Files", "Size of the journal and of the store of lines.", "bytes", [
    [`sum(artel_journal_bytes{${at}})`, "journal"], [`sum(artel_log_store_bytes{${at}})`, "lines"]]))
  .withPanel(new Table().title("Schedules").description("When each is planned next.").datasource(source).span(12).height(8).unit("dateTimeFromNow")
    .withTarget(query(`sum by (schedule) (artel_schedule_next_timestamp_seconds{${at}} > 0) * 1000`, "", (one) => now(one).format("table")))
    .withTransformation({ id: "organize", options: { excludeByName: { Time: true }, indexByName: {}, renameByName: { Value: "next" } } }))
  .withPanel(lines("Lateness of schedules", "How long planned times have been due without having been dealt with.", "s", [
    [`max by (schedule) (artel_schedule_lateness_seconds{${at}})`, "{{schedule}}"]]).span(12));

process.stdout.write(JSON.stringify(dashboard.build(), null, 1) + "\n");
