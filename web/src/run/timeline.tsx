// When each attempt ran, and how it ended: a bar an attempt.
import { useMemo } from "preact/hooks";
import { path, type Fact } from "../api";
import { span } from "../format";
import { t } from "../i18n";
import { Nothing, useSeconds } from "../parts";
import { Link } from "../router";

interface Stretch { step: string; attempt: number; from: number; to: number; how: string; node: string; text: string }
const ends: Record<string, string> = { step_finished: "succeeded", step_published: "succeeded", step_failed: "failed", step_crashed: "poisoned", step_ran_out_of_memory: "poisoned",
  step_cancelled: "cancelled", step_returned: "skipped", step_marked: "cancelled" };
const rows_max = 300;

export function attemptsOf(facts: Fact[]): Stretch[] {
  const open = new Map<string, Stretch>();
  const all: Stretch[] = [];
  for (const one of facts) {
    if (one.kind === "step_started") {
      const made = { step: one.step, attempt: one.attempt, from: one.at_ms, to: 0, how: "running", node: one.text, text: "" };
      open.set(one.step, made);
      all.push(made);
    } else if (ends[one.kind]) {
      const known = open.get(one.step);
      if (!known || (one.kind === "step_finished" && one.value !== 0)) continue;
      known.to = one.at_ms;
      known.how = ends[one.kind]!;
      if (known.how !== "succeeded") known.text = one.text;
      open.delete(one.step);
    }
  }
  return all;
}

export function Timeline({ run, facts, going }: { run: string; facts: Fact[]; going: boolean }) {
  useSeconds(going);
  const all = useMemo(() => attemptsOf(facts), [facts]);
  if (all.length === 0) return <Nothing />;
  const begin = facts[0]!.at_ms;
  const end = Math.max(begin + 1, going ? Date.now() : 0, ...all.map((one) => one.to));
  const steps = [...new Set(all.map((one) => one.step))];
  const left = (ms: number) => `${(100 * (ms - begin)) / (end - begin)}%`;
  return <div class="timeline">
    <div class="scale" aria-hidden="true">{[0, 0.25, 0.5, 0.75, 1].map((part) => <small key={part} style={{ left: `${100 * part}%` }}>{span((end - begin) * part)}</small>)}</div>
    {steps.slice(0, rows_max).map((step) => <div key={step} class="lane"><Link to={path("runs", run, "steps", step)}>{step}</Link>
      <div class="track">{all.filter((one) => one.step === step).map((one) => <i key={one.attempt} class={one.how} tabIndex={-1}
        title={`${t("Attempt")} ${one.attempt} · ${t(one.how)} · ${one.node} · ${span((one.to || end) - one.from)}${one.text ? " · " + one.text.slice(0, 200) : ""}`}
        style={{ left: left(one.from), width: `max(3px, ${(100 * ((one.to || end) - one.from)) / (end - begin)}%)` }} />)}</div></div>)}
    {steps.length > rows_max && <p class="nothing">… {steps.length - rows_max}</p>}
  </div>;
}
