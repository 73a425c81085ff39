import { useState } from "preact/hooks";
import { may, query, useData, type AuditEntry } from "../api";
import { moment } from "../format";
import { t } from "../i18n";
import { Nothing, Problem, Scroll } from "../parts";

export function Audit() {
  const [by, setBy] = useState("");
  const got = useData<{ entries: AuditEntry[] }>(may("admin") ? `/audit${query({ limit: 500, by })}` : null, (what) => what.cluster || what.runs.length > 0, 10_000);
  return <>
    <h1>{t("Audit")}</h1>
    {!may("admin") && <p class="notice">403</p>}
    <Problem text={got.error} />
    {may("admin") && <div class="filter"><label>{t("Who")}<input type="search" value={by} onInput={(event) => setBy(event.currentTarget.value)} /></label></div>}
    {got.value && (got.value.entries.length === 0 ? <Nothing /> : <Scroll><table>
      <thead><tr><th>{t("When")}</th><th>{t("Who")}</th><th>{t("Whence")}</th><th>{t("What")}</th><th>{t("Answer")}</th></tr></thead>
      <tbody>{got.value.entries.map((one) => <tr key={one.number}><td>{moment(one.at_ms)}</td><td>{one.by}</td><td>{one.from}</td><td class="wide"><code>{one.what}</code></td><td class={one.code === 0 ? "wide" : "wide bad"}>{one.answer}</td></tr>)}</tbody></table></Scroll>)}
  </>;
}
