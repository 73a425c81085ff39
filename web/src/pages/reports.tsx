// Reports: HTML that steps have made and named in their results, as edt_analysis does with its documentation.
import { useMemo } from "preact/hooks";
import { path, query, useData, type Result } from "../api";
import { moment, short } from "../format";
import { t } from "../i18n";
import { reportsOf } from "../numbers";
import { Nothing, Problem, Scroll } from "../parts";
import { Link } from "../router";

export function Reports() {
  const told = useData<{ results: Result[] }>(`/results${query({ text: '"report"', limit: 500 })}`, (what) => what.runs.length > 0, 60_000, 15_000);
  const all = useMemo(() => reportsOf(told.value?.results ?? []), [told.value]);
  return <>
    <h1>{t("Reports")}</h1>
    <Problem text={told.error} />
    {told.value && (all.length === 0 ? <Nothing text="No step has made a report so far." /> : <Scroll><table>
      <thead><tr><th>{t("Report")}</th><th>{t("When")}</th><th>{t("Run")}</th><th>{t("Numbers")}</th></tr></thead>
      <tbody>{all.map((one, i) => <tr key={i}><td><Link to={`${path("runs", one.run)}?tab=report`}>{one.pipeline}</Link></td><td>{moment(one.at)}</td><td><Link to={path("runs", one.run)} class="id">{short(one.run)}</Link></td>
        <td class="wide">{one.numbers.map(([name, value]) => <span key={name} class="pair"><b>{name}</b>={value}</span>)}</td></tr>)}</tbody></table></Scroll>)}
  </>;
}
