// What pages are made of.
import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, may, path, type RunSummary, type StepState } from "./api";
import { distance, moment, short, span } from "./format";
import { t } from "./i18n";
import { brief, readResult } from "./numbers";
import { Link } from "./router";

const marks: Record<string, string> = { running: "▶", publishing: "▶", succeeded: "✓", failed: "✕", poisoned: "☠", cancelled: "⊘", skipped: "⤼", waiting: "○", ready: "◔",
  backing_off: "↻", alive: "●", lost: "✕", left: "○", awaited: "◔", firing: "▲", pending: "◔", resolved: "✓", paused: "‖", drained: "⇥" };

export function State({ of, small, label = of }: { of: string; small?: boolean; label?: string }) {
  return <span class={`state ${of}`}><span aria-hidden="true">{marks[of] ?? "•"}</span>{small ? <span class="hidden">{t(label)}</span> : " " + t(label)}</span>;
}

export function Panel(props: { title: string; extra?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
  return <section class={props.wide ? "panel wide" : "panel"}><header><h2>{props.title}</h2>{props.extra}</header>{props.children}</section>;
}

/** A table that may be wider than its place: moved with the arrow keys, too. */
export const Scroll = ({ children }: { children: ComponentChildren }) => <div class="scroll" tabIndex={0} role="group">{children}</div>;

export const Nothing = ({ text = "Nothing here." }: { text?: string }) => <p class="nothing">{t(text)}</p>;
export const Problem = ({ text }: { text: string | undefined }) => (text ? <p class="problem" role="alert">{text}</p> : null);

/** The time that has gone by since, or between; counts on by itself while it runs. */
export function Took({ from, to }: { from: number; to: number }) {
  useSeconds(from !== 0 && to === 0);
  return <span class="number">{from === 0 ? "–" : span((to || Date.now()) - from)}</span>;
}
export function When({ ms }: { ms: number }) {
  useSeconds(ms !== 0);
  return <time dateTime={ms ? new Date(ms).toISOString() : undefined} title={moment(ms)}>{ms ? distance(ms) : "–"}</time>;
}
const second = signal(0);
setInterval(() => { if (!document.hidden) second.value += 1; }, 1000);
export function useSeconds(on: boolean) { if (on) second.value; }

export function Bar({ done, of, bad = 0, label }: { done: number; of: number; bad?: number; label: string }) {
  const part = (value: number) => `${of === 0 ? 0 : Math.min(100, (100 * value) / of)}%`;
  return <div class="bar" role="progressbar" aria-label={label} aria-valuenow={done} aria-valuemin={0} aria-valuemax={of}>
    <div style={{ width: part(done - bad) }} /><div class="bad" style={{ width: part(bad) }} /></div>;
}

type Row = Record<string, unknown>;
const plain = (value: unknown) => (typeof value === "object" && value !== null ? JSON.stringify(value) : typeof value === "number" ? brief(value) : String(value ?? ""));
const rowsIn = (value: unknown): Row[] | null => (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "object" && each !== null && !Array.isArray(each)) ? value as Row[] : null);

/** A list of objects, a row each. */
function Rows({ of, name }: { of: Row[]; name: string }) {
  const columns = [...new Set(of.flatMap((row) => Object.keys(row)))].slice(0, 20);
  return <div class="scroll told" tabIndex={0} role="group" aria-label={name}><table><thead><tr>{columns.map((column) => <th key={column}>{column}</th>)}</tr></thead>
    <tbody>{of.slice(0, 100).map((row, i) => <tr key={i}>{columns.map((column) => <td key={column}>{plain(row[column])}</td>)}</tr>)}</tbody></table></div>;
}

/** A step's result: its plain values as pairs, lists of objects as tables, what else is nested as it is. */
export function Told({ result }: { result: string }) {
  const told = Object.entries(readResult(result));
  if (told.length === 0) return <code>{result}</code>;
  return <>{told.map(([name, value]) => rowsIn(value) ? <Rows key={name} name={name} of={rowsIn(value)!} /> : <span key={name} class="pair"><b>{name}</b>={typeof value === "object" && value !== null ? <code>{JSON.stringify(value)}</code> : String(value)}</span>)}</>;
}

