import { useMemo, useState } from "preact/hooks";
import { api, may, path, useData, type Parameter, type Pipeline, type PipelineText, type RunSummary } from "../api";
import { moment, span } from "../format";
import { t } from "../i18n";
import { Act, Nothing, Panel, Problem, Scroll, Squares, When, say } from "../parts";
import { Link, go } from "../router";
import type { Found } from "./overview";
import { MoreRuns } from "./runs";

const median = (runs: RunSummary[]) => {
  const all = runs.filter((run) => run.state === "succeeded").map((run) => run.ended_ms - run.submitted_ms).sort((a, b) => a - b);
  return all.length === 0 ? null : all[Math.floor(all.length / 2)]!;
};

export function Pipelines() {
  const got = useData<{ pipelines: Pipeline[] }>("/pipelines?recent=15", (what) => what.cluster || what.runs.length > 0, 30_000);
  return <>
    <h1>{t("Pipelines")}</h1>
    <Problem text={got.error} />
    {got.value && (got.value.pipelines.length === 0 ? <Nothing /> : <Scroll><table>
      <thead><tr><th>{t("Pipeline")}</th><th>{t("Last runs")}</th><th>{t("Duration")}</th><th>{t("Active")}</th><th>{t("Next")}</th></tr></thead>
      <tbody>{got.value.pipelines.map((one) => <tr key={one.name}>
        <td><Link to={path("pipelines", one.name)}>{one.name}</Link>{one.paused && <span class="tag" title={one.paused}>‖ {t("paused")}</span>}{one.description && <small class="under">{one.description}</small>}</td>
        <td><Squares runs={one.recent} /></td><td class="number">{median(one.recent) === null ? "–" : span(median(one.recent)!)}</td>
        <td class="number">{one.active || ""}</td><td>{one.next_ms ? <When ms={one.next_ms} /> : "–"}</td></tr>)}</tbody></table></Scroll>)}
  </>;
}

function Field({ of, value, set }: { of: Parameter; value: string; set: (to: string) => void }) {
  const name = `param-${of.name}`;
  const about = of.description ? `${name}-about` : undefined;
  const common = { id: name, "aria-describedby": about, required: of.required };
  return <div class="field"><label for={name}>{of.name}{of.required && <abbr title={t("required")}>*</abbr>}</label>
    {of.choices.length > 0 ? <select {...common} value={value} onChange={(event) => set(event.currentTarget.value)}>{(of.required ? of.choices : ["", ...of.choices]).map((each) => <option key={each} value={each}>{each}</option>)}</select>
      : of.type === "boolean" ? <select {...common} value={value} onChange={(event) => set(event.currentTarget.value)}>{["", "true", "false"].map((each) => <option key={each} value={each}>{each === "" ? "–" : each}</option>)}</select>
        : <input {...common} value={value} inputMode={of.type === "integer" || of.type === "number" ? "decimal" : undefined} placeholder={of.type} onInput={(event) => set(event.currentTarget.value)} />}
    {of.description && <small id={about}>{of.description}</small>}</div>;
}

/** Starts a run with parameters from a form made of the pipeline's own. */
export function StartForm({ of }: { of: PipelineText }) {
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(of.params.map((each) => [each.name, each.default_value])));
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  if (!may("operator")) return null;
  const start = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const params = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== "" && value !== of.params.find((each) => each.name === name)?.default_value));
      const got = await api<{ run: string }>("/runs", { pipeline: of.text, file: of.file || of.name + ".yaml", params });
      say(`${t("Run")} ${got.run}`);
      go(path("runs", got.run));
    } catch (problem) { setWrong((problem as Error).message); }
    setBusy(false);
  };
  return <form class="start" onSubmit={start}>
    {of.params.map((each) => <Field key={each.name} of={each} value={values[each.name] ?? ""} set={(to) => setValues({ ...values, [each.name]: to })} />)}
    <Problem text={wrong} />
    <button type="submit" class="main" disabled={busy}>{t("Start")}</button>
  </form>;
}

function Durations({ runs }: { runs: RunSummary[] }) {
  const all = useMemo(() => runs.filter((run) => run.ended_ms !== 0).reverse(), [runs]);
  const most = Math.max(1, ...all.map((run) => run.ended_ms - run.submitted_ms));
  if (all.length === 0) return <Nothing />;
  return <div class="durations">{all.map((run) => <Link key={run.run} to={path("runs", run.run)} class={`duration ${run.state}`} title={`${moment(run.submitted_ms)} · ${t(run.state)} · ${span(run.ended_ms - run.submitted_ms)}`}>
    <i style={{ height: `${Math.max(3, (100 * (run.ended_ms - run.submitted_ms)) / most)}%` }} /><span class="hidden">{moment(run.submitted_ms)} {t(run.state)} {span(run.ended_ms - run.submitted_ms)}</span></Link>)}<small>{span(most)}</small></div>;
}

export function PipelinePage({ name }: { name: string }) {
  const text = useData<PipelineText>(path("pipelines", name), (what) => what.cluster);
  const recent = useData<Found>(`/runs?pipeline=${encodeURIComponent(name)}&limit=60`, (what) => what.runs.length > 0);
  const all = useData<{ pipelines: Pipeline[] }>("/pipelines?recent=0", (what) => what.cluster);
  const own = all.value?.pipelines.find((each) => each.name === name);
  return <>
    <h1>{name}</h1>
    {text.value?.description && <p>{text.value.description}</p>}
    <Problem text={text.error} />
    {own?.paused && <p class="notice">‖ {own.paused}</p>}
    <p class="actions"><Act label={own?.paused ? "Resume" : "Pause"} title={`${t(own?.paused ? "Resume" : "Pause")}: ${name}`} act={(reason) => api("/pauses", { pipeline: name, undo: !!own?.paused, reason })} /></p>
    <div class="panels">
      {text.value && may("operator") && <Panel title={t("Start a run")}><StartForm key={text.value.name} of={text.value} /></Panel>}
      <Panel title={t("Durations of the last runs")}>{recent.value && <Durations runs={recent.value.runs} />}</Panel>
      <Panel title={t("Runs")} wide><MoreRuns filter={{ pipeline: name }} pipeline={false} /></Panel>
      {text.value && <Panel title={t("Text of the pipeline")} wide extra={<small>{text.value.file}</small>}><pre class="text" tabIndex={0}>{text.value.text}</pre></Panel>}
    </div>
  </>;
}
