import { useEffect, useMemo, useState } from "preact/hooks";
import { api, path, query, stepStates, useData, type Fact, type Run, type Step } from "../api";
import { moment, short, size, sum } from "../format";
import { t } from "../i18n";
import { Act, Bar, Nothing, Panel, Problem, Scroll, State, Took, isBad } from "../parts";
import { Link, asked, go } from "../router";
import { Graph } from "../run/graph";
import { Timeline } from "../run/timeline";

interface Artifacts { artifacts: { step: string; what: { name: string; hash: string; size: number; folder: boolean }; nodes: string[] }[]; in_all: number }

export function InstanceBar({ of }: { of: Step }) {
  const count = (state: string) => of.by_state[stepStates.indexOf(state as never)] ?? 0;
  return <Bar done={sum(of.by_state.slice(5))} of={of.instances} bad={count("failed") + count("poisoned")} label={of.name} />;
}

function StepTable({ run, steps }: { run: string; steps: Step[] }) {
  const [most, setMost] = useState(200);
  const order = (step: Step) => (isBad(step.state) ? 0 : step.state === "running" || step.state === "publishing" ? 1 : 2);
  const all = useMemo(() => (steps.length > 30 ? [...steps].sort((a, b) => order(a) - order(b)) : steps), [steps]);
  return <><Scroll><table>
    <thead><tr><th>{t("State")}</th><th>{t("Step")}</th><th>{t("Took")}</th><th>{t("Node")}</th><th>{t("Attempts")}</th><th>{t("Progress")}</th></tr></thead>
    <tbody>{all.slice(0, most).map((step) => <tr key={step.name}>
      <td><State of={step.state} /></td><td><Link to={path("runs", run, "steps", step.name)}>{step.name}</Link>{step.instances > 1 && <small> × {step.instances}</small>}
        {step.error && isBad(step.state) && <small class="under bad">{step.error}</small>}{step.note && <small class="under">{step.note}</small>}</td>
      <td><Took from={step.started_ms} to={step.ended_ms} /></td><td>{step.node}</td><td class="number">{step.attempts > step.instances ? step.attempts : ""}</td>
      <td>{step.instances > 1 ? <InstanceBar of={step} /> : step.total > 0 && step.state === "running" ? <><Bar done={step.done} of={step.total} label={step.name} /><small>{step.progress}</small></> : <small>{step.state === "running" ? step.progress : ""}</small>}</td></tr>)}</tbody></table></Scroll>
    {all.length > most && <p><button type="button" onClick={() => setMost(most + 1000)}>{t("More")} ({all.length - most})</button></p>}</>;
}

export function useFacts(run: string, live: boolean): Fact[] {
  const [facts, setFacts] = useState<Fact[]>([]);
  const seen = useData<{ events: Fact[] }>(`/events${query({ run, limit: 1 })}`, (what) => live && what.runs.includes(run));
  useEffect(() => {
    let over = false;
    void (async () => {
      let after = facts.length === 0 ? 0 : facts[facts.length - 1]!.number;
      let all = facts;
      while (!over && all.length < 20_000) {
        const got = await api<{ events: Fact[]; next_after: number }>(`/events${query({ run, after, limit: 1000 })}`).catch(() => ({ events: [] as Fact[], next_after: after }));
        if (got.events.length === 0) break;
        all = [...all, ...got.events];
        after = got.next_after;
      }
      if (!over && all !== facts) setFacts(all);
    })();
    return () => { over = true; };
  }, [run, seen.value]);
  return facts[0]?.run === undefined || facts[0].run === run ? facts : [];
}

export function RunPage({ id }: { id: string }) {
  const [tab, setTab] = [asked("tab") || "steps", (to: string) => go(path("runs", id) + query({ tab: to === "steps" ? "" : to }), true)];
  const got = useData<Run>(path("runs", id), (what) => what.runs.includes(id) || what.cluster, 0);
  const artifacts = useData<Artifacts>(tab === "artifacts" ? path("runs", id, "artifacts") : null, (what) => what.runs.includes(id));
  const run = got.value;
  const facts = useFacts(id, run === undefined || run.summary.state === "running");
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
  const tabs: [string, string][] = [["steps", "Steps"], ["graph", "Graph"], ["timeline", "Timeline"], ["events", "Events"], ["artifacts", "Artifacts"]];
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
        {tab === "artifacts" && (artifacts.value ? artifacts.value.artifacts.length === 0 ? <Nothing /> : <Scroll><table><thead><tr><th>{t("Step")}</th><th>{t("Name")}</th><th>{t("Value")}</th><th>{t("Nodes")}</th></tr></thead>
          <tbody>{artifacts.value.artifacts.map((one) => <tr key={one.step + one.what.name}><td>{one.step}</td><td>{one.what.name}{one.what.folder && "/"}</td><td>{size(one.what.size)} <code title={one.what.hash}>{one.what.hash.slice(0, 12)}</code></td><td>{one.nodes.join(", ")}</td></tr>)}</tbody></table></Scroll> : <Problem text={artifacts.error} />)}
        </div>
      </Panel>
      {Object.keys(run.params).length > 0 && <Panel title={t("Parameters")}><dl class="params">{Object.entries(run.params).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl></Panel>}
      {results.length > 0 && <Panel title={t("Result")} wide><dl class="params">{results.slice(0, 50).map((step) => <div key={step.name}><dt>{step.name}</dt><dd><code>{step.result}</code></dd></div>)}</dl></Panel>}
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

