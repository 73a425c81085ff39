import { useState } from "preact/hooks";
import { api, may, path, query, useData, type Schedule } from "../api";
import { short } from "../format";
import { t } from "../i18n";
import { Act, Nothing, Panel, Problem, Scroll, State, When } from "../parts";
import { Link } from "../router";
import type { Found } from "./overview";

interface Times { times: { planned_ms: number; text: string; run: string }[]; more: boolean }
const previewed_max = 500; // ids of so many runs fit into an address

/** Planned times; of past ones which run they had. What a backfill would start is seen before it does. */
function Planned({ of }: { of: Schedule }) {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [parallel, setParallel] = useState("1");
  const times = useData<Times>(`${path("schedules", of.name, "times")}${query({ from, to: from ? to : "", limit: from ? previewed_max : 10 })}`, () => false);
  const past = times.value?.times.filter((one) => one.planned_ms < Date.now()) ?? [];
  const had = useData<Found>(past.length > 0 ? `/runs${query({ ids: past.map((one) => one.run).join(","), limit: 1000 })}` : null, (what) => what.runs.length > 0, 0, 1000);
  const known = new Map(had.value?.runs.map((run) => [run.run, run]));
  const missing = had.value ? past.filter((one) => !known.has(one.run)) : [];
  const backfill = async () => {
    let started = 0, existed = 0;
    for (const one of missing) {
      const got = await api<{ existed: boolean }>(path("schedules", of.name, "times"), { planned_ms: one.planned_ms, parallel: Math.max(1, Number(parallel) || 1) });
      if (got.existed) existed += 1; else started += 1;
    }
    had.refresh();
    return { text: `${t("Backfill")}: ${started}${existed ? ` (+ ${existed})` : ""}` };
  };
  return <Panel title={`${t("Planned times")}: ${of.name}`} wide>
    <div class="filter"><label>{t("From")}<input type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} /></label><label>{t("To")}<input type="date" value={to} onInput={(event) => setTo(event.currentTarget.value)} /></label>
      {missing.length > 0 && may("operator") && <label>{t("At once")}<input type="number" min="1" max="100" value={parallel} onInput={(event) => setParallel(event.currentTarget.value)} /></label>}</div>
    <Problem text={times.error ?? had.error} />
    {times.value?.more && from && <p class="notice">{t("There are more; name a shorter span.")}</p>}
    <ol class="times">{times.value?.times.map((one) => { const run = known.get(one.run); return <li key={one.planned_ms}>{one.text} {run ? <Link to={path("runs", run.run)}><State of={run.state} small />{short(run.run)}</Link> : one.planned_ms < Date.now() && had.value ? <small>{t("has no run")}</small> : null}</li>; })}</ol>
    {missing.length > 0 && !(times.value?.more && from) && <Act label="Backfill" title={`${t("Backfill")}: ${of.name}`} text={`${missing.length}: ${missing[0]!.text} … ${missing[missing.length - 1]!.text}`} act={backfill} />}
  </Panel>;
}

export function Schedules() {
  const got = useData<{ schedules: Schedule[]; problems: string[] }>("/schedules", (what) => what.cluster || what.runs.length > 0, 15_000);
  const [open, setOpen] = useState("");
  const chosen = got.value?.schedules.find((one) => one.name === open);
  return <>
    <h1>{t("Schedules")}</h1>
    <Problem text={got.error} />
    {got.value?.problems.map((problem) => <p key={problem} class="problem">{problem}</p>)}
    {got.value && (got.value.schedules.length === 0 ? <Nothing /> : <Scroll><table>
      <thead><tr><th>{t("Name")}</th><th>{t("Pipeline")}</th><th>{t("Rule")}</th><th>{t("Next")}</th><th>{t("Last")}</th><th /></tr></thead>
      <tbody>{got.value.schedules.map((one) => <tr key={one.name}>
        <td>{one.name}{one.paused && <span class="tag" title={one.paused}>‖ {t("paused")}</span>}</td><td><Link to={path("pipelines", one.pipeline)}>{one.pipeline}</Link></td><td><code>{one.rule}</code></td>
        <td title={one.next}>{one.next_ms ? <When ms={one.next_ms} /> : "–"}</td><td class="wide">{one.last_ms ? <><When ms={one.last_ms} /> <small>{one.last}</small></> : "–"}</td>
        <td class="actions"><button type="button" aria-expanded={open === one.name} onClick={() => setOpen(open === one.name ? "" : one.name)}>{t("Preview")}</button>
          <Act label={one.paused ? "Resume" : "Pause"} title={`${t(one.paused ? "Resume" : "Pause")}: ${one.name}`} act={(reason) => api("/pauses", { schedule: one.name, undo: !!one.paused, reason })} /></td></tr>)}</tbody></table></Scroll>)}
    {chosen && <Planned key={chosen.name} of={chosen} />}
  </>;
}
