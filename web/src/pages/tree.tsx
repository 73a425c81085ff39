import { useData } from "../api";
import { t } from "../i18n";
import { Nothing, Problem, Scroll, State } from "../parts";

interface Row { node: string; path: string; state: string; restarts: number; strategy: string; last_reason: string }

export function Tree() {
  const got = useData<{ rows: Row[] }>("/tree", (what) => what.cluster, 3000);
  return <>
    <h1>{t("Supervision")}</h1>
    <Problem text={got.error} />
    {got.value && (got.value.rows.length === 0 ? <Nothing /> : <Scroll><table>
      <thead><tr><th>{t("Actor")}</th><th>{t("State")}</th><th>{t("Restarts")}</th><th>{t("Strategy")}</th><th>{t("Last reason")}</th></tr></thead>
      <tbody>{got.value.rows.map((row) => { const depth = row.path.split("/").length - 1; return <tr key={row.node + row.path}>
        <td style={{ paddingInlineStart: `${0.6 + depth * 1.4}rem` }}>{depth === 0 ? <b>{row.node}</b> : row.path.split("/").pop()}</td><td><State of={row.state} /></td>
        <td class={row.restarts > 0 ? "number bad" : "number"}>{row.restarts || ""}</td><td>{row.strategy}</td><td class="wide">{row.last_reason}</td></tr>; })}</tbody></table></Scroll>)}
  </>;
}
