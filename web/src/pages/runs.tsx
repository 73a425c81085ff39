import { useEffect, useState } from "preact/hooks";
import { api, query, useData, type RunSummary } from "../api";
import { t } from "../i18n";
import { Nothing, Problem, RunTable, say } from "../parts";
import { asked, go } from "../router";
import type { Found } from "./overview";

/** A list that goes on when it is asked to: first page live, further ones as they were. */
export function MoreRuns({ filter, pipeline = true }: { filter: Record<string, string>; pipeline?: boolean }) {
  const request = `/runs${query({ ...filter, limit: 50 })}`;
  const first = useData<Found>(request, (what) => what.runs.length > 0, 30_000);
  const [more, setMore] = useState<{ of: string; runs: RunSummary[]; next: string } | null>(null);
  useEffect(() => setMore(null), [request]);
  const known = first.value?.runs ?? [];
  const further = (more?.of === request ? more.runs : []).filter((run) => !known.some((other) => other.run === run.run));
  const next = more?.of === request ? more.next : first.value?.next ?? "";
  const load = async () => {
    try {
      const got = await api<Found>(`/runs${query({ ...filter, limit: 200, before: next })}`);
      setMore({ of: request, runs: [...further, ...got.runs], next: got.next });
    } catch (problem) { say((problem as Error).message, true); }
  };
  return <>
    <Problem text={first.error} />
    {first.value && (known.length === 0 ? <Nothing /> : <RunTable runs={[...known, ...further]} pipeline={pipeline} />)}
    {next !== "" && <p><button type="button" onClick={load}>{t("More")}</button></p>}
  </>;
}

export function Runs() {
  const states = asked("states"), text = asked("text");
  const [find, setFind] = useState(text);
  useEffect(() => setFind(text), [text]);
  const set = (values: Record<string, string>) => go(`/runs${query({ states, text, ...values })}`);
  return <>
    <h1>{t("Runs")}</h1>
    <form class="filter" role="search" onSubmit={(event) => { event.preventDefault(); set({ text: find.trim() }); }}>
      <label>{t("State")}<select value={states} onChange={(event) => set({ states: event.currentTarget.value })}>
        <option value="">{t("All")}</option>{["running", "succeeded", "failed", "cancelled"].map((state) => <option key={state} value={state}>{t(state)}</option>)}</select></label>
      <label>{t("Id, name, parameter or error")}<input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} /></label>
      <button type="submit">{t("Search")}</button>
    </form>
    <MoreRuns filter={{ states, text }} />
  </>;
}
