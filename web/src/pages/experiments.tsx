// Models over time: each training's scores, what was promoted and why, and how far new rows are from those it was trained on.
import { useMemo, useState } from "preact/hooks";
import { path, query, useData, type Pipeline, type Result } from "../api";
import { Chart } from "../chart";
import { moment, short, span } from "../format";
import { t } from "../i18n";
import { brief, driftsOf, trainingsOf, type Drift, type Training } from "../numbers";
import { Nothing, Panel, Problem, Scroll, State } from "../parts";
import { Link, asked, go } from "../router";

const verdicts: Record<string, string> = { none: "succeeded", warning: "pending", alert: "firing" };
const rows_at_first = 10;

function Model({ name, all }: { name: string; all: Training[] }) {
  const [most, setMost] = useState(rows_at_first);
  const newest = [...all].reverse();
  const x = useMemo(() => all.map((one) => one.at / 1000), [all]);
  const lines = useMemo(() => [{ name: t("test"), values: all.map((one) => one.test), tone: "busy" as const }, { name: t("train"), values: all.map((one) => one.train), tone: "idle" as const, dashed: true },
    { name: t("baseline"), values: all.map((one) => one.baseline), tone: "warn" as const, dashed: true }], [all]);
  const served = newest.find((one) => one.promoted);
  return <Panel title={name} wide extra={<small>{newest[0]!.score}{served && <> · {t("in service")}: <Link to={path("runs", served.run)}><code>{short(served.run)}</code></Link></>}</small>}>
    {all.length > 1 && <Chart title={`${name}: ${newest[0]!.score}`} bare time x={x} lines={lines} height={180} onPick={(at) => go(path("runs", all[at]!.run))} />}
    <Scroll><table><thead><tr><th>{t("When")}</th><th>{t("Run")}</th><th>{t("test")}</th><th>Δ</th><th>{t("train")}</th><th>{t("baseline")}</th><th>{t("Rows")}</th><th>{t("Took")}</th><th>{t("What became of it")}</th></tr></thead>
      <tbody>{newest.slice(0, most).map((one, i) => { const before = newest.slice(i + 1).find((other) => other.score === one.score && other.test !== null); const delta = before && one.test !== null ? one.test - before.test! : null; return <tr key={one.run}>
        <td>{moment(one.at)}</td><td><Link to={path("runs", one.run)} class="id">{short(one.run)}</Link></td><td class="number"><b>{brief(one.test)}</b></td><td class="number">{delta === null ? "" : (delta > 0 ? "+" : "") + brief(delta)}</td>
        <td class="number">{brief(one.train)}</td><td class="number">{brief(one.baseline)}</td><td class="number">{one.rows ?? ""}</td><td class="number">{one.seconds === null ? "" : span(one.seconds * 1000)}</td>
        <td class="wide">{one.promoted === undefined ? "" : <><b>{t(one.promoted ? "promoted" : "kept out")}</b> <small>{one.why}</small></>}</td></tr>; })}</tbody></table></Scroll>
    {newest.length > most && <p><button type="button" onClick={() => setMost(most + 100)}>{t("More")} ({newest.length - most})</button></p>}
  </Panel>;
}

function DriftPanel({ all }: { all: Drift[] }) {
  const models = [...new Set(all.map((one) => one.model))].sort();
  const [x, lines] = useMemo(() => {
    const times = [...new Set(all.map((one) => one.at))].sort((a, b) => a - b);
    const place = new Map(times.map((at, i) => [at, i]));
    return [times.map((at) => at / 1000), models.map((model) => {
      const values: (number | null)[] = times.map(() => null);
      for (const one of all) if (one.model === model) values[place.get(one.at)!] = one.psi;
      return { name: model, values };
    })];
  }, [all]);
  return <Panel title={t("Drift")} wide extra={<small>PSI</small>}>
    {x.length > 1 && <Chart title={t("Largest population stability index of a column")} time x={x} lines={lines} height={180} />}
    <Scroll><table><thead><tr><th>{t("Model")}</th><th>{t("State")}</th><th>PSI</th><th>{t("Columns over the threshold")}</th><th>{t("Rows")}</th><th>{t("When")}</th><th>{t("Run")}</th></tr></thead>
      <tbody>{models.map((model) => [...all].reverse().find((one) => one.model === model)!).map((one) => <tr key={one.model}><td>{one.model}</td><td><State of={verdicts[one.verdict] ?? "waiting"} label={one.verdict} /></td><td class="number">{brief(one.psi)}</td>
        <td class="wide">{one.over.join(", ")}</td><td class="number">{one.rows ?? ""}</td><td>{moment(one.at)}</td><td><Link to={path("runs", one.run)} class="id">{short(one.run)}</Link></td></tr>)}</tbody></table></Scroll>
  </Panel>;
}

export function Experiments() {
  const pipeline = asked("pipeline");
  const told = useData<{ results: Result[] }>(`/results${query({ pipeline, text: '"model', limit: 5000 })}`, (what) => what.runs.length > 0, 60_000, 15_000);
  const trainings = useMemo(() => trainingsOf(told.value?.results ?? []), [told.value]);
  const drifts = useMemo(() => driftsOf(told.value?.results ?? []), [told.value]);
  const listed = useData<{ pipelines: Pipeline[] }>("/pipelines?recent=0", (what) => what.cluster, 60_000);
  const pipelines = [...new Set([...(listed.value?.pipelines ?? []).map((one) => one.name), ...(pipeline ? [pipeline] : [])])].sort();
  const models = useMemo(() => [...new Set(trainings.map((one) => one.model))].sort().map((name) => ({ name, all: trainings.filter((one) => one.model === name) })), [trainings]);
  return <>
    <h1>{t("Experiments")}</h1>
    <Problem text={told.error} />
    {pipelines.length > 1 && <form class="filter"><label>{t("Pipeline")}<select value={pipeline} onChange={(event) => go(`/experiments${query({ pipeline: event.currentTarget.value })}`)}>
      <option value="">{t("All")}</option>{pipelines.map((name) => <option key={name}>{name}</option>)}</select></label></form>}
    {told.value && models.length + drifts.length === 0 && <Nothing text="No step has told a model and its scores so far." />}
    <div class="panels">
      {models.map((one) => <Model key={one.name} name={one.name} all={one.all} />)}
      {drifts.length > 0 && <DriftPanel all={drifts} />}
    </div>
  </>;
}