/** Runs as little squares, the oldest first: each a link. */
export function Squares({ runs }: { runs: RunSummary[] }) {
  return <span class="squares">{[...runs].reverse().map((run) =>
    <Link key={run.run} to={path("runs", run.run)} class={`square ${run.state}`} title={`${t(run.state)} · ${moment(run.submitted_ms)} · ${run.ended_ms ? span(run.ended_ms - run.submitted_ms) : "…"}`}>
      <span class="hidden">{t(run.state)} {moment(run.submitted_ms)}</span></Link>)}</span>;
}

export const RunHead = ({ pipeline = true }: { pipeline?: boolean }) =>
  <tr><th>{t("State")}</th><th>{t("Run")}</th>{pipeline && <th>{t("Pipeline")}</th>}<th>{t("Started")}</th><th>{t("Took")}</th><th>{t("Steps")}</th><th>{t("Restarts")}</th></tr>;
export const RunCells = ({ run, pipeline = true }: { run: RunSummary; pipeline?: boolean }) => <>
  <td><State of={run.state} /></td><td><Link to={path("runs", run.run)} class="id" title={run.run}>{short(run.run)}</Link></td>
  {pipeline && <td><Link to={path("pipelines", run.pipeline)}>{run.pipeline}</Link></td>}
  <td><When ms={run.submitted_ms} /></td><td><Took from={run.submitted_ms} to={run.ended_ms} /></td>
  <td>{run.state === "running" ? <Bar done={run.ended_instances} of={run.instances} label={t("Progress")} /> : <span class="number">{run.instances}</span>}</td><td class="number">{run.restarts || ""}</td></>;
export const RunTable = ({ runs }: { runs: RunSummary[] }) =>
  <Scroll><table><thead><RunHead /></thead><tbody>{runs.map((run) => <tr key={run.run}><RunCells run={run} /></tr>)}</tbody></table></Scroll>;

// ---- actions: asked about, with a reason, and their answer shown ----

interface Question { title: string; text?: string; danger?: boolean; fields?: VNode; act: (reason: string) => Promise<unknown>; }
const question = signal<Question | null>(null);
export const said = signal<{ text: string; bad: boolean } | null>(null);

let vanish: ReturnType<typeof setTimeout> | undefined;
export function say(text: string, bad = false) {
  said.value = { text, bad };
  clearTimeout(vanish);
  vanish = setTimeout(() => { said.value = null; }, 8000);
}

/** A button of an action; nobody sees it who may not. */
export function Act(props: Question & { label: string; role?: "operator" | "admin"; disabled?: boolean }) {
  if (!may(props.role ?? "operator")) return null;
  return <button type="button" class={props.danger ? "danger" : ""} disabled={props.disabled} onClick={() => { question.value = props; }}>{t(props.label)}</button>;
}

export function Dialog() {
  const what = question.value;
  const frame = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (what === null) return;
    setReason(""); setWrong(""); setBusy(false);
    frame.current?.showModal();
  }, [what]);
  if (what === null) return null;
  const close = () => { frame.current?.close(); question.value = null; };
  const act = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const got = await what.act(reason) as { text?: string } | undefined;
      close();
      say(got?.text ?? "✓");
    } catch (problem) {
      setWrong(problem instanceof Refused ? problem.message : String(problem));
      setBusy(false);
    }
  };
  return <dialog ref={frame} aria-labelledby="question" onClose={() => { question.value = null; }}>
    <form onSubmit={act}>
      <h2 id="question">{what.title}</h2>
      {what.text && <p>{what.text}</p>}
      {what.fields}
      <label>{t("Why (for the record)")}<input value={reason} onInput={(event) => setReason(event.currentTarget.value)} maxLength={500} /></label>
      <Problem text={wrong} />
      <footer><button type="button" onClick={close}>{t("Close")}</button><button type="submit" class={what.danger ? "danger main" : "main"} disabled={busy}>{t("Confirm")}</button></footer>
    </form>
  </dialog>;
}

export const isBad = (state: StepState) => state === "failed" || state === "poisoned";
