import { useState } from "preact/hooks";
import { api, may, path, query, useData, type Schedule } from "../api";
import { t } from "../i18n";
import { Act, Nothing, Panel, Problem, Scroll, When, say } from "../parts";
import { Link } from "../router";

interface Times { times: { planned_ms: number; text: string }[]; more: boolean }

function Planned({ of }: { of: Schedule }) {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const times = useData<Times>(`${path("schedules", of.name, "times")}${query({ from, to: from ? to : "", limit: from ? 100 : 10 })}`, () => false);
  const past = times.value?.times.filter((one) => one.planned_ms < Date.now()) ?? [];
  return <Panel title={`${t("Planned times")}: ${of.name}`} wide>
    <div class="filter"><label>{t("From")}<input type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} /></label><label>{t("To")}<input type="date" value={to} onInput={(event) => setTo(event.currentTarget.value)} /></label></div>
    <Problem text={times.error} />
    <ol class="times">{times.value?.times.map((one) => <li key={one.planned_ms}>{one.text}</li>)}</ol>
    {past.length > 0 && may("operator") && <Act label="Backfill" title={`${t("Backfill")}: ${of.name}`} text={`${past.length}: ${past[0]!.text} … ${past[past.length - 1]!.text}`} act={async () => {
      let started = 0, known = 0;
      for (const one of past) {
        const got = await api<{ existed: boolean }>(path("schedules", of.name, "times"), { planned_ms: one.planned_ms });
        if (got.existed) known += 1; else started += 1;
      }
      say(`${started} + ${known}`);
      return { text: `${t("Backfill")}: ${started} (+ ${known})` };
    }} />}
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
