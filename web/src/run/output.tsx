// What an attempt writes, as it does: ANSI colours, found texts marked, only the lines in sight in the document.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { path, query } from "../api";
import { t } from "../i18n";

const line_height = 18, lines_max = 1_000_000;

interface Piece { text: string; class: string }
/** Pieces of a line with their colours as classes: no markup is made of what a step has written. */
export function piecesOf(line: string): Piece[] {
  const made: Piece[] = [];
  let bold = false, colour = -1;
  for (const part of line.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    const code = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (code) {
      for (const number of (code[1] || "0").split(";").map(Number)) {
        if (number === 0) { bold = false; colour = -1; } else if (number === 1) bold = true; else if (number === 22) bold = false;
        else if (number >= 30 && number <= 37) colour = number - 30; else if (number >= 90 && number <= 97) colour = number - 90; else if (number === 39) colour = -1;
      }
    } else if (part !== "" && !part.startsWith("\x1b[")) {
      made.push({ text: part, class: (bold ? "bold " : "") + (colour < 0 ? "" : `ansi${colour}`) });
    }
  }
  return made;
}

export function Output({ run, step, attempt }: { run: string; step: string; attempt: number }) {
  const [lines, setLines] = useState<string[]>([]);
  const [ended, setEnded] = useState(false);
  const [wrong, setWrong] = useState("");
  const [find, setFind] = useState("");
  const [follow, setFollow] = useState(true);
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setLines([]); setEnded(false); setWrong("");
    let rest = "", waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => { timer = undefined; const more = waiting; waiting = []; setLines((old) => (old.length > lines_max ? old : [...old, ...more])); };
    const source = new EventSource(`/api/v1${path("runs", run, "steps", step, "log", "stream")}${query({ attempt: attempt || "" })}`);
    source.addEventListener("text", (event) => {
      const all = (rest + (JSON.parse((event as MessageEvent).data) as { data: string }).data).split("\n");
      rest = all.pop() ?? "";
      waiting.push(...all);
      timer ??= setTimeout(flush, 50);
    });
    source.addEventListener("ended", () => { if (rest !== "") waiting.push(rest); rest = ""; timer ??= setTimeout(flush, 0); setEnded(true); source.close(); });
    source.addEventListener("refused", (event) => { setWrong((JSON.parse((event as MessageEvent).data) as { error: string }).error); source.close(); });
    return () => { source.close(); clearTimeout(timer); };
  }, [run, step, attempt]);
  useEffect(() => { if (follow && frame.current) frame.current.scrollTop = frame.current.scrollHeight; }, [lines, follow]);
  const hits = useMemo(() => {
    if (find === "") return [];
    const wanted = find.toLowerCase();
    const all: number[] = [];
    for (let i = 0; i < lines.length && all.length < 10_000; i += 1) if (lines[i]!.toLowerCase().includes(wanted)) all.push(i);
    return all;
  }, [find, lines]);
  const jump = (to: number) => {
    if (hits.length === 0) return;
    const next = (to + hits.length) % hits.length;
    setAt(next); setFollow(false);
    if (frame.current) frame.current.scrollTop = Math.max(0, hits[next]! * line_height - 80);
  };
  const height = Math.min(440, Math.max(90, lines.length * line_height + 16)), first = Math.max(0, Math.floor(top / line_height) - 20), shown = lines.slice(first, first + Math.ceil(height / line_height) + 40);
  const marked = new Set(hits);
  return <div class="output">
    <div class="filter">
      <label>{t("Find in the log")}<input type="search" value={find} onInput={(event) => { setFind(event.currentTarget.value); setAt(0); }} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); jump(event.shiftKey ? at - 1 : at + 1); } }} /></label>
      {find !== "" && <span class="number" role="status">{hits.length === 0 ? "0" : `${at + 1}/${hits.length}`}</span>}
      <label class="check"><input type="checkbox" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />{t("Follow")}</label>
      <small>{lines.length} · {ended ? t("Ended") : "…"}</small>
    </div>
    {wrong && <p class="notice">{wrong}</p>}
    <div class="lines" ref={frame} tabIndex={0} role="log" aria-label={t("What it wrote")} style={{ height: `${height}px` }} onScroll={(event) => {
      const where = event.currentTarget;
      setTop(where.scrollTop);
      if (where.scrollTop + where.clientHeight < where.scrollHeight - 3 * line_height && follow) setFollow(false);
    }}><div style={{ height: `${lines.length * line_height}px`, position: "relative" }}>
      {shown.map((line, i) => <div key={first + i} class={marked.has(first + i) ? (hits[at] === first + i ? "line hit now" : "line hit") : "line"} style={{ top: `${(first + i) * line_height}px` }}>
        <span class="no" aria-hidden="true">{first + i + 1}</span>{piecesOf(line).map((piece, n) => <span key={n} class={piece.class}>{piece.text}</span>)}</div>)}
    </div></div></div>;
}
