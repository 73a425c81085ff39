// The cluster over HTTP: requests, the session, and what has changed, live.
import { effect, signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

export interface Session { name: string; role: "viewer" | "operator" | "admin"; csrf: string; version: string }
export interface Changes { all: boolean; cluster: boolean; runs: string[] }

export class Refused extends Error {
  constructor(readonly status: number, text: string) { super(text); }
}

export const session = signal<Session | null | undefined>(undefined); // undefined: not known yet
export const loginWith = signal<"token" | "password">("token");
export const connected = signal(true);

export async function api<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && session.value) headers["X-CSRF-Token"] = session.value.csrf;
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  } catch {
    throw new Refused(0, "the supervisor node can not be reached");
  }
  const text = await answer.text();
  let got: Record<string, unknown> = {};
  try { got = JSON.parse(text); } catch { /* a proxy's page, or nothing */ }
  if (answer.ok) return got as T;
  if (answer.status === 401 && path !== "/session") session.value = null;
  if (answer.status === 401 && got.with) loginWith.value = got.with as "token" | "password";
  throw new Refused(answer.status, String(got.error ?? `HTTP ${answer.status}`));
}

export const may = (role: "operator" | "admin") => session.value?.role === "admin" || session.value?.role === role;

export async function findSession() {
  try {
    session.value = await api<Session>("/session");
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 0) setTimeout(findSession, 1000);
    else session.value = null;
  }
}

export const path = (...parts: (string | number)[]) => parts.map((part) => "/" + encodeURIComponent(part)).join("");
export const query = (values: Record<string, string | number | boolean | undefined>) => {
  const all = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return all.length === 0 ? "" : "?" + all.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
};

// ---- what has changed ----

const watchers = new Set<(what: Changes) => void>();
let source: EventSource | null = null;

function tell(what: Changes) { for (const each of [...watchers]) each(what); }

/** Opens the stream of changes while somebody is logged in; the browser connects again by itself. */
effect(() => {
  const wanted = session.value !== null && session.value !== undefined;
  if (wanted === (source !== null)) return;
  if (!wanted) { source?.close(); source = null; return; }
  let answered = Date.now();
  source = new EventSource("/api/v1/streams/changes");
  source.addEventListener("changes", (event) => tell(JSON.parse((event as MessageEvent).data)));
  source.onopen = () => {
    // What happened while nobody listened: the stream tells when it can, else all is looked at anew.
    if (Date.now() - answered > 5000) tell({ all: true, cluster: true, runs: [] });
    connected.value = true;
  };
  source.onerror = () => {
    if (connected.value) answered = Date.now();
    connected.value = false;
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(() => { void findSession().then(() => { if (session.value) session.value = { ...session.value }; }); }, 1000);
    }
  };
});

export interface Data<T> { value: T | undefined; error: string | undefined; refresh: () => void }

/**
 * What a request gives, again when something has changed that it depends on: at once, but no sooner than `restMs` after the time
 * before and four times what a request takes, so that a busy cluster costs a page, and a page the cluster, little.
 */
export function useData<T>(request: string | null, on: (what: Changes) => boolean = () => true, everyMs = 0, restMs = 400): Data<T> {
  const [state, setState] = useState<{ of: string | null; value?: T; error?: string }>({ of: null });
  const again = useRef<() => void>(() => {});
  const depends = useRef(on);
  depends.current = on;
  useEffect(() => {
    if (request === null) return;
    let over = false, busy = false, due = false, notBefore = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wish = () => {
      due = true;
      if (busy || timer !== undefined || over || document.hidden) return;
      timer = setTimeout(load, Math.max(0, notBefore - performance.now()));
    };
    const load = async () => {
      timer = undefined;
      busy = true; due = false;
      const began = performance.now();
      try {
        const value = await api<T>(request);
        if (!over) setState({ of: request, value });
      } catch (problem) {
        if (!over) setState((old) => ({ of: request, ...(old.of === request && old.value !== undefined ? { value: old.value } : {}), error: (problem as Error).message }));
      }
      busy = false;
      notBefore = began + Math.max(restMs, Math.min(5000, 4 * (performance.now() - began)));
      if (due) wish();
    };
    const see = (what: Changes) => { if (what.all || depends.current(what)) wish(); };
    const seen = () => { if (due) wish(); };
    again.current = wish;
    watchers.add(see);
    document.addEventListener("visibilitychange", seen);
    const ticking = everyMs > 0 ? setInterval(wish, everyMs) : undefined;
    wish();
    return () => {
      over = true;
      watchers.delete(see);
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
      clearInterval(ticking);
    };
  }, [request, everyMs, restMs]);
  const current = state.of === request;
  return { value: current ? state.value : undefined, error: current ? state.error : undefined, refresh: () => again.current() };
}

