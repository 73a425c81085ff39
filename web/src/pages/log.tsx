import { useEffect, useState } from "preact/hooks";
import { query, useData, type LogLine } from "../api";
import { moment } from "../format";
import { t } from "../i18n";
import { Nothing, Problem, Scroll } from "../parts";
import { asked, go } from "../router";

const levels = ["debug", "info", "warn", "error", "critical"];

export function Log() {
  const names = ["node", "event", "level", "text", "run"] as const;
  const given = Object.fromEntries(names.map((name) => [name, asked(name)])) as Record<(typeof names)[number], string>;
  const [form, setForm] = useState(given);
  useEffect(() => setForm(given), [JSON.stringify(given)]);
  const got = useData<{ lines: LogLine[] }>(`/lines${query({ ...given, newest: true, limit: 500 })}`, (what) => what.runs.length > 0 || what.cluster, 3000);
  const lines = [...(got.value?.lines ?? [])].reverse();
  return <>
    <h1>{t("Log")}</h1>
    <form class="filter" role="search" onSubmit={(event) => { event.preventDefault(); go(`/log${query(form)}`); }}>
      <label>{t("Node")}<input value={form.node} onInput={(event) => setForm({ ...form, node: event.currentTarget.value })} /></label>
      <label>{t("Event")}<input value={form.event} onInput={(event) => setForm({ ...form, event: event.currentTarget.value })} /></label>
      <label>{t("Level")}<select value={form.level} onChange={(event) => { const next = { ...form, level: event.currentTarget.value }; setForm(next); go(`/log${query(next)}`); }}><option value="">{t("All")}</option>{levels.map((level) => <option key={level}>{level}</option>)}</select></label>
      <label>{t("Text")}<input type="search" value={form.text} onInput={(event) => setForm({ ...form, text: event.currentTarget.value })} /></label>
      <button type="submit">{t("Search")}</button>
    </form>
    <Problem text={got.error} />
    {got.value && (lines.length === 0 ? <Nothing /> : <Scroll><table><thead><tr><th>{t("When")}</th><th>{t("Level")}</th><th>{t("Node")}</th><th>{t("Event")}</th><th>{t("Text")}</th></tr></thead>
      <tbody>{lines.map(({ number, line }) => <tr key={number} class={`level-${line.level}`}><td>{moment(line.at_ms)}</td><td>{line.level}</td><td>{line.node}</td><td>{line.event}</td>
        <td class="wide">{Object.entries(line.values).map(([name, value]) => <span key={name} class="pair"><b>{name}</b>={String(value)}</span>)}</td></tr>)}</tbody></table></Scroll>)}
  </>;
}
