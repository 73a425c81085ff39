import { useEffect, useRef, useState } from "preact/hooks";
import { api, query, useData, type RunSummary } from "../api";
import { beginningOf } from "../format";
import { t } from "../i18n";
import { Nothing, Problem, RunCells, RunHead, say } from "../parts";
import { asked, go } from "../router";
import { LongTable } from "../window";
import type { Found } from "./overview";

const at_first = 50, at_once = 500;

/** A list that goes on as it is scrolled: the first page live, further ones as they were. */
export function MoreRuns({ filter, pipeline = true }: { filter: Record<string, string>; pipeline?: boolean }) {
  const request = `/runs${query({ ...filter, limit: at_first })}`;
  const first = useData<Found>(request, (what) => what.runs.length > 0, 30_000);
  const [more, setMore] = useState<{ of: string; runs: RunSummary[]; next: string } | null>(null);
  const busy = useRef(false);
  useEffect(() => setMore(null), [request]);
  // What the first page brings stays in the list, also when later runs push it off that page; when too many have come at once to
  // know what was between, the list begins anew.
  useEffect(() => {
    const now = first.value?.runs;
    if (!now || now.length === 0) return;
    setMore((old) => {
      if (old === null || old.of !== request) return old;
      if (old.runs.length > 0 && now[now.length - 1]!.run > old.runs[0]!.run) return null;
      const fresh = new Set(now.map((run) => run.run));
      return { ...old, runs: [...now, ...old.runs.filter((run) => !fresh.has(run.run))].sort((a, b) => (a.run < b.run ? 1 : -1)) };
    });
  }, [first.value]);
  const known = first.value?.runs ?? [];
  const oldest = known[known.length - 1]?.run ?? "";
  // Ids are in the order of time: what has moved from the first page on is in both.
  const further = more?.of === request ? more.runs.filter((run) => run.run < oldest) : [];
  const next = more?.of === request ? more.next : first.value?.next ?? "";
  const load = async () => {
    if (busy.current || next === "") return;
    busy.current = true;
    try {
      const got = await api<Found>(`/runs${query({ ...filter, limit: at_once, before: next })}`);
      setMore((old) => ({ of: request, runs: [...(old?.of === request ? old.runs : known), ...got.runs], next: got.next }));
    } catch (problem) { say((problem as Error).message, true); }
    busy.current = false;
  };
  const all = further.length === 0 ? known : [...known, ...further];
  return <>
    <Problem text={first.error} />
    {first.value && (all.length === 0 ? <Nothing /> : <LongTable label={t("Runs")} head={<RunHead pipeline={pipeline} />} count={all.length} row={(i) => <RunCells run={all[i]!} pipeline={pipeline} />} more={next === "" ? undefined : load} />)}
    {first.value && all.length > 0 && <p class="under"><small>{all.length}{next !== "" && "+"}</small> {next !== "" && <button type="button" onClick={load}>{t("More")}</button>}</p>}
  </>;
}

function dayAfter(date: string): number {
  const day = new Date(`${date}T00:00:00`);
  day.setDate(day.getDate() + 1);
  return day.getTime();
}

export function Runs() {
  const states = asked("states"), text = asked("text"), until = asked("until");
  const [find, setFind] = useState(text);
  useEffect(() => setFind(text), [text]);
  const set = (values: Record<string, string>) => go(`/runs${query({ states, text, until, ...values })}`);
  // The whole of that day, by this browser's clock.
  const before = until && !Number.isNaN(Date.parse(until)) ? beginningOf(dayAfter(until)) : "";
  return <>
    <h1>{t("Runs")}</h1>
    <form class="filter" role="search" onSubmit={(event) => { event.preventDefault(); set({ text: find.trim() }); }}>
      <label>{t("State")}<select value={states} onChange={(event) => set({ states: event.currentTarget.value })}>
        <option value="">{t("All")}</option>{["running", "succeeded", "failed", "cancelled"].map((state) => <option key={state} value={state}>{t(state)}</option>)}</select></label>
      <label>{t("Until")}<input type="date" value={until} onChange={(event) => set({ until: event.currentTarget.value })} /></label>
      <label>{t("Id, name, parameter or error")}<input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} /></label>
      <button type="submit">{t("Search")}</button>
    </form>
    <MoreRuns filter={{ states, text, before }} />
  </>;
}
