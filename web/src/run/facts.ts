// A run's facts, read on as they come.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, query, useData, type Fact } from "../api";

const kept_max = 20_000, read_max = 500_000, at_once = 1000;

/** Those that `keep` wants; nothing is read while `wanted` is false. */
export function useFacts(run: string, live: boolean, wanted = true, keep: (one: Fact) => boolean = () => true): Fact[] {
  const [facts, setFacts] = useState<Fact[]>([]);
  const read = useRef({ run: "", after: 0, count: 0, shown: 0, facts: [] as Fact[] });
  const seen = useData<{ events: Fact[] }>(wanted ? `/events${query({ run, limit: 1 })}` : null, (what) => live && what.runs.includes(run));
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    if (read.current.run !== run) { read.current = { run, after: 0, count: 0, shown: 0, facts: [] }; setFacts([]); }
    const at = read.current;
    void (async () => {
      while (!over && at.facts.length < kept_max && at.count < read_max) {
        const from = at.after;
        const got = await api<{ events: Fact[]; next_after: number }>(`/events${query({ run, after: from, limit: at_once })}`).catch(() => null);
        if (over || at.after !== from || got === null || got.events.length === 0) break;
        at.after = got.next_after; at.count += got.events.length;
        at.facts.push(...got.events.filter(keep));
      }
      // Perhaps read by an earlier call, which was over before it could show them.
      if (!over && at.shown !== at.facts.length) { at.shown = at.facts.length; setFacts([...at.facts]); }
    })();
    return () => { over = true; };
  }, [run, wanted, seen.value]);
  return read.current.run === run ? facts : [];
}
