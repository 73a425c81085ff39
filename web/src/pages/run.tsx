import { useState } from "preact/hooks";
import { api, path, query, useData, type Fact, type Run } from "../api";
import { moment, short } from "../format";
import { t } from "../i18n";
import { readResult } from "../numbers";
import { Act, Bar, Nothing, Panel, Problem, Scroll, State, Told, Took, isBad } from "../parts";
import { Link, asked, go } from "../router";
import { ArtifactTable, Metrics, Shown, type Artifacts } from "../run/artifacts";
import { useFacts } from "../run/facts";
import { Graph } from "../run/graph";
import { StepTable } from "../run/steps";
import { Timeline } from "../run/timeline";

export function RunPage({ id }: { id: string }) {
  const [tab, setTab] = [asked("tab") || "steps", (to: string) => go(path("runs", id) + query({ tab: to === "steps" ? "" : to }), true)];
  const got = useData<Run>(path("runs", id), (what) => what.runs.includes(id) || what.cluster, 0);
  const artifacts = useData<Artifacts>(tab === "artifacts" || tab === "metrics" ? path("runs", id, "artifacts") : null, (what) => what.runs.includes(id));
  const run = got.value;
  const facts = useFacts(id, run === undefined || run.summary.state === "running", tab === "timeline" || tab === "events");
  if (!run) return <><h1>{t("Run")} <code>{short(id)}</code></h1><Problem text={got.error} /></>;
  const { summary } = run;
  const going = summary.state === "running";
  const failed = run.steps.filter((step) => isBad(step.state));
  const retry = (body: object) => async (reason: string) => {
    const made = await api<{ run: string }>(path("runs", id, "retry"), { ...body, reason });
    go(path("runs", made.run));
    return { text: `${t("Run")} ${made.run}` };
  };
  const results = run.steps.filter((step) => step.result && step.result !== "{}");
  // A step that names an artifact under `report` in its result wants it to be shown.
  const report = run.steps.map((step) => ({ step: step.name, name: readResult(step.result).report })).find((one): one is { step: string; name: string } => typeof one.name === "string" && one.name !== "");
  const tabs: [string, string][] = [["steps", "Steps"], ["graph", "Graph"], ["timeline", "Timeline"], ["metrics", "Charts"], ["events", "Events"], ["artifacts", "Artifacts"], ...(report ? [["report", "Report"] as [string, string]] : [])];
  return <>
    <h1><Link to={path("pipelines", summary.pipeline)}>{summary.pipeline}</Link> <State of={summary.state} /></h1>
    <dl class="facts">
      <div><dt>{t("Run")}</dt><dd><code>{summary.run}</code></dd></div><div><dt>{t("Started")}</dt><dd>{moment(summary.submitted_ms)}</dd></div>
      <div><dt>{t("Took")}</dt><dd><Took from={summary.submitted_ms} to={summary.ended_ms} /></dd></div><div><dt>{t("Who")}</dt><dd>{run.schedule ? <Link to="/schedules">{run.schedule}</Link> : run.by}</dd></div>
      <div><dt>{t("Steps")}</dt><dd>{summary.ended_instances}/{summary.instances}</dd></div><div><dt>{t("Restarts")}</dt><dd>{summary.restarts}</dd></div>
      {run.retry_of && <div><dt>{t("retries")}</dt><dd><Link to={path("runs", run.retry_of)}><code>{short(run.retry_of)}</code></Link></dd></div>}
    </dl>
    {going && <Bar done={summary.ended_instances} of={summary.instances} label={t("Progress")} />}
    {run.reason && <p class={summary.state === "failed" ? "problem" : "notice"}>{run.reason}</p>}
    {run.paused && <p class="notice">‖ {run.paused}</p>}
    <p class="actions">
      {going && <Act label="Cancel" danger title={`${t("Cancel")}: ${summary.pipeline} ${short(id)}`} act={(reason) => api(path("runs", id, "cancel"), { reason })} />}
      {going && <Act label={run.paused ? "Resume" : "Pause"} title={`${t(run.paused ? "Resume" : "Pause")}: ${short(id)}`} act={(reason) => api("/pauses", { run: id, undo: !!run.paused, reason })} />}
      {!going && <Act label="Retry" title={`${t("Retry")}: ${summary.pipeline} ${short(id)}`} act={retry({})} />}
      {!going && failed.length > 0 && <Act label="Retry failed only" title={`${t("Retry failed only")}: ${failed.map((step) => step.name).join(", ")}`} act={retry({ from: failed.map((step) => step.name), only_failed: true })} />}
    </p>
    <div class="panels">
      <Panel title="" wide extra={<div role="tablist" class="tabs">{tabs.map(([name, title]) => <button key={name} type="button" role="tab" id={`tab-${name}`} aria-controls="tabpanel" aria-selected={tab === name} onClick={() => setTab(name)}>{t(title)}</button>)}</div>}>
        <div id="tabpanel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "steps" && <StepTable run={id} steps={run.steps} />}
        {tab === "graph" && <Graph run={id} steps={run.steps} />}
        {tab === "timeline" && <Timeline run={id} facts={facts} going={going} />}
        {tab === "events" && <EventList facts={facts} />}
        {tab === "artifacts" && (artifacts.value ? <ArtifactTable run={id} of={artifacts.value} /> : <Problem text={artifacts.error} />)}
        {tab === "metrics" && (artifacts.value ? <Metrics run={id} of={artifacts.value} /> : <Problem text={artifacts.error} />)}
        {tab === "report" && (report ? <Shown run={id} step={report.step} name={report.name} /> : <Nothing text="No step of it has made a report." />)}
        </div>
      </Panel>
      {Object.values(run.params).some((value) => value !== "") && <Panel title={t("Parameters")}><dl class="params">{Object.entries(run.params).filter(([, value]) => value !== "").map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl></Panel>}
      {results.length > 0 && <Panel title={t("Result")} wide><dl class="params">{results.slice(0, 50).map((step) => <div key={step.name}><dt>{step.name}</dt><dd><Told result={step.result} /></dd></div>)}</dl></Panel>}
    </div>
  </>;
}

export function EventList({ facts }: { facts: Fact[] }) {
  const [most, setMost] = useState(200);
  if (facts.length === 0) return <Nothing />;
  return <><Scroll><table><thead><tr><th>#</th><th>{t("When")}</th><th>{t("Event")}</th><th>{t("Step")}</th><th>{t("Attempt")}</th><th>{t("Text")}</th></tr></thead>
    <tbody>{[...facts].reverse().slice(0, most).map((one) => <tr key={one.number}><td class="number">{one.number}</td><td>{moment(one.at_ms)}</td><td>{one.kind}</td>
      <td>{one.step && <Link to={path("runs", one.run, "steps", one.step)}>{one.step}</Link>}</td><td class="number">{one.attempt || ""}</td><td class="wide">{one.text.slice(0, 500)}</td></tr>)}</tbody></table></Scroll>
    {facts.length > most && <p><button type="button" onClick={() => setMost(most + 1000)}>{t("More")} ({facts.length - most})</button></p>}</>;
}

