// What an attempt writes, as it does: ANSI colours, found texts marked, only the lines in sight in the document.
import { useEffect, useRef, useState } from "preact/hooks";
import { path, query } from "../api";
import { t } from "../i18n";

const line_height = 18, lines_max = 2_000_000, hits_max = 100_000, height_max = 8_000_000;

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

/** Where texts are found, looked for in what is new only. */
class Finder {
  hits: number[] = [];
  private wanted = "";
  private seen = 0;
  look(lines: string[], find: string): number[] {
    const wanted = find.toLowerCase();
    if (wanted !== this.wanted || lines.length < this.seen) { this.wanted = wanted; this.seen = 0; this.hits = []; }
    if (wanted !== "") for (; this.seen < lines.length && this.hits.length < hits_max; this.seen += 1) if (lines[this.seen]!.toLowerCase().includes(wanted)) this.hits.push(this.seen);
    return this.hits;
  }
}

export function Output({ run, step, attempt }: { run: string; step: string; attempt: number }) {
  const all = useRef<string[]>([]), finder = useRef(new Finder());
  const [count, setCount] = useState(0);
  const [ended, setEnded] = useState(false);
  const [wrong, setWrong] = useState("");
  const [find, setFind] = useState("");
  const [follow, setFollow] = useState(true);
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    all.current = []; setCount(0); setEnded(false); setWrong("");
    let rest = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => { timer = undefined; setCount(all.current.length); };
    const add = (more: string[]) => { for (const line of more) if (all.current.length < lines_max) all.current.push(line); timer ??= setTimeout(flush, 50); };
    const source = new EventSource(`/api/v1${path("runs", run, "steps", step, "log", "stream")}${query({ attempt: attempt || "" })}`);
    source.addEventListener("text", (event) => {
      const lines = (rest + (JSON.parse((event as MessageEvent).data) as { data: string }).data).split("\n");
      rest = lines.pop() ?? "";
      add(lines);
      if (all.current.length >= lines_max) { setWrong(`${t("Only so many lines are shown:")} ${lines_max}`); setEnded(true); source.close(); }
    });
    source.addEventListener("ended", () => { if (rest !== "") add([rest]); rest = ""; timer ??= setTimeout(flush, 0); setEnded(true); source.close(); });
    source.addEventListener("refused", (event) => { setWrong((JSON.parse((event as MessageEvent).data) as { error: string }).error); source.close(); });
    return () => { source.close(); clearTimeout(timer); };
  }, [run, step, attempt]);
  const lines = all.current, hits = finder.current.look(lines, find);
  // Browsers bound how high an element may be: beyond that a pixel of the scroll bar stands for several lines.
  const height = Math.min(440, Math.max(90, count * line_height + 16)), seen = Math.floor(height / line_height);
  const whole = Math.min(count * line_height, height_max), scale = count * line_height > height_max ? Math.max(1, count - seen) / (whole - height) : 1 / line_height;
  useEffect(() => { if (follow && frame.current) frame.current.scrollTop = frame.current.scrollHeight; }, [count, follow]);
  const jump = (to: number) => {
    if (hits.length === 0) return;
    const next = (to + hits.length) % hits.length;
    setAt(next); setFollow(false);
    if (frame.current) frame.current.scrollTop = Math.max(0, (hits[next]! - 4) / scale);
  };
  const where = Math.min(Math.floor(top * scale), Math.max(0, count - seen)), first = Math.max(0, where - 20), shown = lines.slice(first, where + seen + 20);
  const hit = new Set(hits.length < 2000 ? hits : hits.filter((line) => line >= first && line < first + shown.length));
  const placeOf = (line: number) => (scale === 1 / line_height ? line * line_height : top + (line - where) * line_height);
  return <div class="output">
    <div class="filter">
      <label>{t("Find in the log")}<input type="search" value={find} onInput={(event) => { setFind(event.currentTarget.value); setAt(0); }} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); jump(event.shiftKey ? at - 1 : at + 1); } }} /></label>
      {find !== "" && <span class="number" role="status">{hits.length === 0 ? "0" : `${at + 1}/${hits.length}`}</span>}
      <label class="check"><input type="checkbox" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />{t("Follow")}</label>
      <small>{count} · {ended ? t("Ended") : "…"}</small>
    </div>
    {wrong && <p class="notice">{wrong}</p>}
    <div class="lines" ref={frame} tabIndex={0} role="log" aria-label={t("What it wrote")} style={{ height: `${height}px` }} onScroll={(event) => {
      const place = event.currentTarget;
      setTop(place.scrollTop);
      if (place.scrollTop + place.clientHeight < place.scrollHeight - 3 * line_height && follow) setFollow(false);
    }}><div style={{ height: `${whole}px`, position: "relative" }}>
      {shown.map((line, i) => <div key={first + i} class={hit.has(first + i) ? (hits[at] === first + i ? "line hit now" : "line hit") : "line"} style={{ top: `${placeOf(first + i)}px` }}>
        <span class="no" aria-hidden="true">{first + i + 1}</span>{piecesOf(line).map((piece, n) => <span key={n} class={piece.class}>{piece.text}</span>)}</div>)}
    </div></div></div>;
}
