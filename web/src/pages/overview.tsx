import { useMemo } from "preact/hooks";
import { path, query, useData, type Attempt, type HistoryPoint, type Node, type RunSummary } from "../api";
import { Chart, type Line } from "../chart";
import { span } from "../format";
import { language, t } from "../i18n";
import { Bar, Nothing, Panel, Problem, RunTable, State, Took } from "../parts";
import { Link } from "../router";

export interface Found { runs: RunSummary[]; next: string }
const hours = 24;

function ByHour({ runs }: { runs: RunSummary[] }) {
  const bins = useMemo(() => {
    const end = Math.floor(Date.now() / 3_600_000);
    const all = Array.from({ length: hours }, (_, i) => ({ hour: end - hours + 1 + i, succeeded: 0, failed: 0, cancelled: 0, running: 0 }));
    for (const run of runs) {
      const bin = all[Math.floor((run.ended_ms || Date.now()) / 3_600_000) - end + hours - 1];
      if (bin) bin[run.state] += 1;
    }
    return all;
  }, [runs]);
  const most = Math.max(1, ...bins.map((bin) => bin.succeeded + bin.failed + bin.cancelled));
  const clock = (hour: number) => new Date(hour * 3_600_000).toLocaleTimeString(language.value === "ru" ? "ru-RU" : "sv-SE", { hour: "2-digit", minute: "2-digit" });
  return <div class="hours" role="img" aria-label={bins.filter((bin) => bin.succeeded + bin.failed > 0).map((bin) => `${clock(bin.hour)}: ${bin.succeeded} ${t("succeeded")}, ${bin.failed} ${t("failed")}`).join("; ") || t("Nothing here.")}>
    {bins.map((bin) => <div key={bin.hour} class="hour" title={`${clock(bin.hour)} · ${bin.succeeded} ${t("succeeded")} · ${bin.failed} ${t("failed")} · ${bin.cancelled} ${t("cancelled")}`}>
      {(["cancelled", "failed", "succeeded"] as const).map((state) => <i key={state} class={state} style={{ height: `${(100 * bin[state]) / most}%` }} />)}
      <small>{bin.hour % 6 === 0 ? clock(bin.hour) : ""}</small></div>)}
  </div>;
}

/** Attempts a second, and what ran and waited, as far back as the supervisor node remembers. */
function Throughput() {
  const got = useData<{ points: HistoryPoint[] }>("/history", () => false, 15_000);
  const points = got.value?.points ?? [];
  const [x, lines] = useMemo(() => [points.map((one) => one.at_ms / 1000), [
    { name: t("succeeded"), values: points.map((one) => (1000 * one.succeeded) / one.span_ms), tone: "good" as const, filled: true, points: false },
    { name: t("failed"), values: points.map((one) => (1000 * one.failed) / one.span_ms), tone: "bad" as const, points: false },
    { name: t("running"), values: points.map((one) => one.running), tone: "busy" as const, dashed: true, points: false },
    { name: t("waiting"), values: points.map((one) => one.ready), tone: "idle" as const, dashed: true, points: false }]] as const, [got.value, language.value]);
  return <Panel title={`${t("Throughput")}, ${t("attempts a second")}`} wide>
    {points.length < 2 ? <p class="nothing">{t("The first points come half a minute after the node has started.")}</p> : <Chart title={t("Throughput")} bare time whole x={x} lines={lines as unknown as Line[]} height={170} />}
  </Panel>;
}

const Figure = ({ value, label, to, bad }: { value: number | string; label: string; to: string; bad?: boolean }) =>
  <Link to={to} class={bad ? "figure bad" : "figure"}><b>{value}</b><span>{t(label)}</span></Link>;

export function Overview() {
  const active = useData<Found>(`/runs${query({ states: "running", limit: 100 })}`, (what) => what.runs.length > 0, 5000);
  const lately = useData<Found>(`/runs${query({ limit: 1000 })}`, (what) => what.runs.length > 0, 60_000, 2000);
  const nodes = useData<{ nodes: Node[] }>("/nodes?lost=true", (what) => what.cluster || what.runs.length > 0, 5000);
  const attempts = useData<{ attempts: Attempt[]; in_all: number }>("/attempts?limit=20", (what) => what.runs.length > 0, 3000);
  const queue = useData<{ values: { name: string; value: number }[] }>("/metrics?name=artel_queue_length", (what) => what.runs.length > 0, 5000);
  const since = Date.now() - hours * 3_600_000;
  const recent = lately.value?.runs.filter((run) => run.state === "running" || run.ended_ms > since) ?? [];
  const failed = recent.filter((run) => run.state === "failed");
  const ended = recent.filter((run) => run.state === "succeeded" || run.state === "failed");
  const there = nodes.value?.nodes.filter((node) => node.state === "alive") ?? [];
  const lost = nodes.value?.nodes.filter((node) => node.state === "lost") ?? [];
  return <>
    <h1>{t("Overview")}</h1>
    <Problem text={active.error ?? lately.error} />
    <div class="figures">
      <Figure value={active.value ? active.value.runs.length + (active.value.next ? "+" : "") : "…"} label="running" to="/runs?states=running" />
      <Figure value={queue.value?.values[0]?.value ?? "…"} label="What waits" to="/nodes" />
      <Figure value={lately.value ? failed.length : "…"} label="failed" to="/runs?states=failed" bad={failed.length > 0} />
      <Figure value={ended.length === 0 ? "–" : `${Math.round((100 * (ended.length - failed.length)) / ended.length)} %`} label="succeeded" to="/runs?states=succeeded" />
      <Figure value={nodes.value ? `${there.length}${lost.length ? ` (−${lost.length})` : ""}` : "…"} label="Nodes" to="/nodes" bad={lost.length > 0} />
    </div>
    <div class="panels">
      <Panel title={t("What runs")} wide>
        {active.value && (active.value.runs.length === 0 ? <Nothing text="Nothing runs now." /> : <RunTable runs={active.value.runs} />)}
      </Panel>
      <Panel title={`${t("Runs by hour")}, 24 h`}><ByHour runs={recent} /></Panel>
      <Panel title={t("Attempts")}>
        {attempts.value && (attempts.value.attempts.length === 0 ? <Nothing text="Nothing runs now." /> :
          <ul class="plain">{attempts.value.attempts.slice(0, 8).map((one) => <li key={one.run + one.step}>
            <Link to={path("runs", one.run, "steps", one.step)}>{one.pipeline} / {one.step}</Link> <small>{one.node} · <Took from={one.started_ms} to={0} /></small>
            {one.total > 0 && <Bar done={one.done} of={one.total} label={one.step} />}</li>)}</ul>)}
      </Panel>
      <Throughput />
      <Panel title={t("What failed lately")} wide>
        {lately.value && (failed.length === 0 ? <Nothing text="Nothing failed lately." /> : <RunTable runs={failed.slice(0, 10)} />)}
      </Panel>
      <Panel title={t("Nodes")}>
        {nodes.value && (there.length + lost.length === 0 ? <Nothing /> : <ul class="plain">{[...lost, ...there].map((node) => <li key={node.name}>
          <State of={node.drained ? "drained" : node.state} small /> <Link to="/nodes">{node.name}</Link> <small>{node.running}/{node.capacity.slots} {t("Slots").toLowerCase()}{node.state === "lost" && ` · ${span(node.heard_ms_ago)} ${t("ago")}`}</small>
          {node.state === "alive" && <Bar done={node.running} of={node.capacity.slots} label={node.name} />}</li>)}</ul>)}
      </Panel>
    </div>
  </>;
}