// ---- messages, as messages/*.hpp has them ----

export type StepState = "waiting" | "ready" | "backing_off" | "running" | "publishing" | "succeeded" | "failed" | "poisoned" | "skipped" | "cancelled";
export const stepStates: StepState[] = ["waiting", "ready", "backing_off", "running", "publishing", "succeeded", "failed", "poisoned", "skipped", "cancelled"];
export type RunState = "running" | "succeeded" | "failed" | "cancelled";
export interface RunSummary { run: string; pipeline: string; state: RunState; submitted_ms: number; ended_ms: number; instances: number; ended_instances: number; restarts: number }
export interface Step {
  name: string; use: string; needs: string[]; state: StepState; instances: number; by_state: number[]; attempts: number; failures: number; crashes: number;
  node: string; started_ms: number; ended_ms: number; done: number; total: number; progress: string; result: string; error: string; allow_failure: boolean;
  output: string; busy_ms: number; note: string;
}
export interface Run { summary: RunSummary; params: Record<string, string>; by: string; reason: string; steps: Step[]; paused: string; retry_of: string; schedule: string; planned: string }
export interface Fact { number: number; at_ms: number; kind: string; run: string; pipeline: string; step: string; attempt: number; value: number; text: string }
export interface Capacity { slots: number; cpu_milli: number; memory_bytes: number; gpu: number; counters: Record<string, number> }
export interface Node {
  name: string; kind: string; state: string; host: string; pid: number; version: string; capacity: Capacity; free: Capacity; running: number; crashes: number;
  heard_ms_ago: number; labels: string[]; offers: string[]; drained: boolean;
}
export interface Schedule {
  name: string; pipeline: string; file: string; rule: string; next_ms: number; next: string; last_ms: number; last: string; misfire: string; overlap: string; paused: string;
}
export interface Pipeline { name: string; description: string; file: string; schedules: string[]; next_ms: number; active: number; paused: string; recent: RunSummary[] }
export interface Parameter { name: string; type: string; required: boolean; default_value: string; choices: string[]; description: string }
export interface PipelineText { name: string; description: string; file: string; text: string; params: Parameter[] }
export interface Attempt { run: string; pipeline: string; step: string; attempt: number; node: string; state: StepState; started_ms: number; done: number; total: number; progress: string }
export interface Alert { rule: string; labels: Record<string, string>; state: "pending" | "firing" | "resolved"; severity: string; summary: string; value: string; since_ms: number; silenced: string }
export interface Silence { rule: string; labels: Record<string, string>; until_ms: number; by: string; reason: string }
export interface AuditEntry { number: number; at_ms: number; by: string; from: string; what: string; code: number; answer: string }
export interface TreeRow { node: string; path: string; kind: string; state: string; restarts: number; reason: string; [other: string]: unknown }
export interface Result { run: string; pipeline: string; at_ms: number; result: string }
export interface HistoryPoint { at_ms: number; span_ms: number; succeeded: number; failed: number; running: number; ready: number }
export interface LogLine { number: number; line: { at_ms: number; level: string; event: string; room: string; node: string; values: Record<string, unknown> } }
