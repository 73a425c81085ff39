// Numbers that steps have told: scores of models, drift, and the numbers of each training step.
import type { Result } from "./api";

export interface Training { model: string; run: string; pipeline: string; at: number; score: string; train: number | null; test: number | null; baseline: number | null; rows: number | null; seconds: number | null; promoted?: boolean; why?: string }
export interface Drift { model: string; run: string; at: number; psi: number | null; verdict: string; over: string[]; rows: number | null }
export interface Report { run: string; pipeline: string; at: number; numbers: [string, number][] }

/** Short, whatever its size. */
export const brief = (value: number | null | undefined) => (value === null || value === undefined || !Number.isFinite(value) ? "–"
  : value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4))));

const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const text = (value: unknown) => (typeof value === "string" ? value : "");
type Told = Record<string, unknown>;

export function readResult(result: string): Told {
  try { const got: unknown = JSON.parse(result); return got !== null && typeof got === "object" && !Array.isArray(got) ? got as Told : {}; } catch { return {}; }
}

/** Oldest first. A model of a run is one training, whose verdict the evaluation tells. */
export function trainingsOf(results: Result[]): Training[] {
  const all = new Map<string, Training>(), verdicts: [string, Told][] = [];
  for (const one of [...results].reverse()) {
    const told = readResult(one.result);
    if (Array.isArray(told.models)) for (const each of told.models) if (each && typeof each === "object") verdicts.push([one.run, each as Told]);
    if (text(told.model) === "" || text(told.score) === "" || !("test" in told)) continue;
    all.set(`${one.run} ${text(told.model)}`, { model: text(told.model), run: one.run, pipeline: one.pipeline, at: one.at_ms, score: text(told.score), train: number(told.train), test: number(told.test), baseline: number(told.baseline), rows: number(told.rows), seconds: number(told.seconds) });
  }
  for (const [run, verdict] of verdicts) {
    const known = all.get(`${run} ${text(verdict.name)}`);
    if (known && typeof verdict.promoted === "boolean") { known.promoted = verdict.promoted; known.why = text(verdict.why); }
  }
  return [...all.values()];
}

export function driftsOf(results: Result[]): Drift[] {
  return [...results].reverse().map((one) => ({ one, told: readResult(one.result) })).filter(({ told }) => text(told.model) !== "" && "psi_max" in told)
    .map(({ one, told }) => ({ model: text(told.model), run: one.run, at: one.at_ms, psi: number(told.psi_max), verdict: text(told.drift), over: Array.isArray(told.over) ? told.over.map(String) : [], rows: number(told.rows) }));
}

export function reportsOf(results: Result[]): Report[] {
  return results.map((one) => ({ one, told: readResult(one.result) })).filter(({ told }) => text(told.report) !== "")
    .map(({ one, told }) => ({ run: one.run, pipeline: one.pipeline, at: one.at_ms, numbers: Object.entries(told).filter((each): each is [string, number] => number(each[1]) !== null) }));
}

/** Lines of JSON with numbers → series by what they measure: train_loss and validation_loss go together. */
export function chartsOf(lines: string): { name: string; x: number[]; series: { name: string; values: (number | null)[] }[] }[] {
  const rows = lines.split("\n").filter((line) => line.startsWith("{")).map(readResult);
  const thin = Math.max(1, Math.ceil(rows.length / 2000));
  const kept = rows.filter((_, i) => i % thin === 0 || i === rows.length - 1).map((row, i) => ({ ...row, step: number(row.step) ?? i + 1 })).sort((a, b) => a.step - b.step) as (Told & { step: number })[];
  const x = kept.map((row) => row.step);
  const keys = [...new Set(kept.flatMap((row) => Object.keys(row).filter((key) => key !== "step" && number(row[key]) !== null)))];
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const parted = /^(train|training|validation|valid|val|test)[_-](.+)$/.exec(key);
    const name = parted ? parted[2]! : key;
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  return [...groups].map(([name, own]) => ({ name, x, series: own.map((key) => ({ name: key, values: kept.map((row) => number(row[key])) })) }));
}
