import { api, path, useData, type Alert, type Silence } from "../api";
import { moment } from "../format";
import { t } from "../i18n";
import { Act, Nothing, Panel, Problem, Scroll, State, When } from "../parts";

const labels = (of: Record<string, string>) => Object.entries(of).map(([name, value]) => <span key={name} class="tag">{name}={value}</span>);

export function Alerts() {
  const got = useData<{ alerts: Alert[]; silences: Silence[]; rules: string[]; problem: string }>("/alerts?resolved=true", (what) => what.runs.length > 0, 5000);
  const order = { firing: 0, pending: 1, resolved: 2 };
  const all = [...(got.value?.alerts ?? [])].sort((a, b) => order[a.state] - order[b.state] || b.since_ms - a.since_ms);
  return <>
    <h1>{t("Alerts")}</h1>
    <Problem text={got.error} />
    {got.value?.problem && <p class="problem">{got.value.problem}</p>}
    {got.value && (all.length === 0 ? <Nothing /> : <Scroll><table>
      <thead><tr><th>{t("State")}</th><th>{t("Rule")}</th><th>{t("Severity")}</th><th>{t("Text")}</th><th>{t("Since")}</th><th /></tr></thead>
      <tbody>{all.map((one) => <tr key={one.rule + JSON.stringify(one.labels)}><td><State of={one.state} /></td><td>{one.rule} {labels(one.labels)}</td><td>{one.severity}</td>
        <td class="wide">{one.summary}{one.silenced && <small class="under">🔕 {one.silenced}</small>}</td><td><When ms={one.since_ms} /></td>
        <td>{one.state !== "resolved" && !one.silenced && <Act label="Silence" title={`${t("Silence")}: ${one.rule}, 4 h`} act={(reason) => api(path("alerts", one.rule, "silence"), { labels: one.labels, for_ms: 4 * 3_600_000, reason })} />}</td></tr>)}</tbody></table></Scroll>)}
    {got.value && got.value.silences.length > 0 && <Panel title={t("Silences")} wide><ul class="plain">{got.value.silences.map((one) => <li key={one.rule + JSON.stringify(one.labels)}>
      {one.rule} {labels(one.labels)} → {moment(one.until_ms)} · {one.by} {one.reason} <Act label="Unsilence" title={`${t("Unsilence")}: ${one.rule}`} act={(reason) => api(path("alerts", one.rule, "silence"), { labels: one.labels, for_ms: 0, reason })} /></li>)}</ul></Panel>}
  </>;
}
