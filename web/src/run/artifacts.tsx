// What steps have made: listed, shown in a frame that reaches nothing, saved.
import { useEffect, useMemo, useState } from "preact/hooks";
import { path, query, useData } from "../api";
import { Chart } from "../chart";
import { size } from "../format";
import { t } from "../i18n";
import { chartsOf } from "../numbers";
import { Nothing, Panel, Problem, Scroll } from "../parts";
import { Link } from "../router";

export interface Artifacts { artifacts: { step: string; what: { name: string; hash: string; size: number; folder: boolean }; nodes: string[] }[]; in_all: number }
interface Folder { folder: boolean; size: number; in_all: number; files: { path: string; size: number; executable: boolean }[] }

const charted_bytes_max = 8 << 20, charts_at_once = 24, charts_of_step_max = 20, rows_max = 1000;
export const content = (run: string, step: string, name: string, file = "", show = false) =>
  `/api/v1${path("runs", run, "artifacts", step, name, "content")}${file === "" ? "" : path(...file.split("/"))}${show ? "?show=true" : ""}`;
export const placeOf = (run: string, step: string, name: string, file = "") => path("runs", run, "artifacts", step, name) + query({ file });

export function ArtifactTable({ run, of }: { run: string; of: Artifacts }) {
  if (of.artifacts.length === 0) return <Nothing text="No step of it has made artifacts." />;
  return <>{of.in_all > rows_max && <p class="notice">{t("Only the first are shown:")} {rows_max}/{of.in_all}</p>}<Scroll><table><thead><tr><th>{t("Step")}</th><th>{t("Name")}</th><th>{t("Size")}</th><th>SHA-256</th><th>{t("Nodes")}</th><th /></tr></thead>
    <tbody>{of.artifacts.slice(0, rows_max).map((one) => <tr key={one.step + one.what.name}><td>{one.step}</td><td><Link to={placeOf(run, one.step, one.what.name)}>{one.what.name}{one.what.folder && "/"}</Link></td><td class="number">{size(one.what.size)}</td>
      <td><code title={one.what.hash}>{one.what.hash.slice(0, 12)}</code></td><td>{one.nodes.join(", ") || "–"}</td><td>{!one.what.folder && <a href={content(run, one.step, one.what.name)} download>{t("Save")}</a>}</td></tr>)}</tbody></table></Scroll></>;
}

/** A file as it is. It may run scripts of its own, but has no origin: no session, no page, no network. */
export function Shown({ run, step, name, file = "" }: { run: string; step: string; name: string; file?: string }) {
  const there = useData<Folder>(path("runs", run, "artifacts", step, name) + query({ path: file }), () => false);
  if (!there.value) return <Problem text={there.error} />;
  if (there.value.folder) return <FileList run={run} step={step} name={name} of={there.value} />;
  const source = content(run, step, name, file, true);
  return <>
    <p class="actions"><a href={placeOf(run, step, name, file)} target="_blank" rel="noopener">{t("Open in a new tab")}</a><a href={content(run, step, name, file)} download>{t("Save")}</a><small>{size(there.value.size)}</small></p>
    <iframe class="shown" src={source} sandbox="allow-scripts" title={`${step}: ${file || name}`} />
  </>;
}

function FileList({ run, step, name, of }: { run: string; step: string; name: string; of: Folder }) {
  const [find, setFind] = useState("");
  const found = of.files.filter((one) => one.path.toLowerCase().includes(find.toLowerCase()));
  return <>
    <div class="filter"><label>{t("Search")}<input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} /></label><small>{found.length}/{of.in_all} · {size(of.size)}</small></div>
    <Scroll><table><thead><tr><th>{t("Name")}</th><th>{t("Size")}</th><th /></tr></thead><tbody>{found.slice(0, rows_max).map((one) => <tr key={one.path}><td class="wide"><Link to={placeOf(run, step, name, one.path)}>{one.path}</Link></td><td class="number">{size(one.size)}</td>
      <td><a href={content(run, step, name, one.path)} download>{t("Save")}</a></td></tr>)}</tbody></table></Scroll>
  </>;
}

export function ArtifactPage({ run, step, name, file }: { run: string; step: string; name: string; file: string }) {
  return <>
    <h1>{file || name}</h1>
    <p><Link to={`${path("runs", run)}?tab=artifacts`}>{t("Run")} <code>{run}</code></Link> / <Link to={path("runs", run, "steps", step)}>{step}</Link>{file && <> / <Link to={placeOf(run, step, name)}>{name}/</Link></>}</p>
    <Shown run={run} step={step} name={name} file={file} />
  </>;
}

/** Charts of an artifact called `metrics`: lines of JSON with numbers. */
function MetricCharts({ run, step, bytes }: { run: string; step: string; bytes: number }) {
  const [lines, setLines] = useState("");
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let over = false;
    if (bytes > charted_bytes_max) { setWrong(`${size(bytes)} > ${size(charted_bytes_max)}`); return; }
    void fetch(content(run, step, "metrics")).then(async (answer) => {
      const text = await answer.text();
      if (over) return;
      if (answer.ok) setLines(text); else setWrong((JSON.parse(text) as { error: string }).error);
    }).catch((problem: unknown) => { if (!over) setWrong(String(problem)); });
    return () => { over = true; };
  }, [run, step, bytes]);
  const charts = useMemo(() => chartsOf(lines).slice(0, charts_of_step_max), [lines]);
  return <><Problem text={wrong} />{charts.map((one) => <Chart key={one.name} title={one.name} x={one.x} lines={one.series} height={170} />)}{lines !== "" && charts.length === 0 && <Nothing />}</>;
}

export const metricsIn = (of: Artifacts | undefined) => of?.artifacts.filter((one) => one.what.name === "metrics" && !one.what.folder) ?? [];
export function Metrics({ run, of }: { run: string; of: Artifacts }) {
  const own = metricsIn(of);
  const [most, setMost] = useState(charts_at_once);
  if (own.length === 0) return <Nothing text="No step of it has made an artifact called metrics." />;
  return <><div class="panels">{own.slice(0, most).map((one) => <Panel key={one.step} title={one.step}><MetricCharts run={run} step={one.step} bytes={one.what.size} /></Panel>)}</div>
    {own.length > most && <p><button type="button" onClick={() => setMost(most + charts_at_once)}>{t("More")} ({own.length - most})</button></p>}</>;
}
